/** k6's series in this project's words: one part of a second for each series and second. Translates and never judges. */
import type { Cell, TimelineSecond } from '../../run.ts'
import { empty, type Histogram, merge } from '../../stats/histogram.ts'
import type { SecondPart } from '../../timeline.ts'
import { EndpointNames } from '../virtual-user/endpoint-names.ts'
import { endpointName } from '../virtual-user/request.ts'
import { errorKindOf } from './error-kind.ts'
import { names } from './metric-names.ts'
import type { MetricSeries, Sample } from './metric-set.ts'
import { withoutZeros } from './offset.ts'

type Labels = ReadonlyMap<string, string>

/** What a time that starts when an arrival was due has to lose, in milliseconds, in a given second. */
export type LagOffset = {
  readonly at: (second: number) => number
  /** Of times that were told in the second in which they began: lags. */
  readonly lower: (histogram: Histogram, second: number) => Histogram
  /** Of times that were told in the second in which they ended. */
  readonly lowerEnded: (histogram: Histogram, second: number) => Histogram
}

type Place = {
  readonly second: number
  readonly labels: Labels
  readonly offset: LagOffset
  readonly endpoint: (labels: Labels) => string
  /** The only journey's name, or the first one's. */
  readonly journey: string
}
type Reader = (sample: Sample, place: Place) => Omit<SecondPart, 'second'> | undefined

const none = { completed: 0, failed: 0, interrupted: 0, unavailable: 0 }
const text = (labels: Labels, name: string): string => labels.get(name) ?? ''

const emptyCell = (endpoint: string, outcome: Cell['outcome']): Cell => ({
  endpoint,
  outcome,
  count: 0,
  statuses: {},
  errors: {},
  responseTime: empty,
  serviceTime: empty,
  setupTime: empty,
})

/** A script may have switched k6's own notion of a success off. */
const outcomeOf = (labels: Labels): Cell['outcome'] => {
  const expected = labels.get('expected_response')
  const status = Number(text(labels, 'status'))
  return (expected === undefined ? status >= 200 && status < 400 : expected === 'true') ? 'success' : 'failure'
}

const trend =
  (read: (values: Histogram, place: Place) => Omit<SecondPart, 'second'>): Reader =>
  (sample, place) =>
    sample.kind === 'trend' ? read(sample.values, place) : undefined
const counter =
  (read: (sum: number, place: Place) => Omit<SecondPart, 'second'>): Reader =>
  (sample, place) =>
    sample.kind === 'counter' ? read(sample.sum, place) : undefined

const duration = trend((values, { labels, endpoint }) => {
  const outcome = outcomeOf(labels)
  const status = text(labels, 'status')
  const kind = errorKindOf({ status: Number(status), code: Number(text(labels, 'error_code') || 1000), text: text(labels, 'error') })
  return {
    cells: [
      {
        ...emptyCell(endpoint(labels), outcome),
        count: values.count,
        statuses: { [status]: values.count },
        errors: outcome === 'failure' ? { [kind]: values.count } : {},
        serviceTime: status === '0' ? withoutZeros(values) : values,
      },
    ],
  }
})

const measuredCell = (labels: Labels, responseTime: Histogram): Omit<SecondPart, 'second'> => ({
  cells: [{ ...emptyCell(text(labels, 'endpoint'), text(labels, 'outcome') === 'failure' ? 'failure' : 'success'), responseTime }],
})

/** Successes of endpoints that were known before the load, each in trends of its own. */
const knownReaders = (endpoints: readonly string[]): Readonly<Record<string, Reader>> =>
  Object.fromEntries(
    endpoints.flatMap((endpoint, index) => {
      const successes = (responseTime: Histogram) => ({ cells: [{ ...emptyCell(endpoint, 'success'), responseTime }] })
      return [
        [`${names.firstResponseTime}_${index}`, trend((values, { offset, second }) => successes(offset.lowerEnded(values, second)))],
        [`${names.responseTime}_${index}`, trend((values) => successes(values))],
        [
          `${names.wholeTime}_${index}`,
          trend((values, { offset, second, journey }) => {
            const time = offset.lowerEnded(values, second)
            return { ...successes(time), journeyTime: { [journey]: time }, iterations: { ...none, completed: values.count } }
          }),
        ],
      ]
    }),
  )

/** Readers of what this project's code and k6 itself count; everything else is a metric of the user's. */
const readers: Readonly<Record<string, Reader | null>> = {
  http_req_duration: duration,
  http_req_blocked: trend((values, { labels, endpoint }) => ({ cells: [{ ...emptyCell(endpoint(labels), outcomeOf(labels)), setupTime: values }] })),
  [names.firstResponseTime]: trend((values, { labels, offset, second }) => measuredCell(labels, offset.lowerEnded(values, second))),
  [names.responseTime]: trend((values, { labels }) => measuredCell(labels, values)),
  [names.lag]: trend((values, { offset, second }) => ({ started: values.count, lag: offset.lower(values, second) })),
  [names.journeyTime]: trend((values, { labels, offset, second, journey }) => ({
    journeyTime: { [text(labels, 'journey') || journey]: offset.lowerEnded(values, second) },
    iterations: { ...none, completed: values.count },
  })),
  [names.threw]: counter((sum) => ({ iterations: { ...none, completed: sum, failed: sum } })),
  [names.unavailable]: counter((sum) => ({ iterations: { ...none, unavailable: sum } })),
  [names.groupTime]: trend((values, { labels }) => ({ groups: { [text(labels, 'part')]: values } })),
  [names.tagged]: counter((sum, { labels }) => ({ metrics: { [`requests{${text(labels, 'tag')}=${text(labels, 'value')}}`]: { kind: 'counter', sum } } })),
  dropped_iterations: counter((sum) => ({ dropped: sum })),
  checks: (sample, { labels }) =>
    sample.kind === 'rate' ? { checks: { [text(labels, 'check')]: { passed: sample.nonzero, failed: sample.total - sample.nonzero } } } : undefined,
  group_duration: trend((values, { labels }) => ({ groups: { [text(labels, 'group').replace(/^::/, '')]: values } })),
  data_received: counter((sum) => ({ bytesReceived: sum })),
  data_sent: counter((sum) => ({ bytesSent: sum })),
  http_reqs: null,
  http_req_failed: null,
  http_req_connecting: null,
  http_req_tls_handshaking: null,
  http_req_sending: null,
  http_req_waiting: null,
  http_req_receiving: null,
  iterations: null,
  // k6's own account of how long a user was held, next to which the journeys' times are ours.
  iteration_duration: trend((values) => ({ userTime: { inUse: 0, held: values.sum / 1000 } })),
  vus: null,
  vus_max: null,
}

