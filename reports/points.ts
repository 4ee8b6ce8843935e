/** The run over time: counts for each second, response times over stretches long enough to state them, stages of the shape. All merge seconds; none averages. */
import { perArrivalOf } from '../budgets/measures/times.ts'
import type { Run, TimelineSecond } from '../runner/run.ts'
import { merge } from '../runner/stats/histogram.ts'
import { percentile, samplesFor } from './percentiles.ts'
import type { Point, Span, Stage } from './report.ts'

/** More points than this tell the eye nothing and make the page heavy. */
const mostPoints = 600
/** Fewer spans than this and a spike would vanish in its surroundings. */
const fewestSpans = 24
const widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400] as const

const groups = (timeline: readonly TimelineSecond[], width: number): TimelineSecond[][] =>
  Array.from({ length: Math.ceil(timeline.length / width) }, (_, index) => timeline.slice(index * width, (index + 1) * width))

const sum = <T>(items: readonly T[], value: (item: T) => number): number => items.reduce((total, item) => total + value(item), 0)

const errorsOf = (seconds: readonly TimelineSecond[]): Record<string, number> => {
  const errors: Record<string, number> = {}
  for (const { cells } of seconds)
    for (const cell of cells) for (const [kind, times] of Object.entries(cell.errors)) if (times > 0) errors[kind] = (errors[kind] ?? 0) + times
  return errors
}

const requests = (seconds: readonly TimelineSecond[], outcome: 'success' | 'failure'): number =>
  sum(seconds, ({ cells }) => sum(cells, (cell) => (cell.outcome === outcome ? cell.count : 0)))

const pointOf = (seconds: readonly TimelineSecond[]): Point => {
  const [succeeded, failed] = [requests(seconds, 'success'), requests(seconds, 'failure')]
  return {
    second: seconds[0]?.second ?? 0,
    seconds: seconds.length,
    planned: sum(seconds, (second) => second.planned),
    started: sum(seconds, (second) => second.started),
    dropped: sum(seconds, (second) => second.dropped),
    finished: sum(seconds, ({ iterations }) => iterations.completed - iterations.failed),
    completed: succeeded + failed,
    failed,
    achieved: succeeded / Math.max(1, seconds.length),
    errors: errorsOf(seconds),
    users: Math.max(0, ...seconds.map((second) => second.users)),
  }
}

const pointWidth = (length: number): number => widths.find((width) => length / width <= mostPoints) ?? Math.ceil(length / mostPoints)

export const pointsOf = ({ timeline }: Run): Point[] => groups(timeline, pointWidth(timeline.length)).map(pointOf)

/** Requests that each dropped arrival takes with it: as a journey that got through made on average, the same number that judging counts. */
export const lostTo = (dropped: number, run: Run, requests = run.load.completed): number => Math.ceil(dropped * perArrivalOf(run, requests) - 1e-9)

const spanOf = (seconds: readonly TimelineSecond[], run: Run): Span => {
  const histogram = merge(seconds.flatMap(({ cells }) => cells.filter(({ outcome }) => outcome === 'success').map((cell) => cell.responseTime)))
  const timeouts = errorsOf(seconds).timeout ?? 0
  const missing =
    timeouts +
    lostTo(
      sum(seconds, (second) => second.dropped),
      run,
    )
  return {
    second: seconds[0]?.second ?? 0,
    seconds: seconds.length,
    answers: histogram.count,
    p50: percentile(histogram, 0.5, missing),
    p95: percentile(histogram, 0.95, missing),
    p99: percentile(histogram, 0.99, missing),
  }
}

/** The narrowest span in which most seconds' answers can state p99, or failing that p95; a point's width when neither is to be had. */
const spanWidth = (timeline: readonly TimelineSecond[]): number => {
  const narrowest = pointWidth(timeline.length)
  const answers = timeline
    .map((second) => requests([second], 'success'))
    .filter((n) => n > 0)
    .sort((a, b) => a - b)
  const typical = answers[Math.floor(answers.length / 2)] ?? 0
  const affordable = widths.filter((width) => width >= narrowest && (width === narrowest || timeline.length / width >= fewestSpans))
  const enoughFor = (p: number): number | undefined => affordable.find((width) => width * typical >= samplesFor(p))
  return enoughFor(0.99) ?? enoughFor(0.95) ?? narrowest
}

export const spansOf = (run: Run): Span[] => groups(run.timeline, spanWidth(run.timeline)).map((seconds) => spanOf(seconds, run))

type Segment = Run['shape']['segments'][number]
const lastRate = (segment: Segment): number =>
  segment.kind === 'linear' ? segment.to : segment.floor + (segment.from - segment.floor) * Math.exp(-segment.duration / segment.tau)

/** The stages of the shape. A second belongs to the stage in which its middle lies; answers that came after the end belong to the last stage. */
export const stagesOf = (run: Run): Stage[] => {
  const { segments } = run.shape
  let end = 0
  return segments.map((segment, index) => {
    const start = end
    end += segment.duration
    const [from, until] = [start, index === segments.length - 1 ? Infinity : end]
    const seconds = run.timeline.filter(({ second }) => second + 0.5 >= from && second + 0.5 < until)
    const { planned, started, dropped, completed, failed } = pointOf(seconds)
    const { p50, p95, p99 } = spanOf(seconds, run)
    return {
      label: segment.label,
      second: start,
      seconds: segment.duration,
      from: segment.from,
      to: lastRate(segment),
      reached: seconds.length > 0,
      planned,
      started,
      dropped,
      completed,
      failed,
      errorRate: completed > 0 ? failed / completed : null,
      p50,
      p95,
      p99,
    }
  })
}
