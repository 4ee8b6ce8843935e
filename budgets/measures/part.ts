/** A stretch of a run that a limit is held against: the whole of it, a window, or a step of its load (load-step.ts). */
import type { Run, TimelineSecond } from '../../runner/run.ts'
import { totalOf } from '../../runner/second-sum.ts'
import type { Seconds } from '../../scenarios/units.ts'

export type Part = {
  readonly from: Seconds
  readonly length: Seconds
  readonly seconds: readonly TimelineSecond[]
  /** Arrivals that started and whose journey never ended: their last request may have been of any length. */
  readonly pending: number
  /** Of a step: the load that it had. @example 'at 40/s' */
  readonly load?: string
}

/** In what follows a warm-up, journeys that began in it are completed too, so the difference alone would say too little. */
const pendingOf = ({ load, iterations }: Run): number => Math.max(iterations.interrupted, load.started - iterations.completed)

/** The run's own totals as if they were one long second, so that no timeline is needed. */
export const wholeOf = (run: Run): Part => ({
  from: run.warmUp.seconds,
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

/** `b` follows `a`; of two steps the load of `b` is kept. */
export const join = (a: Part | undefined, b: Part): Part =>
  a === undefined ? b : { ...b, from: a.from, length: a.length + b.length, pending: a.pending + b.pending, seconds: [...a.seconds, ...b.seconds] }

function* secondsOf({ timeline }: Run, from: number, until: number): Generator<TimelineSecond> {
  for (let index = from; index < until; index++) yield timeline.at(index) as TimelineSecond
}

/** Adds up seconds of a run, one after the other: of a long one they are packed, and together they would fill the memory. */
export const cutterOf = (run: Run): ((from: number, until: number) => Part) => {
  // Those whose second is known are told there; run.json has the sum of them.
  const unaccounted = Math.max(0, pendingOf(run) - run.iterations.interrupted)
  return (from, wanted) => {
    const until = Math.min(wanted, run.timeline.length)
    const only = until - from === 1 ? run.timeline.at(from) : undefined
    const total = only ?? totalOf(secondsOf(run, from, until))
    const pending = total.iterations.interrupted + (until === run.timeline.length ? unaccounted : 0)
    return { from: run.warmUp.seconds + from, length: until - from, seconds: [total], pending }
  }
}

/**
 * The run cut into windows, one after the other. One that holds too little is joined with the next, and the last with the one before
 * it: a quiet stretch then lengthens its window instead of making the whole run unknown.
 */
export function* windowsOf(run: Run, window: Seconds, isEnough: (part: Part) => boolean): Generator<Part> {
  const cut = cutterOf(run)
  let whole: Part | undefined
  let open: Part | undefined
  for (let from = 0; from < run.timeline.length; from += window) {
    open = join(open, cut(from, from + window))
    if (open.length < window || !isEnough(open)) continue
    if (whole !== undefined) yield whole
    whole = open
    open = undefined
  }
  const last = open === undefined ? whole : join(whole, open)
  if (last !== undefined) yield last
}

export const sumOf = (part: Part, value: (second: TimelineSecond) => number): number => part.seconds.reduce((sum, second) => sum + value(second), 0)
