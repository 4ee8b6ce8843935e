/** Builds a valid Run from the few facts a test is about; everything adds up as it does in a real one. */
import { assemble, type RunHeader } from '../../runner/assemble.ts'
import type { Cell, Run, RunRecord, Series, TimelineSecond, Validity } from '../../runner/run.ts'
import { HistogramRecorder, histogramOf } from '../../runner/stats/histogram.ts'
import { emptySecond, type SecondPart, Timeline } from '../../runner/timeline.ts'
import { durationOf, randomFrom, type Shape, schedule } from '../../scenarios/shape.ts'
import type { PerSecond } from '../../scenarios/units.ts'

/** What becomes of a request: a time in ms, a kind of failure (after 1 ms; a timeout after 60 s), or no end within the run. */
export type Answer = number | 'never' | 'timeout' | 'refused' | 'reset' | 'closed' | `HTTP ${number}`
export type Arrival = { readonly n: number /** Due, in seconds. */; readonly t: number; readonly endpoint: string; readonly random: () => number }

export type RunFacts = {
  readonly test?: Run['test']
  readonly id?: string
  readonly startedAt?: string
  /** Arrivals per second, constant, unless there is a `shape`. @default 50 */
  readonly rate?: number
  /** @default 60 */
  readonly seconds?: number
  readonly shape?: Shape
  readonly seed?: number
  /** Requests each journey makes, one after the other. @default ['GET /'] */
  readonly endpoints?: readonly string[]
  /** Response time in ms: one for all, or drawn for each request. @default 20 */
  readonly latency?: number | ((arrival: Arrival) => number)
  /** Whole fate of each request, in place of `latency`, `errors` and `never`. */
  readonly answer?: (arrival: Arrival) => Answer
  /** Arrivals that never start: so many of them, spread evenly, or those it says. */
  readonly dropped?: number | ((arrival: { readonly n: number; readonly t: number }) => boolean)
  /** So many requests of the whole run fail so, spread evenly: `{ timeout: 3, 'HTTP 503': 10 }`. */
  readonly errors?: Readonly<Record<string, number>>
  /** So many arrivals are cut off by the end of the run. */
  readonly interrupted?: number
  /** Milliseconds between due and sent, part of the response time. @default 0 */
  readonly lag?: number | ((arrival: { readonly n: number; readonly t: number }) => number)
  /** Milliseconds a journey thinks after its last request: it keeps its user and ends later. @default 0 */
  readonly think?: number
  /** A failed request ends its journey as failed; otherwise the journey goes on. @default false */
  readonly throwing?: boolean
  readonly journey?: string
  /** Whole-run counts, told in the first second. */
  readonly checks?: Readonly<Record<string, { readonly passed: number; readonly failed: number }>>
  readonly counters?: Readonly<Record<string, number>>
  /** Values of trends and groups, told in the first second. */
  readonly trends?: Readonly<Record<string, readonly number[]>>
  readonly groups?: Readonly<Record<string, readonly number[]>>
  readonly probes?: readonly Series[]
  readonly validity?: Validity['state'] | Validity
  readonly ending?: Run['ending']
  /** Seconds kept, as of a run that was stopped early. */
  readonly until?: number
  /** Seconds that count in no figure. @default 0 */
  readonly warmUp?: number
  readonly target?: string
  readonly engine?: Partial<RunRecord['engine']>
}

export const holds = (...steps: readonly (readonly [rate: number, seconds: number])[]): Shape => ({
  name: 'staircase',
  arrivals: 'uniform',
  segments: steps.map(([rate, duration]) => ({ kind: 'linear', label: `step ${rate}/s`, from: rate as PerSecond, to: rate as PerSecond, duration })),
})

type Tally = Pick<Cell, 'endpoint' | 'outcome'> & {
  count: number
  statuses: Record<string, number>
  errors: Record<string, number>
  response: number[]
  service: number[]
}

class Second {
  planned = 0
  started = 0
  dropped = 0
  completed = 0
  failed = 0
  unavailable = 0
  users = 0
  readonly lag: number[] = []
  readonly journeyTime: number[] = []
  readonly cells: Tally[] = []

  tally(endpoint: string, outcome: Cell['outcome']): Tally {
    // Few of them, and asked for each request: no key is made.
    for (const known of this.cells) if (known.endpoint === endpoint && known.outcome === outcome) return known
    const tally = { endpoint, outcome, count: 0, statuses: {}, errors: {}, response: [], service: [] }
    this.cells.push(tally)
    return tally
  }
}

