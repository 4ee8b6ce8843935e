/**
 * Runs inside k6: the virtual user of the authoring API on k6's own modules, and the functions that k6 calls.
 * No Node and no browser here. What costs time at each request is kept low: k6 interprets this code some twenty times slower than Node.
 */
import { check as k6Check, sleep } from 'k6'
import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import type { Feed, Metric, Scenario, VirtualUser } from '../../../scenarios/journey.ts'
import { declared } from '../../../scenarios/journey.ts'
import type { Shape } from '../../../scenarios/shape.ts'
import { pickJourney, randomOf, rowIndex, thinkTime } from '../virtual-user/choose.ts'
import { mergeHeaders } from '../virtual-user/request.ts'
import { startedAt } from './at-the-second.ts'
import { dueTimes } from './due.ts'
import { failureReporter } from './failures.ts'
import { clientFor, type Visit } from './http.ts'
import { lagClock } from './lag-clock.ts'
import { type Known, names, nothingKnown } from './metric-names.ts'
import { given, hideGiven } from './secrecy.ts'

declare const open: (path: string) => string

/** What the entry hands over; plain data, without secrets. */
export type Assignment = {
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly seed: number
  readonly shape: Shape
  /** Whole length of k6's scenario, milliseconds. */
  readonly duration: number
  /** Files of the feeds' rows, in the order of their declaration; absolute. */
  readonly feeds: readonly string[]
  /** File of what is {@link Known}; absolute. Without it nothing is. */
  readonly known?: string
}

type SetUp = { readonly data: unknown }

