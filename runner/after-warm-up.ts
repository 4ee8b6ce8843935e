/**
 * What of a run counts: all that follows its planned warm-up. Judging and reporting see this view and nothing else;
 * run.json and the timeline keep the whole run.
 */
import type { Run, RunRecord, Seconds, TimelineSecond } from './run.ts'
import { totalOf } from './second-sum.ts'

/**
 * Load of some seconds of a run. Planned is what was started or dropped in them: an arrival that fell due in the last
 * instant of the warm-up and started after it belongs to one side only, so that both sides add up to the whole.
 */
export const loadOf = (total: TimelineSecond): RunRecord['load'] => ({
  planned: total.started + total.dropped,
  started: total.started,
  dropped: total.dropped,
  completed: total.cells.reduce((sum, cell) => sum + cell.count, 0),
  failed: total.cells.reduce((sum, cell) => sum + (cell.outcome === 'failure' ? cell.count : 0), 0),
})

/** All but the first seconds, which stay where they are: packed, in a long run. */
const from = (timeline: Seconds, first: number): Seconds => ({
  length: Math.max(0, timeline.length - first),
  at: (index) => timeline.at(first + index),
  slice: (begin, end) => timeline.slice(first + begin, first + end),
  *[Symbol.iterator]() {
    for (let index = first; index < timeline.length; index++) yield timeline.at(index) as TimelineSecond
  },
})

const cut = (run: Run): Run => {
  const { seconds } = run.warmUp
  const timeline = from(run.timeline, seconds)
  const total = totalOf(timeline)
  return {
    ...run,
    durationSeconds: Math.max(0, run.durationSeconds - seconds),
    load: loadOf(total),
    // Journeys under way as the warm-up ends started in it and end after it. Only those cut off at the end are still open.
    iterations: { ...total.iterations, interrupted: Math.max(total.iterations.interrupted, run.load.started - run.iterations.completed) },
    lag: total.lag,
    endpoints: total.cells,
    journeyTime: total.journeyTime,
    checks: total.checks,
    groups: total.groups,
    metrics: total.metrics,
    bytesReceived: total.bytesReceived,
    bytesSent: total.bytesSent,
    probes: run.probes.map((series) => {
      const kept = series.at.map((at) => at >= seconds)
      return { ...series, at: series.at.filter((_, index) => kept[index]), values: series.values.filter((_, index) => kept[index]) }
    }),
    timeline,
  }
}

const views = new WeakMap<Run, Run>() // judging and drawing ask one after the other, and an hour of seconds takes its time to add up

/**
 * The part of a run that counts: requests and journeys that end, and arrivals that start or are dropped, after the first
 * `warmUp.seconds`. The run itself where no warm-up was planned. Moments stay seconds since the start of the load.
 * Its view is its own view, so that whoever is handed one may ask again.
 */
export const afterWarmUp = (run: Run): Run => {
  if (run.warmUp.seconds === 0) return run
  const known = views.get(run)
  if (known !== undefined) return known
  const view = cut(run)
  views.set(run, view)
  views.set(view, view)
  return view
}

/** The part that was cut, added up; `undefined` where no warm-up was planned. */
export const cutOf = (run: Run): TimelineSecond | undefined => (run.warmUp.seconds === 0 ? undefined : totalOf(run.timeline.slice(0, run.warmUp.seconds)))