const isEvenly = (n: number, of: number, all: number): boolean => Math.floor(((n + 1) * of) / all) > Math.floor((n * of) / all)
const add = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1
}

const recorder = new HistogramRecorder()
const histogram = (values: readonly number[]) => {
  for (const value of values) recorder.add(value)
  return recorder.take()
}
const noTimes = (count: number) => {
  if (count > 0) recorder.add(0, count)
  return recorder.take()
}

/** @example aRun({ seconds: 60, rate: 50, latency: 20, dropped: 318 }) */
/** A run whose seconds are a plain array. */
export type WholeRun = Run & { readonly timeline: readonly TimelineSecond[] }

export const aRun = (facts: RunFacts = {}): WholeRun => {
  const {
    test = 'baseline',
    rate = 50,
    seconds = 60,
    endpoints = ['GET /'],
    latency = 20,
    errors = {},
    seed = 1,
    think = 0,
    journey = 'browse',
    throwing = false,
  } = facts
  const shape = facts.shape ?? holds([rate, seconds])
  // Chance arrivals are drawn from the seed, too: by the same numbers a long gap would go with a long answer, and queues would be too short.
  const random = randomFrom(shape.arrivals === 'poisson' ? seed + 2 ** 20 : seed)
  const dues = [...schedule(shape, seed)].filter((t) => facts.until === undefined || t < facts.until)
  const bySecond = new Map<number, Second>()
  let [lastAsked, last]: [number, Second | undefined] = [-1, undefined]
  const at = (t: number): Second => {
    const second = Math.floor(t + 1e-9)
    if (last !== undefined && second === lastAsked) return last
    last = bySecond.get(second) ?? new Second()
    lastAsked = second
    bySecond.set(second, last)
    return last
  }
  const failuresAsked = Object.entries(errors)
  const requests = dues.length * endpoints.length
  const all = failuresAsked.reduce((sum, [, count]) => sum + count, 0)
  const kindOf = (request: number): string | undefined => {
    if (all === 0) return undefined
    let before = 0
    // Every kind has its own place in an even spread, so that small numbers of several kinds do not hide each other.
    if (!isEvenly(request, all, requests)) return undefined
    const nth = Math.floor((request * all) / requests)
    for (const [kind, count] of failuresAsked) {
      before += count
      if (nth < before) return kind
    }
    return undefined
  }
  const end = facts.until ?? Infinity
  const changes: [t: number, by: number][] = []
  let request = 0
  for (let n = 0; n < dues.length; n++) {
    const t = dues[n] as number
    at(t).planned += 1
    const isDropped = typeof facts.dropped === 'function' ? facts.dropped({ n, t }) : isEvenly(n, facts.dropped ?? 0, dues.length)
    if (isDropped) {
      at(t).dropped += 1
      request += endpoints.length
      continue
    }
    const lag = typeof facts.lag === 'function' ? facts.lag({ n, t }) : (facts.lag ?? 0)
    const sent = at(t + lag / 1000)
    sent.started += 1
    sent.lag.push(lag)
    let now = t
    let state: 'going' | 'cut off' | 'failed' = isEvenly(n, facts.interrupted ?? 0, dues.length) ? 'cut off' : 'going'
    let isUnavailable = false
    for (let position = 0; position < endpoints.length; position++) {
      const endpoint = endpoints[position] as string
      const kind = kindOf(request++)
      if (state !== 'going') continue
      const arrival = { n, t, endpoint, random }
      const answer = facts.answer?.(arrival) ?? (kind as Answer | undefined) ?? (typeof latency === 'function' ? latency(arrival) : latency)
      const took = (answer === 'timeout' ? 60_000 : typeof answer === 'number' ? answer : 1) + (position === 0 && typeof answer !== 'number' ? lag : 0)
      if (answer === 'never' || now + took / 1000 >= end) {
        state = 'cut off'
        continue
      }
      now += took / 1000
      const isSuccess = typeof answer === 'number'
      const tally = at(now).tally(endpoint, isSuccess ? 'success' : 'failure')
      const status = isSuccess ? '200' : answer.startsWith('HTTP ') ? answer.slice(5) : '0'
      tally.count += 1
      add(tally.statuses, status)
      if (!isSuccess) {
        add(tally.errors, answer)
        if (status === '0' || Number(status) >= 500) isUnavailable = true
        if (throwing) state = 'failed'
      }
      tally.response.push(took)
      tally.service.push(position === 0 ? Math.max(0, took - lag) : took)
    }
    now += state === 'going' ? think / 1000 : 0
    if (now >= end) state = 'cut off'
    changes.push([t, 1], [state === 'cut off' ? Infinity : now, -1])
    if (state === 'cut off') continue
    at(now).completed += 1
    if (state === 'failed') at(now).failed += 1
    else at(now).journeyTime.push((now - t) * 1000 - think)
    if (isUnavailable) at(now).unavailable += 1
  }

  changes.sort((a, b) => a[0] - b[0])
  const final = Math.max(0, Math.ceil(Math.min(durationOf(shape), end)) - 1, ...bySecond.keys())
  let users = 0
  let change = 0
  for (let second = 0; second <= final; second++) {
    let most = users
    for (; change < changes.length && (changes[change]?.[0] ?? Infinity) < second + 1; change++) {
      users += changes[change]?.[1] ?? 0
      most = Math.max(most, users)
    }
    at(second).users = most
  }

  const timeline = new Timeline()
  for (const [second, told] of bySecond) timeline.add(partOf(second, told, journey))
  const told = Object.entries({ checks: facts.checks, groups: facts.groups, metrics: facts.counters ?? facts.trends }).some(([, value]) => value !== undefined)
  if (told)
    timeline.add({
      second: 0,
      checks: { ...facts.checks },
      groups: Object.fromEntries(Object.entries(facts.groups ?? {}).map(([name, values]) => [name, histogramOf(values)])),
      metrics: {
        ...Object.fromEntries(Object.entries(facts.counters ?? {}).map(([name, sum]) => [name, { kind: 'counter' as const, sum }])),
        ...Object.fromEntries(Object.entries(facts.trends ?? {}).map(([name, values]) => [name, { kind: 'trend' as const, values: histogramOf(values) }])),
      },
    })
  const whole = timeline.seconds()
  const lastSecond = whole.at(-1) ?? emptySecond(0)
  const cutOff = whole.reduce((sum, { started, iterations }) => sum + started - iterations.completed, 0)
  timeline.add({ second: lastSecond.second, iterations: { completed: 0, failed: 0, interrupted: cutOff, unavailable: 0 } })
  return recordOf(facts, { test, shape, journey, seed }, timeline)
}

