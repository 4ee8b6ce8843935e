/** Which k6 a binary is, and whether it is one that this engine knows. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { EngineError } from '../../errors/engine-error.ts'

/** `version` without the v, such as `1.8.1`; `extensions` by the module name they give scripts, such as `k6/x/sql`, and by Go module. */
export type K6Version = { readonly version: string; readonly extensions: readonly string[] }

type Told = { version?: string; extensions?: { module?: string; imports?: string[]; name?: string }[] }

const parse = (text: string): K6Version | undefined => {
  try {
    const { version, extensions = [] } = JSON.parse(text) as Told
    if (version !== undefined)
      return {
        version: version.replace(/^v/, ''),
        extensions: extensions.flatMap(({ module, imports, name }) => [module, name, ...(imports ?? [])]).filter((one) => one !== undefined),
      }
  } catch {} // before 1.0 the answer was text whatever was asked
  const version = /k6(?:\.exe)? v(\d+\.\d+\.\d+\S*)/.exec(text)?.[1]
  return version === undefined
    ? undefined
    : { version, extensions: [...text.matchAll(/^\s+(\S+) .*?,\s*(k6\/x\/\S+)/gm)].flatMap(([, module = '', name = '']) => [module, name]) }
}

const answerTo = async (binary: string, args: readonly string[]): Promise<string> => {
  const { PATH = '', HOME = '' } = process.env
  // K6_* of the caller's environment could change what even `version` does.
  return (
    await promisify(execFile)(binary, [...args], { timeout: 20_000, env: { PATH, HOME, K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' } })
  ).stdout
}

/** @throws {EngineError} when the file can't be run or is no k6 */
export const versionOf = async (binary: string): Promise<K6Version> => {
  let cause: unknown
  for (const args of [['version', '--json'], ['version']]) {
    try {
      const version = parse(await answerTo(binary, args))
      if (version !== undefined) return version
    } catch (error) {
      cause = error
    }
  }
  throw new EngineError(
    `${binary} does not answer "version" as k6 does. The k6 engine runs k6 1.8 or newer, below 3. Correct the path, or leave it out and run perf k6 install.`,
    { cause },
  )
}

/** 1.8 is the first version whose metrics channel, log and options are known here; 3 may change any of them. */
export const isSupported = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return (major === 1 && minor >= 8) || major === 2
}
