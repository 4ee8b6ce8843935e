/** Puts a Run together from what was known before the load, the seconds it told, and how it ended. */
import { type Run, type RunRecord, runFormat, type Seconds, type Series, type TimelineSecond } from './run.ts'
import { totalOf } from './second-sum.ts'
import type { Milliseconds } from './stats/histogram.ts'
import { quantileOver } from './stats/quantile.ts'
import { assess } from './validity/assess.ts'

/** What is known of a run before its first second; saved at once, so that a run that is killed can still be put together. */
export type RunHeader = Pick<
  RunRecord,
  | 'id'
  | 'test'
  | 'startedAt'
  | 'plannedSeconds'
  | 'target'
  | 'engine'
  | 'scenario'
  | 'shape'
  | 'sweep'
  | 'warmUp'
  | 'preflightRequests'
  | 'caveats'
  | 'provenance'
> &
  Partial<Pick<RunRecord, 'observations' | 'watched'>>

const loadOf = (total: TimelineSecond): RunRecord['load'] => ({
  planned: total.planned,
  started: total.started,
  dropped: total.dropped,
  completed: total.cells.reduce((sum, cell) => sum + cell.count, 0),
  failed: total.cells.reduce((sum, cell) => sum + (cell.outcome === 'failure' ? cell.count : 0), 0),
})

const medianOf = (cells: TimelineSecond['cells']): { readonly p50?: Milliseconds } => {
  const p50 = quantileOver(
    cells.flatMap(({ outcome, responseTime }) => (outcome === 'success' ? [responseTime] : [])),
    0.5,
  )
  return p50 === undefined ? {} : { p50 }
}

/** What the rules of validity ask of each second; a long run's cells would fill the memory. */
const countsOf = ({ second, planned, started, dropped, users, userTime, cells }: TimelineSecond) => ({
  ...{ second, planned, started, dropped, users },
  ...(userTime && { userTime }),
  ...medianOf(cells),
})

/**
 * Totals are sums of the seconds and nothing else.
 * @param probes what was read of resources meanwhile
 * @param total for those who have it already: an hour takes a while to add up
 */
export const assemble = (
  header: RunHeader,
  timeline: Seconds,
  ending: RunRecord['ending'],
  probes: readonly Series[] = [],
  total: TimelineSecond = totalOf(timeline),
): Run => {
  const facts = {
    test: header.test,
    journeyTime: total.journeyTime,
    engine: header.engine,
    load: loadOf(total),
    lag: total.lag,
    endpoints: total.cells,
    ending,
    iterations: total.iterations,
    probes: [...probes],
  }
  return {
    format: runFormat,
    ...header,
    ...facts,
    durationSeconds: timeline.length,
    checks: total.checks,
    groups: total.groups,
    metrics: total.metrics,
    bytesReceived: total.bytesReceived,
    bytesSent: total.bytesSent,
    validity: assess({ ...facts, caveats: header.caveats, shape: header.shape, warmUp: header.warmUp, timeline: Array.from(timeline, countsOf) }),
    timeline,
  }
}
