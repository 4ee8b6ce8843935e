/** `perf ready --expect TEXT`: is the target ready for a launch? From runs that exist, or from those it makes: a smoke, a breakpoint and a spike test. */
import { readFile } from 'node:fs/promises'
import type { Expectation, Known } from '../../budgets/advice/launch/expectation.ts'
import { type Judged, readiness } from '../../budgets/advice/launch/launch.ts'
import type { InstancePrice } from '../../budgets/advice/launch/remedies.ts'
import { pricesSchema } from '../../budgets/advice/prices/prices.ts'
import { hourlyPrice, monthlyCost } from '../../budgets/advice/sizing/cost.ts'
import { cheapestHolding, type Size } from '../../budgets/advice/sizing/fargate-size.ts'
import { requestsPerJourney } from '../../budgets/capacity/requests-per-journey.ts'
import { judge } from '../../budgets/judge.ts'
import { launchLines } from '../../reports/launch.ts'
import { proseOn } from '../../reports/wrap.ts'
import { parseRate } from '../../scenarios/units.ts'
import { moduleFile } from '../bundle.ts'
import { readConfig } from '../config.ts'
import { PoolProbe } from '../demo-shop/pool-probe.ts'
import { startDemoShop } from '../demo-shop/start.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import type { Probe } from '../probes/probe.ts'
import type { RunFlags } from '../run-flags.ts'
import { settle } from '../settings.ts'
import { type ExpectationFlags, expectationFrom, wordsOf } from './expected.ts'
import { budgetsOf } from './kept-budgets.ts'
import { runQuietly } from './quiet-run.ts'
import { loadRuns, requireOneTarget, storeOf } from './saved-runs.ts'
import { shippedSizes } from './shipped-sizes.ts'
import { readSizeText } from './what-to-prove.ts'

export type ReadyFlags = Omit<RunFlags, 'from'> &
  ExpectationFlags & {
    readonly size?: string
    readonly from?: readonly string[]
  }

const exitCodes = { READY: 0, 'NOT READY': 1, "CAN'T TELL": 3 } as const

type Watched = { readonly flags: RunFlags; readonly probes: readonly Probe[]; stop(): Promise<void> }

/** The target of flags, environment or configuration; without one the demo shop, visited as a shop, with its pool watched. */
const targetOf = async (flags: RunFlags, io: Io): Promise<Watched> => {
  const { config } = await readConfig(io.cwd, flags.config)
  const { target, source } = settle(undefined, flags, io.env, config, io.cwd)
  if (target !== undefined) return { flags, probes: [], stop: async () => {} }
  const shop = await startDemoShop({})
  const isOwn = source.kind === 'script' || source.file !== undefined
  return {
    flags: { ...flags, target: shop.url, ...(!isOwn && { scenario: moduleFile('scenarios/journeys/shop') }) },
    probes: [new PoolProbe(shop.url)],
    stop: () => shop.stop(),
  }
}

/** The smoke test has a load of its own, and the spike rises as it is expected to. @param given the ordinary rate, as typed */
const loadOf = (test: 'smoke' | 'breakpoint' | 'spike', { peak, rise }: Expectation, given: string | undefined): Pick<RunFlags, 'rate' | 'peak' | 'rise'> => {
  if (test === 'smoke') return {}
  const rate = given ?? `${Math.max(1, Math.round(peak / 10))}/s`
  if (test === 'breakpoint') return { rate, peak: `${Math.ceil(1.3 * peak)}/s` }
  return { rate, peak: `${Math.ceil(peak)}/s`, rise: `${rise}s` }
}

/** Makes the runs that an answer needs, each kept as any other; ends with the first that can't be made. */
const makeRuns = async (
  { expect: _, accessLog: __, size: ___, from: ____, ...given }: ReadyFlags,
  expectationFor: (requests: number) => Expectation,
  io: Io,
): Promise<readonly string[] | ExitCode> => {
  const { flags, probes, stop } = await targetOf(given, io)
  const store = storeOf(given, io)
  const ids: string[] = []
  let expectation = expectationFor(1)
  try {
    for (const test of ['smoke', 'breakpoint', 'spike'] as const) {
      io.stderr.write(`${test} …\n`)
      const { code, id } = await runQuietly(test, { ...flags, ...loadOf(test, expectation, given.rate) }, io, { probes })
      if ((code !== 0 && code !== 1 && code !== 3) || id === undefined) return code
      ids.push(id)
      if (test === 'smoke' && code === 1) break // what fails with one user has no limit to look for
      // How many requests a journey makes is known from the first run on.
      if (test === 'smoke') expectation = expectationFor(requestsPerJourney([await store.load(id)]))
    }
  } finally {
    await stop()
  }
  return ids
}

/** What nobody sells has no price. @param hourly price of a size */
const requireSold = (text: string, sizes: readonly Size[], hourly: (size: Size) => number): Size => {
  const size = readSizeText(text)
  const nearest = cheapestHolding(sizes, size, hourly)
  if (nearest?.vcpu === size.vcpu && nearest.gigabytes === size.gigabytes) return size
  const instead = nearest ?? (sizes.at(-1) as Size)
  throw new UsageError(
    `--size "${text}" is no size that Fargate has. Each number of vCPU has its own memory sizes. Write --size ${instead.vcpu}/${instead.gigabytes}, the ${nearest === undefined ? 'largest there is' : 'cheapest that holds both'}.`,
  )
}

/** What one more instance costs a month, where its size is given. */
const priceOf = async (text: string | undefined): Promise<InstancePrice | undefined> => {
  if (text === undefined) return undefined
  const prices = pricesSchema.parse(JSON.parse(await readFile(new URL('../../budgets/advice/prices/us-east-1.json', import.meta.url), 'utf8')))
  const hourly = (size: Size): number => hourlyPrice(prices, size, 'x86') ?? Number.NaN
  return { monthly: monthlyCost(hourly(requireSold(text, await shippedSizes(), hourly)), 1), currency: prices.currency }
}

const requireWords = (flags: ReadyFlags): string => {
  const words = wordsOf(flags)
  if (words === undefined)
    throw new UsageError(
      'Nothing is expected. A launch is users or requests in a time, a rate, a factor, or the access log of a past one. Write --expect "50k users in 10 min".',
    )
  return words
}

/** @throws {UsageError} when what is expected can't be understood */
export const ready = async (flags: ReadyFlags, io: Io): Promise<ExitCode> => {
  const store = storeOf(flags, io)
  const price = await priceOf(flags.size)
  const expected: (known: Known) => Expectation = await expectationFrom(requireWords(flags), io)
  const ordinary = flags.rate === undefined ? undefined : parseRate(flags.rate)
  const expectationFor = (requests: number): Expectation => expected({ requestsPerJourney: requests, ordinary })
  const names = flags.from ?? (await makeRuns(flags, expectationFor, io))
  if (typeof names === 'number') return names
  const judged: Judged[] = await Promise.all(
    (await loadRuns(names, store)).map(async (run, at) => ({
      run,
      verdict: judge(run, await budgetsOf(await store.find(names[at] ?? run.id), flags.budget, io.cwd)),
    })),
  )
  requireOneTarget(
    judged.map(({ run }) => run),
    'The answer is about one.',
  )
  const answer = readiness(expectationFor(requestsPerJourney(judged.map(({ run }) => run))), judged, price)
  io.stdout.write(
    `${flags.json === true ? JSON.stringify({ runs: judged.map(({ run: { id } }) => id), ...answer }, null, 2) : proseOn(launchLines(answer), io.columns)}\n`,
  )
  return exitCodes[answer.word]
}
