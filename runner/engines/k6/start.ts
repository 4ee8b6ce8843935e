/** Starts k6 and brings it to where it waits, virtual users ready, for the word to begin. */
import { setTimeout as wait } from 'node:timers/promises'
import { EngineError } from '../../errors/engine-error.ts'
import type { Plan } from '../../plan.ts'
import { freePort, resume, stateOf, states } from './control.ts'
import { failureBeforeLoad } from './failure.ts'
import type { K6Log } from './log.ts'
import { type K6Process, startK6 } from './process.ts'

export type Started = { readonly k6: K6Process; readonly port: number; readonly log: K6Log }

const argumentsFor = (port: number): string[] => [
  ...['run', '--quiet', '--no-color', '--log-format', 'json', '--log-output', 'stderr', '--config', 'options.json'],
  ...['--address', `127.0.0.1:${port}`, '--paused', '--include-system-env-vars=true', '--no-thresholds', '--summary-mode=disabled'],
  ...['--out', 'cloud', 'bundle.js'],
]

const portTaken = 106
const mostTries = 5

/** Milliseconds for k6 to make its virtual users: each loads the whole bundle. */
const readyWithin = (users: number): number => 30_000 + 60 * users

/** Waits until k6 is ready. @returns false when it ended instead */
const becomesReady = async (k6: K6Process, port: number, limit: number, signal: AbortSignal): Promise<boolean> => {
  const until = Date.now() + limit
  while (Date.now() < until && !signal.aborted) {
    if (k6.hasEnded()) return false
    if ((await stateOf(port)) === states.ready) return true
    await wait(25)
  }
  k6.killGroup()
  await k6.exit
  if (signal.aborted) return false
  throw new EngineError(
    `k6 was not ready after ${limit / 1000} s. It should have made its virtual users by then. Ask for fewer with --users, or for a simpler scenario.`,
  )
}

type Conditions = {
  readonly cwd: string
  readonly env: Record<string, string>
  readonly newLog: () => K6Log
  readonly signal: AbortSignal
  /** Asked once k6 is ready: is it the one to go on with? */
  readonly isWanted?: () => Promise<boolean>
}

/**
 * @returns undefined when `signal` came first, or this k6 is not the one that is wanted
 * @throws {ScenarioError | EngineError} when k6 ends before it is ready
 */
export const start = async (binary: string, plan: Plan, { cwd, env, newLog, signal, isWanted }: Conditions): Promise<Started | undefined> => {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const log = newLog()
    const from = Date.now()
    const k6 = startK6(binary, argumentsFor(port), { cwd, env, onText: log.write })
    const isReady = await becomesReady(k6, port, readyWithin(plan.users), signal).catch((cause: unknown) => {
      if (cause instanceof EngineError) throw cause
      throw new EngineError(
        `k6 at ${binary} could not be started (${(cause as Error).message}). It must be a program that can be run here. Run perf k6 which.`,
        { cause },
      )
    })
    const isUnwanted = isReady && isWanted !== undefined && !(await isWanted())
    if (signal.aborted || isUnwanted) {
      k6.killGroup()
      await k6.exit
      return undefined
    }
    if (isReady && (await resume(port))) return { k6, port, log }
    if (isReady) k6.killGroup()
    const exit = await k6.exit.catch((cause: unknown) => {
      throw new EngineError(
        `k6 at ${binary} could not be started (${(cause as Error).message}). It must be a program that can be run here. Run perf k6 which.`,
        { cause },
      )
    })
    log.end()
    if (exit.code === portTaken && attempt < mostTries) continue // somebody took the port in between
    throw failureBeforeLoad(plan, log.errors, exit, (Date.now() - from) / 1000)
  }
}
