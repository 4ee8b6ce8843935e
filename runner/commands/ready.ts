/** `perf ready --expect TEXT`: is the target ready for a launch? From runs that exist, or from those it makes: a smoke, a breakpoint and a spike test. */
import { readExpectation } from '../../budgets/advice/launch/expectation.ts'
import { type Judged, readiness, requestsPerJourney } from '../../budgets/advice/launch/launch.ts'
import { judge } from '../../budgets/judge.ts'
import { launchLines } from '../../reports/launch.ts'
import { proseOn } from '../../reports/wrap.ts'
import { parseRate } from '../../scenarios/units.ts'
import { startDemoShop } from '../demo-shop/start.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import type { RunFlags } from '../settings.ts'
import { budgetsOf } from './kept-budgets.ts'
import { run } from './run.ts'
import { requireOneTarget, storeOf } from './saved-runs.ts'

export type ReadyFlags = Omit<RunFlags, 'from'> & { readonly expect?: string; readonly from?: readonly string[] }

const exitCodes = { READY: 0, 'NOT READY': 1, "CAN'T TELL": 3 } as const

/** Runs stop before anything of theirs is printed: the answer is the one document. */
const quietly = (io: Io): Io => ({ ...io, stdout: { write: () => {} } })

/** Makes the runs that an answer needs, each kept as any other; ends with the first that can't be made. */
const makeRuns = async (flags: ReadyFlags, peak: number, io: Io): Promise<readonly string[] | ExitCode> => {
  const store = storeOf(flags, io)
  const { expect: _, from: __, ...rest } = flags
  const demo = flags.target === undefined ? await startDemoShop({}) : undefined
  const common: RunFlags = { ...rest, json: true, ...(demo && { target: demo.url }) }
  const ordinary = flags.rate ?? `${Math.max(1, Math.round(peak / 10))}/s`
  const ids: string[] = []
  try {
    for (const [test, own] of [
      ['smoke', {}],
      ['breakpoint', { rate: ordinary, peak: `${Math.ceil(1.3 * peak)}/s` }],
      ['spike', { rate: ordinary, peak: `${Math.ceil(peak)}/s` }],
    ] as const) {
      io.stderr.write(`${test} …\n`)
      const code = await run(test, { ...common, ...own }, quietly(io))
      if (code !== 0 && code !== 1 && code !== 3) return code
      ids.push((await store.load('latest')).id)
      if (test === 'smoke' && code === 1) break // what fails with one user has no limit to look for
    }
  } finally {
    await demo?.stop()
  }
  return ids
}

/** @throws {UsageError} when what is expected can't be understood */
export const ready = async (flags: ReadyFlags, io: Io): Promise<ExitCode> => {
  if (flags.expect === undefined)
    throw new UsageError('Nothing is expected. A launch is users or requests in a time, a rate or a factor. Write --expect "50k users in 10 min".')
  const words = flags.expect
  const store = storeOf(flags, io)
  const expectationFor = (requests: number) => {
    const found = readExpectation(words, { requestsPerJourney: requests, ordinary: flags.rate === undefined ? undefined : parseRate(flags.rate) })
    if (found.declined) throw new UsageError(found.because)
    return found
  }
  const names = flags.from ?? (await makeRuns(flags, expectationFor(1).peak, io))
  if (typeof names === 'number') return names
  const judged: Judged[] = await Promise.all(
    names.map(async (name) => {
      const saved = await store.load(name)
      return { run: saved, verdict: judge(saved, await budgetsOf(await store.find(name), flags.budget, io.cwd)) }
    }),
  )
  requireOneTarget(
    judged.map(({ run }) => run),
    'The answer is about one.',
  )
  const answer = readiness(expectationFor(requestsPerJourney(judged)), judged)
  io.stdout.write(
    `${flags.json === true ? JSON.stringify({ runs: judged.map(({ run: { id } }) => id), ...answer }, null, 2) : proseOn(launchLines(answer), io.columns)}\n`,
  )
  return exitCodes[answer.word]
}