/** What k6 calls. Made once for each virtual user, in k6's init stage, after the scenario module has loaded. */
export const virtualUser = (scenario: Scenario, { target, headers, seed, shape, duration, feeds, known }: Assignment) => {
  const { env, secrets } = given
  hideGiven()
  const rows = declared.feeds.map((feed, index) => new SharedArray(`${index} ${feed.path}`, () => JSON.parse(open(feeds[index] ?? '')) as unknown[]))
  const own = new Map<Metric, Counter | Trend>(
    declared.metrics.map((metric) => [metric, metric.kind === 'counter' ? new Counter(names.own + metric.name) : new Trend(names.own + metric.name)]),
  )
  const lagTrend = new Trend(names.lag, true)
  const journeyTrend = new Trend(names.journeyTime, true)
  const groupTrend = new Trend(names.groupTime, true)
  const threw = new Counter(names.threw)
  const unavailable = new Counter(names.unavailable)
  const clock = lagClock(duration)
  const dueAt = dueTimes(shape)
  const reportFailure = failureReporter()
  const only = scenario.journeys.length === 1 ? scenario.journeys[0] : undefined
  // Told apart by a tag only where there is more than one.
  const journeyTags = new Map(scenario.journeys.map(({ journey }) => [journey, only === undefined ? { journey: journey.name } : undefined]))

  // One iteration at a time runs in a virtual user, so its state is kept here and not made anew.
  const visit: Visit = { lag: 0, isFirst: true, isUnavailable: false, isMeasured: false, isTold: false }
  let arrival = 0
  let thought = 0
  let ownIteration = -1
  let numberOfUser = 0
  let random: (() => number) | undefined
  let groups: string[] = []

  const drawn = (): number => {
    random ??= randomOf(seed, arrival)
    return random()
  }
  const everything = known === undefined ? nothingKnown : (JSON.parse(open(known)) as Known)
  const client = clientFor({
    target,
    headers: mergeHeaders(scenario.headers, headers),
    visit,
    known: everything,
  })
  const think = (from: Parameters<VirtualUser['think']>[0], until?: Parameters<VirtualUser['think']>[1]): void => {
    const time = thinkTime(from, until, drawn)
    thought += time * 1000
    sleep(time)
  }
  /** Opens a group. @returns what closes it */
  const openGroup = (name: string): (() => void) => {
    const outer = groups
    groups = [...outer, name]
    const path = groups.join('::')
    const from = exec.instance.currentTestRunDuration
    return () => {
      groups = outer
      if (visit.isMeasured) groupTrend.add(exec.instance.currentTestRunDuration - from, { part: path })
    }
  }
  const promised = {
    http: client.promised,
    think: async (...times: Parameters<VirtualUser['think']>): Promise<void> => think(...times),
    group: async <T>(name: string, part: () => T | Promise<T>): Promise<T> => {
      const close = openGroup(name)
      try {
        return await part()
      } finally {
        close()
      }
    },
  }
  const synchronous = {
    http: client.synchronous,
    think,
    group: <T>(name: string, part: () => T): T => {
      const close = openGroup(name)
      try {
        return part()
      } finally {
        close()
      }
    },
  }
  const withRest = <Api>(api: Api) => ({
    ...api,
    check: <T>(subject: T, conditions: Readonly<Record<string, (subject: T) => boolean>>): boolean => k6Check(subject, conditions),
    take: <Row>(feed: Feed<Row>): Row => {
      const at = declared.feeds.indexOf(feed as Feed<unknown>)
      const all = rows[at]
      if (all === undefined)
        throw new Error(`Feed "${feed.path}" is not known here. Feeds are declared at the top of the scenario file. Move csv(…) or json(…) there.`)
      return all[rowIndex(feed, all.length, seed, arrival, numberOfUser, Math.max(0, ownIteration))] as Row
    },
    add: (metric: Metric, value = 1): void => {
      const k6Metric = own.get(metric)
      if (k6Metric === undefined)
        throw new Error(`Metric "${metric.name}" is not known here. Metrics are declared at the top of the scenario file. Move ${metric.kind}(…) there.`)
      if (visit.isMeasured) k6Metric.add(value)
    },
    setup: undefined as unknown,
    env,
    secret: (name: string): string => {
      const value = secrets[name]
      if (value === undefined)
        throw new Error(`There is no secret called "${name}". Secrets are named in the configuration, or given as PERF_SECRET_${name}. Give it.`)
      return value
    },
    user: 0,
    get arrival() {
      return arrival
    },
    random: drawn,
  })
  const waiting = withRest(promised)
  const direct = withRest(synchronous)

  const completed = (journey: Scenario['journeys'][number]['journey'], due: number): void => {
    if (visit.isTold) visit.isTold = false
    else journeyTrend.add(Math.max(0, clock.now() - due - thought), journeyTags.get(journey))
    if (visit.isUnavailable) unavailable.add(1)
  }
  const failed = (error: unknown): void => {
    visit.isTold = false
    threw.add(1)
    if (visit.isUnavailable) unavailable.add(1)
    reportFailure(error)
  }

  const begin = ({ data }: SetUp): void => {
    numberOfUser = exec.vu.idInTest
    waiting.user = direct.user = numberOfUser
    waiting.setup = direct.setup = data
    hideGiven()
  }

  /** Begins an iteration. @returns when it was due */
  const meet = (): number => {
    const now = clock.now()
    arrival = clock.arrival()
    const due = dueAt(arrival)
    const lag = now > due ? now - due : 0
    lagTrend.add(lag)
    visit.lag = lag
    visit.isFirst = true
    visit.isUnavailable = false
    visit.isMeasured = true
    return due
  }

  /** The same for a journey that is a sole request, without the journey around it. */
  const arriveAlone =
    (journey: Scenario['journeys'][number]['journey'], send: () => void): ((setUp: SetUp) => unknown) =>
    () => {
      const due = meet()
      try {
        send()
      } catch (error) {
        return failed(error)
      }
      return completed(journey, due)
    }

  const arriveWhole = (setUp: SetUp): unknown => {
    const due = meet()
    thought = 0
    random = undefined
    groups = []
    ownIteration += 1
    if (numberOfUser === 0) begin(setUp)
    const { journey } = only ?? pickJourney(scenario.journeys, seed, arrival)
    let outcome: unknown
    try {
      // What a compiled journey takes for a promise's answer is the answer.
      outcome = journey.run(journey.isSynchronous ? (direct as unknown as VirtualUser) : waiting)
    } catch (error) {
      return failed(error)
    }
    if (typeof (outcome as PromiseLike<unknown> | undefined)?.then !== 'function') return completed(journey, due)
    return (outcome as PromiseLike<unknown>).then(
      () => completed(journey, due),
      (error: unknown) => failed(error),
    )
  }

  const setup = async (): Promise<SetUp> => {
    hideGiven()
    const data = await scenario.setup?.(waiting as VirtualUser<undefined>)
    startedAt()
    return { data }
  }
  const teardown = async (setUp: SetUp): Promise<void> => {
    hideGiven()
    visit.isMeasured = false
    waiting.setup = setUp.data
    await scenario.teardown?.(waiting)
  }
  const { sole } = everything
  const isSole = sole !== undefined && only?.journey.isSynchronous === true // and not one put together by hand
  const arrive = isSole ? arriveAlone(only.journey, client.repeated(sole.method, sole.url)) : arriveWhole
  return { arrive, setup, teardown }
}
