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
import { names } from './metric-names.ts'
import { given, hideGiven } from './secrecy.ts'

declare const open: (path: string) => string

/** What the entry hands over; plain data, without secrets. */
export type Assignment = {
  readonly target: string
  readonly runId: string
  readonly headers: Readonly<Record<string, string>>
  readonly seed: number
  readonly shape: Shape
  /** Whole length of k6's scenario, milliseconds. */
  readonly duration: number
  /** Files of the feeds' rows, in the order of their declaration; absolute. */
  readonly feeds: readonly string[]
}

type SetUp = { readonly data: unknown }

/** What k6 calls. Made once for each virtual user, in k6's init stage, after the scenario module has loaded. */
export const virtualUser = (scenario: Scenario, { target, runId, headers, seed, shape, duration, feeds }: Assignment) => {
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
  const journeyTags = new Map(scenario.journeys.map(({ journey }) => [journey, { journey: journey.name }]))

  // One iteration at a time runs in a virtual user, so its state is kept here and not made anew.
  const visit: Visit = { lag: 0, isFirst: true, isUnavailable: false, isMeasured: false }
  let arrival = 0
  let thought = 0
  let ownIteration = -1
  let random: (() => number) | undefined
  let groups: string[] = []

  const drawn = (): number => {
    random ??= randomOf(seed, arrival)
    return random()
  }
  const clientOf = clientFor({ target, headers: mergeHeaders({ 'x-perf-run-id': runId }, scenario.headers, headers), visit })
  const user = {
    http: clientOf,
    check: <T>(subject: T, conditions: Readonly<Record<string, (subject: T) => boolean>>): boolean => k6Check(subject, conditions),
    think: async (from: Parameters<VirtualUser['think']>[0], until?: Parameters<VirtualUser['think']>[1]): Promise<void> => {
      const time = thinkTime(from, until, drawn)
      thought += time * 1000
      sleep(time)
    },
    group: async <T>(name: string, part: () => T | Promise<T>): Promise<T> => {
      const outer = groups
      groups = [...outer, name]
      const path = groups.join('::')
      const from = exec.instance.currentTestRunDuration
      try {
        return await part()
      } finally {
        groups = outer
        if (visit.isMeasured) groupTrend.add(exec.instance.currentTestRunDuration - from, { part: path })
      }
    },
    take: <Row>(feed: Feed<Row>): Row => {
      const at = declared.feeds.indexOf(feed as Feed<unknown>)
      const all = rows[at]
      if (all === undefined)
        throw new Error(`Feed "${feed.path}" is not known here. Feeds are declared at the top of the scenario file. Move csv(…) or json(…) there.`)
      return all[rowIndex(feed, all.length, seed, arrival, user.user, Math.max(0, ownIteration))] as Row
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
  }

  const completed = (journey: Scenario['journeys'][number]['journey'], due: number): void => {
    journeyTrend.add(Math.max(0, clock.now() - due - thought), journeyTags.get(journey))
    if (visit.isUnavailable) unavailable.add(1)
  }
  const failed = (error: unknown): void => {
    threw.add(1)
    if (visit.isUnavailable) unavailable.add(1)
    reportFailure(error)
  }

  const arrive = (setUp: SetUp): unknown => {
    const now = clock.now()
    arrival = clock.arrival()
    const due = dueAt(arrival)
    visit.lag = Math.max(0, now - due)
    lagTrend.add(visit.lag)
    visit.isFirst = true
    visit.isUnavailable = false
    visit.isMeasured = true
    thought = 0
    random = undefined
    groups = []
    ownIteration += 1
    user.setup = setUp.data
    if (user.user === 0) {
      user.user = exec.vu.idInTest
      hideGiven()
    }
    const { journey } = only ?? pickJourney(scenario.journeys, seed, arrival)
    let outcome: unknown
    try {
      outcome = journey.run(user)
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
    const data = await scenario.setup?.(user as VirtualUser<undefined>)
    startedAt()
    return { data }
  }
  const teardown = async (setUp: SetUp): Promise<void> => {
    hideGiven()
    visit.isMeasured = false
    user.setup = setUp.data
    await scenario.teardown?.(user)
  }
  return { arrive, setup, teardown }
}
