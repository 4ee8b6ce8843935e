/** `perf advise RUN…`: what to deploy, from saved runs of one instance. Nothing is sent, and nothing is changed. */
import { readFile } from 'node:fs/promises'
import { advise as adviseOn } from '../../budgets/advice/advise.ts'
import { readExpectation } from '../../budgets/advice/launch/expectation.ts'
import { requestsPerJourney } from '../../budgets/advice/launch/launch.ts'
import { architectures, pricesSchema, staleness } from '../../budgets/advice/prices/prices.ts'
import { podAutoscaling } from '../../budgets/advice/scaling/horizontal-pod-autoscaler.ts'
import type { PolicyOf } from '../../budgets/advice/scaling/recommend.ts'
import { targetTracking } from '../../budgets/advice/scaling/target-tracking.ts'
import { fargateSizesSchema, sizesOf } from '../../budgets/advice/sizing/fargate-size.ts'
import { adviceLines } from '../../reports/advice.ts'
import { proseOn } from '../../reports/wrap.ts'
import { parseDuration, parseRate } from '../../scenarios/units.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { storeOf } from './saved-runs.ts'

export type AdviseFlags = {
  readonly expect?: string
  readonly rate?: string
  readonly startUp?: string
  readonly policy?: string
  readonly architecture?: string
  readonly longestWait?: string
  readonly out?: string
  readonly json?: boolean
}

const policies: Readonly<Record<string, PolicyOf>> = {
  ecs: (settings) => targetTracking(settings),
  'ecs-20s': (settings) => targetTracking({ ...settings, period: 20, publication: 10 }),
  hpa: (settings) => podAutoscaling(settings),
}

const shipped = async (path: string): Promise<unknown> => JSON.parse(await readFile(new URL(`../../budgets/advice/${path}`, import.meta.url), 'utf8'))

const among = <T extends string>(text: string, names: readonly T[], flag: string): T => {
  const name = names.find((each) => each === text)
  if (name === undefined) throw new UsageError(`${flag} "${text}" is not known. It is ${names.join(', ')}. Write ${flag} ${names[0]}.`)
  return name
}

const secondsOf = (text: string, flag: string): number => {
  const seconds = parseDuration(text)
  if (seconds === undefined) throw new UsageError(`${flag} "${text}" is no length of time. Times are written as 500ms, 90s or 3m. Correct ${flag}.`)
  return seconds
}

const rateOf = (text: string): number => {
  const rate = parseRate(text)
  if (rate === undefined) throw new UsageError(`--rate "${text}" is no rate. Rates are written as 50/s or 3000/m. Correct --rate.`)
  return rate
}

/** Exits 0 whatever the advice is, because looking went well. @throws {UsageError} for flags that can't be understood */
export const advise = async (names: readonly string[], flags: AdviseFlags, io: Io): Promise<ExitCode> => {
  const policy = among(flags.policy ?? 'ecs', Object.keys(policies), '--policy')
  const architecture = among(flags.architecture ?? 'x86', architectures, '--architecture')
  const startUp = flags.startUp === undefined ? undefined : secondsOf(flags.startUp, '--start-up')
  const longestWait = secondsOf(flags.longestWait ?? '500ms', '--longest-wait')
  if (flags.expect === undefined || flags.rate === undefined)
    throw new UsageError(
      'What is expected is not known. Advice is for a launch from an ordinary rate to a height. Write --rate 20/s --expect "50k users in 10 min", or --expect 500/s.',
    )
  const ordinary = rateOf(flags.rate)
  const store = storeOf(flags, io)
  const runs = await Promise.all(names.map((name) => store.load(name)))
  const expectation = readExpectation(flags.expect, { requestsPerJourney: requestsPerJourney(runs.map((run) => ({ run }))), ordinary })
  if (expectation.declined) throw new UsageError(expectation.because)
  const prices = pricesSchema.parse(await shipped('prices/us-east-1.json'))
  const sizes = sizesOf(fargateSizesSchema.parse(await shipped('sizing/fargate-sizes.json')))
  const advice = adviseOn(runs, {
    expectation,
    ordinary,
    startUp,
    longestWait,
    tolerated: 0.001,
    policyOf: policies[policy] as PolicyOf,
    sizes,
    prices,
    architecture,
  })
  const { warning } = staleness(prices, io.now())
  io.stdout.write(
    `${flags.json === true ? JSON.stringify({ ...advice, prices: { dated: prices.dated, region: prices.region } }, null, 2) : proseOn(adviceLines(advice, warning), io.columns)}\n`,
  )
  return 0
}
