/** A helper of the tests, for a program that Node 20 runs: they are TypeScript. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** @param name below test/, such as 'support/postgres' */
export const loadTests = async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-tests-'))
  const outfile = join(folder, 'module.mjs')
  const entry = fileURLToPath(new URL(`../../test/${name}.ts`, import.meta.url))
  // Packages that were written for require look for it; a module has none.
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" }
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile, banner, logLevel: 'error' })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
