/** Which k6 to run: the one that was named, the one on the PATH, or the one that `perf k6 install` made. */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { EngineError } from '../../errors/engine-error.ts'
import { isSupported, type K6Version, versionOf } from './version.ts'

type Environment = Readonly<Record<string, string | undefined>>

export type FoundK6 = { readonly kind: 'found'; readonly path: string /** For people, as it stands after the version. */; readonly where: string } & K6Version
export type MissingK6 = { readonly kind: 'missing' /** In a few words. */; readonly because: string; readonly error: EngineError }

export const binaryName = process.platform === 'win32' ? 'k6.exe' : 'k6'

/** The folder of this user's caches that belongs to this package. */
export const cacheFolder = (env: Environment): string => {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'scale-surgeon')
  const home = env.HOME || homedir()
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'scale-surgeon')
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'scale-surgeon')
  return join(home, '.cache', 'scale-surgeon')
}

/** Go module of an extension, without its version. @example moduleOf('github.com/grafana/xk6-sql@v1.0.4') // 'github.com/grafana/xk6-sql' */
export const moduleOf = (extension: string): string => extension.replace(/[@=].*$/, '')

/** Name of a build's folder: another set of extensions is another k6. @example buildName('v1.8.1', []) // 'v1.8.1' */
export const buildName = (version: string, extensions: readonly string[]): string =>
  extensions.length === 0
    ? version
    : `${version}-${createHash('sha256')
        .update([...extensions].sort().join('\n'))
        .digest('hex')
        .slice(0, 12)}`

/** Suffix of {@link buildName}, which is the same whatever version was built. */
const suffixFor = (extensions: readonly string[]): string => buildName('', extensions)

const isExecutable = async (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

const onPath = async (env: Environment): Promise<string | undefined> => {
  for (const folder of (env.PATH ?? '').split(delimiter)) if (folder !== '' && (await isExecutable(join(folder, binaryName)))) return join(folder, binaryName)
  return undefined
}

/** Builds in the cache with these extensions, the newest version first. */
const inCache = async (env: Environment, extensions: readonly string[]): Promise<string[]> => {
  const folder = join(cacheFolder(env), 'k6')
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => /^v\d/.test(name) && name.replace(/^v\d+\.\d+\.\d+/, '') === suffixFor(extensions))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(folder, name, binaryName))
}

const getOne = 'Run perf k6 install (it needs Go), or install k6 with your package manager (brew install k6, apt install k6, winget install k6)'

const missing = (because: string, sentence: string): MissingK6 => ({ kind: 'missing', because, error: new EngineError(sentence) })

const lacking = ({ extensions: built }: K6Version, wanted: readonly string[]): string[] => wanted.filter((extension) => !built.includes(moduleOf(extension)))

type Candidate = { readonly path: string; readonly where: string /** Named by the user: no other will do. */; readonly isNamed: boolean }

const candidates = async (env: Environment, configuredPath: string | undefined, extensions: readonly string[]): Promise<Candidate[]> => {
  if (env.PERF_K6) return [{ path: env.PERF_K6, where: 'named by PERF_K6', isNamed: true }]
  if (configuredPath !== undefined) return [{ path: configuredPath, where: 'named in the configuration', isNamed: true }]
  const found = await onPath(env)
  const cached = await inCache(env, extensions)
  return [
    ...(found === undefined ? [] : [{ path: found, where: 'on the PATH', isNamed: false }]),
    ...cached.map((path) => ({ path, where: 'made by perf k6 install', isNamed: false })),
  ]
}

/** Never throws: what is wrong comes back as an error to throw, or to be shown while another engine does the work. */
export const findK6 = async ({
  env,
  configuredPath,
  extensions = [],
}: {
  readonly env: Environment
  readonly configuredPath?: string
  readonly extensions?: readonly string[]
}): Promise<FoundK6 | MissingK6> => {
  let problem: MissingK6 | undefined
  for (const { path, where, isNamed } of await candidates(env, configuredPath, extensions)) {
    if (isNamed && !(await isExecutable(path)))
      return missing(
        `${path} can't be run`,
        `k6 at ${path}, ${where}, can't be run. It must be an executable file. Correct the path, or remove it to look elsewhere.`,
      )
    const version = await versionOf(path).catch((error: unknown) => error as EngineError)
    if (version instanceof Error) problem ??= { kind: 'missing', because: `${path} is no k6`, error: version }
    else if (!isSupported(version.version))
      problem ??= missing(
        `version ${version.version} is not supported`,
        `k6 ${version.version}, ${where}, is not supported. This engine knows k6 1.8 and newer, below 3. Upgrade it: ${getOne}.`,
      )
    else if (lacking(version, extensions).length > 0)
      problem ??= missing(
        `it lacks ${lacking(version, extensions).join(', ')}`,
        `k6 ${version.version}, ${where}, was built without ${lacking(version, extensions).join(', ')}. The configuration asks for it. Run perf k6 install, which builds k6 with its extensions.`,
      )
    else return { kind: 'found', path, where, ...version }
  }
  if (problem !== undefined) return problem
  return missing(
    'none was found',
    `There is no k6${extensions.length > 0 ? ` with ${extensions.join(', ')}` : ''}. The k6 engine runs k6 1.8 or newer, below 3. ${getOne}, or use --engine embedded.`,
  )
}
