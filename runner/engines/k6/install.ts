/** `perf k6 install`: builds k6 from source into the user's cache, with xk6 where it is installed, else with Go alone. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { EngineError } from '../../errors/engine-error.ts'
import { binaryName, buildName, cacheFolder, moduleOf } from './find.ts'
import { type K6Version, versionOf } from './version.ts'

const run = promisify(execFile)
type Environment = Readonly<Record<string, string | undefined>>

/** The version that this engine's tests run against. */
const builtVersion = 'v1.8.1'

export type Installation = { readonly path: string } & K6Version

/** An extension as xk6 writes it: `module`, `module@version`, or `module=folder` for one that lies here. */
const parsed = (extension: string) => {
  const [, module = '', mark, rest = ''] = /^([^@=]+)([@=])?(.*)$/.exec(extension) ?? []
  return { module, version: mark === '@' ? rest : 'latest', folder: mark === '=' ? (isAbsolute(rest) ? rest : resolve(rest)) : undefined }
}

const goMod = (extensions: readonly string[]): string => {
  const local = extensions.map(parsed).filter(({ folder }) => folder !== undefined)
  return `module example.com/loadk6

go 1.25.0

require go.k6.io/k6 ${builtVersion}
${local.map(({ module, folder }) => `require ${module} v0.0.0\nreplace ${module} => ${folder}\n`).join('')}`
}

const mainGo = (extensions: readonly string[]): string => `package main

import (
	"go.k6.io/k6/cmd"
${extensions.map((extension) => `	_ "${moduleOf(extension)}"\n`).join('')})

func main() { cmd.Execute() }
`

const has = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> =>
  run(program, [...args], { env }).then(
    () => true,
    () => false,
  )

const failureOf = (cause: unknown): string => {
  const text = String((cause as { stderr?: string }).stderr || (cause as Error).message)
  return text.trim().split('\n').slice(-3).join(' · ').slice(0, 600)
}

const buildWithGo = async (folder: string, extensions: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
  await writeFile(join(folder, 'go.mod'), goMod(extensions))
  await writeFile(join(folder, 'main.go'), mainGo(extensions))
  // A caller's GOFLAGS and workspace belong to the caller's own module.
  const go = { cwd: folder, env: { ...env, GOFLAGS: '-mod=mod', GOWORK: 'off', CGO_ENABLED: '0' }, maxBuffer: 1 << 26 }
  const remote = extensions.map(parsed).filter(({ folder: local }) => local === undefined)
  for (const { module, version } of remote) await run('go', ['get', `${module}@${version}`], go)
  // An extension must not lift k6 to a version that was never tried here.
  if (remote.length > 0) await run('go', ['get', `go.k6.io/k6@${builtVersion}`], go)
  const output = join(folder, binaryName)
  await run('go', ['build', '-ldflags=-s -w', '-o', output, '.'], go)
  return output
}

const buildWithXk6 = async (folder: string, extensions: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
  const output = join(folder, binaryName)
  const withExtensions = extensions.flatMap((extension) => {
    const { module, folder: local } = parsed(extension)
    return ['--with', local === undefined ? extension : `${module}=${local}`]
  })
  await run('xk6', ['build', builtVersion, ...withExtensions, '--output', output], { cwd: folder, env, maxBuffer: 1 << 26 })
  return output
}

const staleAfter = 30 * 60_000 // milliseconds; a cold build on a small machine takes some five minutes

/** One build of a kind at a time: the second one waits, and then finds the first one's. */
const withLock = async <T>(folder: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(folder), { recursive: true })
  let said = false
  for (;;) {
    try {
      await mkdir(folder)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const age =
        Date.now() -
        (await stat(folder).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ))
      if (age > staleAfter)
        await rm(folder, { recursive: true, force: true }) // its owner was killed
      else {
        if (!said) log('Another perf k6 install is building; waiting for it.')
        said = true
        await wait(500)
      }
    }
  }
  try {
    return await work()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param extensions as xk6 takes them: `github.com/grafana/xk6-sql@v1.0.4`, or `module=./folder`
 * @throws {EngineError} when there is neither Go nor xk6, or the build fails
 */
export const installK6 = async ({
  env,
  extensions = [],
  log,
}: {
  readonly env: Environment
  readonly extensions?: readonly string[]
  readonly log: (line: string) => void
}): Promise<Installation> => {
  const folder = join(cacheFolder(env), 'k6', buildName(builtVersion, extensions))
  const path = join(folder, binaryName)
  const there = async (): Promise<Installation | undefined> => {
    const version = await versionOf(path).catch(() => undefined)
    return version && { path, ...version }
  }
  // A folder of ours may have changed since it was built; Go itself finds out cheaply what has to be done again.
  const isLasting = extensions.every((extension) => parsed(extension).folder === undefined)
  const known = isLasting ? await there() : undefined
  if (known !== undefined) return known

  const childEnv: NodeJS.ProcessEnv = { ...env }
  const withXk6 = await has('xk6', ['version'], childEnv)
  if (!withXk6 && !(await has('go', ['version'], childEnv)))
    throw new EngineError(
      "k6 can't be built: there is neither Go nor xk6 here. perf k6 install builds it from source. Install Go 1.25 or newer from its download page, or k6 itself with your package manager (brew install k6, apt install k6, winget install k6).",
    )
  return withLock(`${folder}.lock`, log, async () => {
    const meanwhile = isLasting ? await there() : undefined
    if (meanwhile !== undefined) return meanwhile
    log(
      `Building k6 ${builtVersion}${extensions.length > 0 ? ` with ${extensions.join(', ')}` : ''} with ${withXk6 ? 'xk6' : 'Go'}: some minutes the first time, seconds afterwards.`,
    )
    const workshop = await mkdtemp(join(tmpdir(), 'perf-k6-build-'))
    try {
      const built = await (withXk6 ? buildWithXk6 : buildWithGo)(workshop, extensions, childEnv)
      await mkdir(folder, { recursive: true })
      // Renamed into place whole: a run that starts now finds the old one or the new one, never a half.
      const beside = `${path}.${process.pid}.new`
      await copyFile(built, beside)
      await rename(beside, path)
    } catch (cause) {
      throw new EngineError(
        `k6 could not be built: ${failureOf(cause)}. The build needs Go 1.25 or newer and, the first time, Go's module proxy. Put that right, or install k6 with your package manager.`,
        { cause },
      )
    } finally {
      await rm(workshop, { recursive: true, force: true })
    }
    log(`k6 ${builtVersion} is ready.`)
    return { path, ...(await versionOf(path)) }
  })
}
