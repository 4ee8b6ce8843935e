/** Runs the built command line as a user's shell would. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/** The built program. */
export const cli = fileURLToPath(new URL('../../dist/runner/cli.js', import.meta.url))

/** What the machine that runs the tests is must not show: its settings for us, its CI, its terminal. */
const isOurs = (name: string): boolean => !/^(PERF_|K6_|SHOP_|GITHUB_|GITLAB_|VITEST|NODE_ENV$|NODE_OPTIONS$|CI$|FORCE_COLOR$)/.test(name)

export type PerfOptions = {
  readonly cwd?: string
  /** Added to the environment of the tests, of which nothing that changes our output is left. */
  readonly env?: Readonly<Record<string, string>>
  /** Standard input. */
  readonly input?: string
  /** A program and its arguments to start it with, such as `taskset -c 1`. */
  readonly under?: readonly string[]
  /** Milliseconds; the program is killed then. @default 120000 */
  readonly timeout?: number
}

/**
 * The returned promise is the running process too: `perf([...]).kill('SIGINT')`.
 * A code other than 0 is an answer, not an error; `exitCode` is undefined when a signal ended it.
 * @example const { exitCode, stdout, stderr } = await perf(['run', 'smoke', '--json'], { cwd })
 */
export const perf = (args: readonly string[], { cwd, env = {}, input = '', under = [], timeout = 120_000 }: PerfOptions = {}) => {
  if (!existsSync(cli)) throw new Error(`The command line is not built: ${cli} is not there. Run npm run build first.`)
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => isOurs(name)))
  const [program = '', ...before] = [...under, process.execPath]
  return execa(program, [...before, cli, ...args], {
    reject: false,
    extendEnv: false,
    env: { ...clean, NO_COLOR: '1', ...env },
    input,
    timeout,
    ...(cwd !== undefined && { cwd }),
  })
}
