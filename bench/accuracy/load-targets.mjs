/** The targets of the tests, for a program that Node 20 runs: they are TypeScript. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const home = new URL('../../test/targets/', import.meta.url)

export const loadTargets = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-targets-'))
  const outfile = join(folder, 'targets.mjs')
  await build({
    stdin: {
      contents: ['answers', 'delays', 'faults', 'truth/frozen'].map((name) => `export * from './${name}.ts'`).join('\n'),
      resolveDir: fileURLToPath(home),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    // They read files that lie beside them.
    define: { 'import.meta.url': JSON.stringify(new URL('delays.ts', home).href) },
    logLevel: 'error',
  })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