/** A metric that the scenario or script made; a rate is told as two counters. */
const ownMetric = (metric: string, sample: Sample): Omit<SecondPart, 'second'> | undefined => {
  const name = metric.startsWith(names.own) ? metric.slice(names.own.length) : metric
  const metrics: TimelineSecond['metrics'] =
    sample.kind === 'counter'
      ? { [name]: { kind: 'counter', sum: sample.sum } }
      : sample.kind === 'trend'
        ? { [name]: { kind: 'trend', values: sample.values } }
        : sample.kind === 'rate'
          ? { [`${name}_nonzero`]: { kind: 'counter', sum: sample.nonzero }, [`${name}_total`]: { kind: 'counter', sum: sample.total } }
          : {}
  return Object.keys(metrics).length > 0 ? { metrics } : undefined
}

/** Set-up and teardown are in no figure; k6 gives their samples no scenario. */
const isOfLoad = (metric: string, labels: Labels): boolean => text(labels, 'scenario') !== '' || metric === 'dropped_iterations'

/** Of a script under its own options k6 itself counts the iterations; nothing of ours is around them. */
const ownOptionsReaders = (name: string): Readonly<Record<string, Reader>> => ({
  iterations: counter((sum) => ({ planned: sum, started: sum, iterations: { ...none, completed: sum } })),
  iteration_duration: trend((values) => ({ journeyTime: { [name]: values }, userTime: { inUse: 0, held: values.sum / 1000 } })),
  dropped_iterations: counter((sum) => ({ planned: sum, dropped: sum })),
})

/**
 * Requests of a script that went past the functions we could watch have no response time of ours; k6's duration is the nearest there is.
 * All metrics of a second come in one push, so a push is enough to tell.
 */
function* missingResponseTimes(parts: readonly SecondPart[]): Generator<SecondPart> {
  const cells = new Map<string, { second: number; cell: Cell; service: Histogram[]; hasResponseTime: boolean }>()
  for (const { second, cells: told = [] } of parts) {
    for (const cell of told) {
      const key = `${second}\n${cell.endpoint}\n${cell.outcome}`
      const known = cells.get(key) ?? { second, cell, service: [], hasResponseTime: false }
      known.service.push(cell.serviceTime)
      known.hasResponseTime ||= cell.responseTime.count > 0
      cells.set(key, known)
    }
  }
  for (const { second, cell, service, hasResponseTime } of cells.values()) {
    const responseTime = merge(service)
    if (!hasResponseTime && responseTime.count > 0) yield { second, cells: [{ ...emptyCell(cell.endpoint, cell.outcome), responseTime }] }
  }
}

export type Origin = {
  /** Base URL; requests to other hosts are named with their host. */
  readonly target: string
  readonly mode: 'journeys' | 'script' | 'own-options'
  /** The journey that a script stands for, or the scenario's first. */
  readonly name: string
  /** What the n-th trends of known endpoints are of. */
  readonly endpoints?: readonly string[]
}

/** Translates series pushed by one run. */
export class Translator {
  readonly names = new EndpointNames()
  readonly #readers: Readonly<Record<string, Reader | null>>

  /** @param start Unix second in which the load began; the run's second 0 */
  constructor(
    private readonly start: number,
    private readonly offset: LagOffset,
    private readonly origin: Origin,
  ) {
    this.#readers = {
      ...readers,
      ...knownReaders(origin.endpoints ?? []),
      ...(origin.mode === 'own-options' ? ownOptionsReaders(origin.name) : {}),
    }
  }

  /** Parts of seconds, in the order of the series. */
  parts(series: Iterable<MetricSeries>): SecondPart[] {
    const parts = [...this.#parts(series)]
    return this.origin.mode === 'journeys' ? parts : [...parts, ...missingResponseTimes(parts)]
  }

  *#parts(series: Iterable<MetricSeries>): Generator<SecondPart> {
    for (const { metric, labels, samples } of series) {
      const reader = this.#readers[metric]
      if (reader === null || !isOfLoad(metric, labels)) continue
      for (const sample of samples) {
        const second = sample.time - this.start
        if (second < 0) continue
        const part =
          reader === undefined
            ? ownMetric(metric, sample)
            : reader(sample, { second, labels, offset: this.offset, endpoint: this.#endpointOf, journey: this.origin.name })
        if (part === undefined) continue
        const cells = part.cells?.map((cell) => ({ ...cell, endpoint: this.names.of(cell.endpoint) }))
        yield { second, ...part, ...(cells && { cells }) }
      }
    }
  }

  /** k6 names a request by its URL unless the script does; a journey's requests are named by endpoint already. */
  readonly #endpointOf = (labels: Labels): string => {
    const name = text(labels, 'name')
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(name) ? endpointName(text(labels, 'method') || 'GET', name, this.origin.target) : name
  }
}