const partOf = (second: number, told: Second, journey: string): SecondPart => ({
  second,
  planned: told.planned,
  started: told.started,
  dropped: told.dropped,
  users: told.users,
  iterations: { completed: told.completed, failed: told.failed, interrupted: 0, unavailable: told.unavailable },
  lag: histogram(told.lag),
  journeyTime: told.journeyTime.length > 0 ? { [journey]: histogram(told.journeyTime) } : {},
  cells: told.cells.map(({ response, service, ...tally }) => ({
    ...tally,
    responseTime: histogram(response),
    serviceTime: histogram(service),
    setupTime: noTimes(response.length),
  })),
  bytesReceived: told.completed * 1000,
  bytesSent: told.started * 200,
})

const recordOf = (facts: RunFacts, known: { test: Run['test']; shape: Shape; journey: string; seed: number }, timeline: Timeline): WholeRun => {
  const header: RunHeader = {
    id: facts.id ?? '2026-01-01-a-run',
    test: known.test,
    startedAt: facts.startedAt ?? '2026-01-01T00:00:00.000Z',
    plannedSeconds: durationOf(known.shape),
    target: { url: facts.target ?? 'http://127.0.0.1:8080', addresses: ['127.0.0.1'], server: null },
    engine: { name: 'replay', version: '1', because: 'a test', exitCode: 0, users: 200, ...facts.engine },
    scenario: { file: null, journeys: [{ name: known.journey, weight: 1 }] },
    warmUp: { seconds: facts.warmUp ?? 0, because: facts.warmUp === undefined ? '' : '--warm-up' },
    shape: { ...known.shape, segments: known.shape.segments.map((segment) => ({ ...segment })) },
    preflightRequests: 1,
    caveats: [],
    provenance: {
      version: '0.1.0',
      node: 'v20.19.0',
      platform: 'linux x64',
      cpus: { model: 'test', count: 2 },
      memoryBytes: 4e9,
      gitCommit: null,
      seed: known.seed,
      command: ['perf', 'run', known.test],
      configuration: {},
    },
  }
  const seconds = timeline.seconds()
  const run = assemble(header, seconds, facts.ending ?? { state: 'completed', because: '' })
  // A test says how far its run is to be believed; what the rules make of such figures is tested at the rules.
  const validity = typeof facts.validity === 'object' ? facts.validity : { state: facts.validity ?? 'VALID', reasons: [] }
  return { ...run, timeline: seconds, probes: [...(facts.probes ?? [])], validity }
}
