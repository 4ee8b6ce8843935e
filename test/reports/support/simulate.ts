/** Runs as a real target would make them: a shop with so many places at its counter, fed by a shape. The same seed gives the same run. */

import type { Caveat, Cell, ErrorKind, Run, Series, TimelineSecond } from '../../../runner/run.ts'
import { HistogramRecorder } from '../../../runner/stats/histogram.ts'
import { totalOf } from '../../../runner/timeline.ts'
import type { TestType } from '../../../scenarios/journey.ts'
import { arrivalsDue, durationOf, randomFrom, type Shape } from '../../../scenarios/shape.ts'

type Endpoint = { readonly name: string; readonly share: number /** Milliseconds without load. */; readonly service: number }

const shop: readonly Endpoint[] = [
  { name: 'GET /', share: 1, service: 6 },
  { name: 'GET /products/:id', share: 0.9, service: 12 },
  { name: 'GET /search', share: 0.6, service: 28 },
  { name: 'POST /cart', share: 0.2, service: 18 },
  { name: 'POST /checkout', share: 0.08, service: 45 },
]

export type Situation = {
  readonly test: TestType
  readonly shape: Shape
  /** Arrivals per second that the target can serve; beyond it a queue grows. */
  readonly capacity: number
  /** Virtual users: arrivals beyond so many waiting ones are dropped. */
  readonly users?: number
  readonly endpoints?: readonly Endpoint[]
  readonly seed?: number
  /** Share of requests that fail by themselves. */
  readonly faults?: number
}

/** Log-normal around 1, sigma 0.45: the tail of an ordinary service. */
const spread = (random: () => number): number => Math.exp(0.45 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))

const cellsOf = (endpoint: Endpoint, requests: number, load: number, wait: number, faults: number, random: () => number): Cell[] => {
  const record = () => ({ response: new HistogramRecorder(), service: new HistogramRecorder(), setup: new HistogramRecorder() })
  const [good, bad] = [record(), record()]
  const errors: Record<string, number> = {}
  const statuses: Record<'success' | 'failure', Record<string, number>> = { success: {}, failure: {} }
  const counts = { success: 0, failure: 0 }
  for (let request = 0; request < requests; request++) {
    const setup = random() < 0.05 ? 0.4 * spread(random) : 0
    const own = endpoint.service * (1 + load * load) * spread(random)
    const service = own + wait * (0.7 + 0.3 * random())
    const kind: ErrorKind | undefined =
      service > 5000 || (wait > 2300 && random() < 0.03)
        ? 'timeout'
        : random() < faults + (wait > 1500 ? 0.12 : 0)
          ? 'HTTP 503'
          : random() < faults / 8
            ? 'reset'
            : undefined
    const [outcome, into] = kind === undefined ? (['success', good] as const) : (['failure', bad] as const)
    const took = kind === 'timeout' ? 5000 : kind === undefined ? service : 3 * spread(random)
    into.response.add(took + setup + wait * 0.2)
    into.service.add(took)
    into.setup.add(setup)
    counts[outcome] += 1
    const status = kind === undefined ? '200' : kind.startsWith('HTTP') ? kind.slice(5) : '0'
    statuses[outcome][status] = (statuses[outcome][status] ?? 0) + 1
    if (kind !== undefined) errors[kind] = (errors[kind] ?? 0) + 1
  }
  const cell = (outcome: 'success' | 'failure', from: ReturnType<typeof record>): Cell => ({
    endpoint: endpoint.name,
    outcome,
    count: counts[outcome],
    statuses: statuses[outcome],
    errors: outcome === 'failure' ? errors : {},
    responseTime: from.response.take(),
    serviceTime: from.service.take(),
    setupTime: from.setup.take(),
  })
  return [cell('success', good), cell('failure', bad)].filter(({ count }) => count > 0)
}

