/** Puts a Run together from what was known before the load, the seconds it told, and how it ended. */
import { type Run, type RunRecord, runFormat, type Series, type TimelineSecond } from './run.ts'
import { totalOf } from './timeline.ts'
import { assess } from './validity/assess.ts'

/** What is known of a run before its first second; saved at once, so that a run that is killed can still be put together. */
export type RunHeader = Pick<
  RunRecord,
  'id' | 'test' | 'startedAt' | 'plannedSeconds' | 'target' | 'engine' | 'scenario' | 'shape' | 'preflightRequests' | 'caveats' | 'provenance'
> &
  Partial<Pick<RunRecord, 'observations'>>

const loadOf = (total: TimelineSecond): RunRecord['load'] => ({
  planned: total.planned,
  started: total.started,
  dropped: total.dropped,
  completed: total.cells.reduce((sum, cell) => sum + cell.count, 0),
  failed: total.cells.reduce((sum, cell) => sum + (cell.outcome === 'failure' ? cell.count : 0), 0),
})

/** Totals are sums of the seconds and nothing else. @param probes what was read of resources meanwhile */
export const assemble = (header: RunHeader, timeline: readonly TimelineSecond[], ending: RunRecord['ending'], probes: readonly Series[] = []): Run => {
  const total = totalOf(timeline)
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
    validity: assess({ ...facts, caveats: header.caveats, timeline }),
    timeline,
  }
}

/**
 * A run whose program ended before it did. What was still planned, nobody can tell from here, so planned is what was started or
 * dropped, second by second; started journeys that left no trace count as interrupted.
 */
export const assembleIncomplete = (header: RunHeader, told: readonly TimelineSecond[]): Run => {
  const started = told.reduce((sum, second) => sum + second.started, 0)
  const ended = told.reduce((sum, { iterations }) => sum + iterations.completed + iterations.interrupted, 0)
  const timeline = told.map((second, index) => ({
    ...second,
    planned: second.started + second.dropped,
    iterations:
      index === told.length - 1 ? { ...second.iterations, interrupted: second.iterations.interrupted + Math.max(0, started - ended) } : second.iterations,
  }))
  return assemble(header, timeline, {
    state: 'incomplete',
    because: `perf itself ended in mid-run; ${timeline.length} of ${header.plannedSeconds} s were kept`,
  })
}
