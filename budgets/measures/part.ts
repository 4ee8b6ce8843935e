/** A stretch of a run that a limit is held against: the whole of it, or a window. */
import type { Run, TimelineSecond } from '../../runner/run.ts'
import type { Seconds } from '../../scenarios/units.ts'

export type Part = {
  readonly from: Seconds
  readonly length: Seconds
  readonly seconds: readonly TimelineSecond[]
  /** Arrivals that started and whose journey never ended: their last request may have been of any length. */
  readonly pending: number
}

const pendingOf = (run: Run): number => Math.max(0, run.load.started - run.iterations.completed)

/** The run's own totals as if they were one long second, so that no timeline is needed. */
export const wholeOf = (run: Run): Part => ({
  from: 0,
  length: run.durationSeconds,
  pending: pendingOf(run),
  seconds: [
    {
      second: 0,
      planned: run.load.planned,
      started: run.load.started,
      dropped: run.load.dropped,
      iterations: run.iterations,
      users: run.engine.users,
      lag: run.lag,
      journeyTime: run.journeyTime,
      cells: run.endpoints,
      checks: run.checks,
      groups: run.groups,
      metrics: run.metrics,
      bytesReceived: run.bytesReceived,
      bytesSent: run.bytesSent,
    },
  ],
})

const joined = (a: Part, b: Part): Part => ({
  from: a.from,
  length: a.length + b.length,
  pending: a.pending + b.pending,
  seconds: [...a.seconds, ...b.seconds],
})

/**
 * The run cut into windows. One that holds too little is joined with the next, and the last with the one before it:
 * a quiet stretch then lengthens its window instead of making the whole run unknown.
 */
export const windowsOf = (run: Run, window: Seconds, isEnough: (part: Part) => boolean): Part[] => {
  const { timeline } = run
  const unaccounted = Math.max(0, pendingOf(run) - timeline.reduce((sum, { iterations }) => sum + iterations.interrupted, 0))
  const parts: Part[] = []
  let open: Part | undefined
  for (let from = 0; from < timeline.length; from += window) {
    const seconds = timeline.slice(from, from + window)
    const isLast = from + window >= timeline.length
    const pending = seconds.reduce((sum, { iterations }) => sum + iterations.interrupted, 0) + (isLast ? unaccounted : 0)
    const part: Part = { from, length: seconds.length, seconds, pending }
    open = open === undefined ? part : joined(open, part)
    if (open.length < window || !isEnough(open)) continue
    parts.push(open)
    open = undefined
  }
  if (open === undefined) return parts
  const before = parts.pop()
  return [...parts, before === undefined ? open : joined(before, open)]
}

export const sumOf = (part: Part, value: (second: TimelineSecond) => number): number => part.seconds.reduce((sum, second) => sum + value(second), 0)