const secondsOf = ({ shape, capacity, users = 400, endpoints = shop, seed = 1, faults = 0 }: Situation): TimelineSecond[] => {
  const random = randomFrom(seed)
  let queue = 0
  return Array.from({ length: Math.ceil(durationOf(shape)) }, (_, second) => {
    const planned = arrivalsDue(shape, second, second + 1)
    const dropped = Math.max(0, Math.round(queue + planned - capacity - users))
    const started = planned - dropped
    queue = Math.max(0, queue + started - capacity)
    const wait = (queue / capacity) * 1000
    const load = Math.min(1.3, planned / capacity)
    const cells = endpoints.flatMap((endpoint) => cellsOf(endpoint, Math.round(started * endpoint.share + random() - 0.5), load, wait, faults, random))
    const times = (scale: number, n: number) => {
      const recorder = new HistogramRecorder()
      for (let at = 0; at < n; at++) recorder.add((60 * spread(random) + wait) * scale)
      return recorder.take()
    }
    const unavailable = Math.min(
      started,
      cells.filter(({ outcome }) => outcome === 'failure').reduce((sum, cell) => sum + cell.count, 0),
    )
    const whole = {
      second,
      planned,
      started,
      dropped,
      cells,
      iterations: { completed: started, failed: 0, interrupted: 0, unavailable },
      users: Math.min(users, Math.ceil(queue + started * 0.1)),
      lag: times(0.002, started),
      journeyTime: { browse: times(1, Math.round(started * 0.8)), checkout: times(1.6, started - Math.round(started * 0.8)) },
      checks: {
        'the shop answers': { passed: started - unavailable, failed: unavailable },
        'search finds something': { passed: Math.round(started * 0.6), failed: 0 },
      },
      groups: { 'pay & confirm': times(0.7, Math.round(started * 0.08)) },
      metrics: {
        orders_placed: { kind: 'counter' as const, sum: Math.round(started * 0.08) },
        cart_size: { kind: 'trend' as const, values: times(0.05, Math.round(started * 0.2)) },
      },
      bytesReceived: started * 14_000,
      bytesSent: started * 900,
    }
    return totalOf([whole])
  })
}

const processor = (timeline: readonly TimelineSecond[], capacity: number): Series => ({
  name: 'generator.cpu',
  unit: 'cores',
  limit: 1,
  at: timeline.map(({ second }) => second),
  values: timeline.map(({ second, started }) => (second % 41 === 40 ? null : Math.min(0.99, 0.08 + (0.5 * started) / capacity))),
})

/** The finished run of a situation; `changes` replaces fields. */
export const simulate = (situation: Situation, changes: Partial<Run> = {}): Run => {
  const timeline = secondsOf(situation)
  const total = totalOf(timeline)
  const requests = (outcome?: Cell['outcome']): number =>
    total.cells.filter((cell) => outcome === undefined || cell.outcome === outcome).reduce((sum, cell) => sum + cell.count, 0)
  const { planned, started, dropped, iterations, lag, journeyTime, checks, groups, metrics, bytesReceived, bytesSent } = total
  const seconds = durationOf(situation.shape)
  return {
    format: 1,
    id: `2026-11-21T15-51-09-${situation.test}`,
    test: situation.test,
    startedAt: '2026-11-21T15:51:09.000Z',
    durationSeconds: seconds,
    plannedSeconds: seconds,
    ending: { state: 'completed', because: '' },
    target: { url: 'http://127.0.0.1:8080', addresses: ['127.0.0.1'], server: null },
    engine: { name: 'embedded', version: '0.1.0', because: 'no k6 was found', exitCode: null, users: situation.users ?? 400 },
    scenario: {
      file: 'scenarios/shop.ts',
      journeys: [
        { name: 'browse', weight: 4 },
        { name: 'checkout', weight: 1 },
      ],
    },
    warmUp: { seconds: 0, because: '' },
    shape: { ...situation.shape, segments: [...situation.shape.segments] },
    load: { planned, started, dropped, completed: requests(), failed: requests('failure') },
    iterations,
    lag,
    endpoints: total.cells,
    journeyTime,
    checks,
    groups,
    metrics,
    bytesReceived,
    bytesSent,
    preflightRequests: 5,
    probes: [processor(timeline, situation.capacity)],
    caveats: [],
    validity: { state: 'VALID', reasons: [] },
    provenance: {
      version: '0.1.0',
      node: 'v20.19.0',
      platform: 'linux x64',
      cpus: { model: 'An ordinary processor', count: 4 },
      memoryBytes: 16 * 2 ** 30,
      gitCommit: '7469046c0ffee7469046c0ffee7469046c0ffee0',
      seed: situation.seed ?? 1,
      command: ['perf', 'run', situation.test, '--target', 'http://127.0.0.1:8080'],
      configuration: { rate: '20/s', targets: { allow: [] } },
    },
    timeline,
    ...changes,
  }
}

export const caveat = (code: string, text: string): Caveat => ({ code, text })
