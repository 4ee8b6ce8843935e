/** What `perf advise` is asked: flags, runs, deployment, prices and sizes, read and settled before any of it is thought about. */
import { resolve } from 'node:path'
import type { Situation } from '../../budgets/advice/advise.ts'
import { expectedLoad } from '../../budgets/advice/forecast/expected-load.ts'
import { architectures } from '../../budgets/advice/prices/prices.ts'
import { pricesThere } from '../../budgets/advice/prices/prices-there.ts'
import type { Context } from '../../budgets/advice/recommend.ts'
import { type AutoscalerName, autoscalers, platforms } from '../../budgets/advice/scaling/autoscalers.ts'
import { objectivesIn } from '../../budgets/advice/sizing/allowed-wait.ts'
import { startUpOf } from '../../budgets/advice/start-up.ts'
import { requestsPerJourney } from '../../budgets/capacity/requests-per-journey.ts'
import { readConfig } from '../config.ts'
import type { DeploymentFlags } from '../deployments/index.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { readDuration, readRate } from '../rates-and-times.ts'
import { readHistory } from '../request-history.ts'
import type { Run } from '../run.ts'
import { readWhole } from '../settings.ts'
import { type ExpectationFlags, expectationFrom, wordsOf } from './expected.ts'
import { budgetsOf } from './kept-budgets.ts'
import { type PricesFlags, readPrices } from './prices.ts'
import { readDeployment } from './read-deployment.ts'
import { historyOf, loadRuns, requireOneTarget, storeOf } from './saved-runs.ts'
import { shippedSizes } from './shipped-sizes.ts'

export type SituationFlags = PricesFlags &
  DeploymentFlags &
  ExpectationFlags & {
    readonly rate?: string
    readonly startUp?: string
    readonly policy?: string
    readonly architecture?: string
    readonly longestWait?: string
    readonly zones?: string
    readonly at?: string
    readonly history?: string
    readonly budget?: readonly string[]
    readonly out?: string
  }

const policies = Object.keys(autoscalers) as AutoscalerName[]

const among = <T extends string>(text: string, names: readonly T[], flag: string): T => {
  const name = names.find((each) => each === text)
  if (name === undefined) throw new UsageError(`${flag} "${text}" is not known. It is ${names.join(', ')}. Write ${flag} ${names[0]}.`)
  return name
}

/** Seconds of the epoch. */
const momentOf = (text: string): number => {
  const at = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(at))
    throw new UsageError(`--at "${text}" is no moment. Moments are a date, a time and a zone. Write --at 2026-12-01T18:00Z.`)
  return at / 1000
}

/** By flags; what they leave out is forecast from the history. */
const expectedBy = async (flags: SituationFlags, requests: number, io: Io): Promise<Pick<Situation, 'ordinary' | 'expectation'>> => {
  const past = flags.history === undefined ? undefined : await readHistory(resolve(io.cwd, flags.history), flags.history)
  const load = past && expectedLoad(past.hours, past.busiestMinute, requests)
  const words = wordsOf(flags)
  const isAsked = flags.rate === undefined || words === undefined
  if (load?.declined && isAsked) throw new UsageError(`${load.because} Without a forecast the rates must be given. Write --rate and --expect.`)
  const known = load === undefined || load.declined ? undefined : load
  const ordinary = readRate(flags.rate, '--rate') ?? known?.ordinary ?? 0
  const expectation = words === undefined ? known?.expectation : (await expectationFrom(words, io))({ requestsPerJourney: requests, ordinary })
  if (expectation === undefined) throw new UsageError('Nothing is expected. Write --expect 500/s.')
  return { ordinary, expectation }
}

export type Asked = { readonly runs: readonly Run[]; readonly situation: Situation; readonly context: Context }

/**
 * @param usual policy where no flag names one
 * @throws {UsageError} for flags that can't be understood, and for runs of several targets
 */
export const readSituation = async (names: readonly string[], flags: SituationFlags, usual: string, io: Io): Promise<Asked> => {
  const policy = among(flags.policy ?? (flags.kubernetes === undefined ? usual : 'hpa'), policies, '--policy')
  const named = flags.architecture === undefined ? undefined : among(flags.architecture, architectures, '--architecture')
  const startUp = readDuration(flags.startUp, '--start-up')
  const longestWait = readDuration(flags.longestWait ?? '500ms', '--longest-wait')
  const zones = readWhole(flags.zones, '--zones', 2)
  const begins = flags.at === undefined ? undefined : momentOf(flags.at)
  if (flags.history === undefined && (wordsOf(flags) === undefined || flags.rate === undefined))
    throw new UsageError(
      'What is expected is not known. Advice is for a launch from an ordinary rate to a height. Write --rate 20/s --expect "50k users in 10 min", or --history FILE to have both forecast.',
    )
  readRate(flags.rate, '--rate')
  const store = storeOf(flags, io)
  const runs = await loadRuns(names, store)
  requireOneTarget(runs, 'Advice is for one.')
  const objectives = objectivesIn(await budgetsOf(await store.find(names[0] as string), flags.budget, io.cwd))
  const { ordinary, expectation } = await expectedBy(flags, requestsPerJourney(runs), io)
  const table = await readPrices(flags, io)
  const { config } = await readConfig(io.cwd, flags.config)
  const deployment = await readDeployment(flags, runs, io)
  const measuredStartUp = deployment && startUpOf(deployment)
  const prices = deployment === undefined ? table : pricesThere(table, deployment, io.now())
  const now = deployment?.size && { size: deployment.size, instances: deployment.instances.desired }
  return {
    runs,
    situation: {
      expectation,
      ordinary,
      ...(begins !== undefined && { begins }),
      objectives,
      startUp,
      ...(measuredStartUp && { measuredStartUp }),
      longestWait,
      tolerated: 0.001,
      ...(zones !== undefined && { zones }),
      platform: platforms[policy],
      autoscaler: autoscalers[policy],
      sizes: await shippedSizes(),
      prices,
      architecture: named ?? deployment?.architecture ?? 'x86',
      history: await historyOf(runs, store),
      ...(now && { now }),
      ...(deployment && { deployment }),
    },
    context: {
      prices,
      ...(config.prometheus && { prometheus: config.prometheus }),
      ...(deployment && { deployment }),
      ...(begins !== undefined && { begins }),
    },
  }
}
