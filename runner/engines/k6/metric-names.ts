/** Names of the metrics that this project's code inside k6 keeps, and the marks it leaves in k6's log. */
import type { Method } from '../../../scenarios/journey.ts'

export const names = {
  /** Trend at each start: start minus due, k6's constant offset included. */
  lag: 'perf_lag',
  /** Trend at a journey's first request: lag + set-up + service time. Apart from the rest, because the offset of the lag is taken out later. */
  firstResponseTime: 'perf_first_response_time',
  /** Trend at each later request: set-up + service time. */
  responseTime: 'perf_response_time',
  /** Trend of journeys that are one request and nothing else: its time from due, which is the journey's, too. */
  wholeTime: 'perf_whole_time',
  /** Trend at each journey's end, from due; failed journeys left out. */
  journeyTime: 'perf_journey_time',
  groupTime: 'perf_group_time',
  /** Counter of journeys that threw. */
  threw: 'perf_threw',
  /** Counter of journeys that met a connection failure, a timeout or a 5xx. */
  unavailable: 'perf_unavailable',
  /** Counter of requests by a tag of the user's. */
  tagged: 'perf_tagged_requests',
  /** In front of a metric that the scenario declares. */
  own: 'perf_own_',
} as const

/** What the bundle says of the requests before any is made; the n-th endpoint has trends named with `_n` at their end. */
export type Known = {
  readonly endpoints: readonly string[]
  /** The only journey makes one request and does nothing else. */
  readonly isOneRequest: boolean
  /** That request, when it can be made without the journey around it. Its answer is read by nobody, so k6 is told to keep no bodies. */
  readonly sole?: { readonly method: Method; readonly url: string } | undefined
}
export const nothingKnown: Known = { endpoints: [], isOneRequest: false }

/** In front of console lines that are meant for the engine and not for people. */
export const marks = { start: 'perf-start ', threw: 'perf-threw ', note: 'perf-note ', pilot: 'perf-pilot ' } as const
