/** The run over time: counts for each second, response times over stretches long enough to state them, stages of the shape. All merge seconds; none averages. */
import { perArrivalOf } from '../budgets/measures/times.ts'
import type { Run } from '../runner/run.ts'
import { merge } from '../runner/stats/histogram.ts'
import type { Moment } from './moments.ts'
import { percentile, samplesFor } from './percentiles.ts'
import type { Point, Span, Stage } from './report.ts'

/** More points than this tell the eye nothing and make the page heavy. */
const mostPoints = 600
/** Fewer spans than this and a spike would vanish in its surroundings. */
const fewestSpans = 24
const widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400] as const

const groups = (moments: readonly Moment[], width: number): Moment[][] =>
  Array.from({ length: Math.ceil(moments.length / width) }, (_, index) => moments.slice(index * width, (index + 1) * width))

const sum = <T>(items: readonly T[], value: (item: T) => number): number => items.reduce((total, item) => total + value(item), 0)

const errorsOf = (moments: readonly Moment[]): Record<string, number> => {
  const errors: Record<string, number> = {}
  for (const moment of moments) for (const [kind, times] of Object.entries(moment.errors)) errors[kind] = (errors[kind] ?? 0) + times
  return errors
}

const pointOf = (moments: readonly Moment[]): Point => {
  const [succeeded, failed] = [sum(moments, (moment) => moment.succeeded), sum(moments, (moment) => moment.failed)]
  return {
    second: moments[0]?.second ?? 0,
    seconds: moments.length,
    planned: sum(moments, ({ planned }) => planned),
    started: sum(moments, ({ started }) => started),
    dropped: sum(moments, ({ dropped }) => dropped),
    finished: sum(moments, ({ finished }) => finished),
    completed: succeeded + failed,
    failed,
    achieved: succeeded / Math.max(1, moments.length),
    errors: errorsOf(moments),
    users: moments.reduce((most, { users }) => Math.max(most, users), 0),
  }
}

const pointWidth = (length: number): number => widths.find((width) => length / width <= mostPoints) ?? Math.ceil(length / mostPoints)

export const pointsOf = (moments: readonly Moment[]): Point[] => groups(moments, pointWidth(moments.length)).map(pointOf)

/** Requests that each dropped arrival takes with it: as a journey that got through made on average, the same number that judging counts. */
export const lostTo = (dropped: number, run: Run, requests = run.load.completed): number => Math.ceil(dropped * perArrivalOf(run, requests) - 1e-9)

const spanOf = (moments: readonly Moment[], run: Run): Span => {
  const histogram = merge(moments.map(({ responseTime }) => responseTime))
  const lost = lostTo(
    sum(moments, ({ dropped }) => dropped),
    run,
  )
  const missing = (errorsOf(moments).timeout ?? 0) + lost
  return {
    second: moments[0]?.second ?? 0,
    seconds: moments.length,
    answers: histogram.count,
    p50: percentile(histogram, 0.5, missing),
    p95: percentile(histogram, 0.95, missing),
    p99: percentile(histogram, 0.99, missing),
  }
}

/** The narrowest span in which most seconds' answers can state p99, or failing that p95; a point's width when neither is to be had. */
const spanWidth = (moments: readonly Moment[]): number => {
  const narrowest = pointWidth(moments.length)
  const answers = moments
    .map(({ succeeded }) => succeeded)
    .filter((n) => n > 0)
    .sort((a, b) => a - b)
  const typical = answers[Math.floor(answers.length / 2)] ?? 0
  const affordable = widths.filter((width) => width >= narrowest && (width === narrowest || moments.length / width >= fewestSpans))
  const enoughFor = (p: number): number | undefined => affordable.find((width) => width * typical >= samplesFor(p))
  return enoughFor(0.99) ?? enoughFor(0.95) ?? narrowest
}

export const spansOf = (moments: readonly Moment[], run: Run): Span[] => groups(moments, spanWidth(moments)).map((group) => spanOf(group, run))

type Segment = Run['shape']['segments'][number]
const lastRate = (segment: Segment): number =>
  segment.kind === 'linear' ? segment.to : segment.floor + (segment.from - segment.floor) * Math.exp(-segment.duration / segment.tau)

/** The stages of the shape. A second belongs to the stage in which its middle lies; answers that came after the end belong to the last stage. */
export const stagesOf = (moments: readonly Moment[], run: Run): Stage[] => {
  const { segments } = run.shape
  let end = 0
  return segments.map((segment, index) => {
    const start = end
    end += segment.duration
    const [from, until] = [start, index === segments.length - 1 ? Infinity : end]
    const within = moments.filter(({ second }) => second + 0.5 >= from && second + 0.5 < until)
    const { planned, started, dropped, completed, failed } = pointOf(within)
    const { p50, p95, p99 } = spanOf(within, run)
    return {
      label: segment.label,
      second: start,
      seconds: segment.duration,
      from: segment.from,
      to: lastRate(segment),
      reached: within.length > 0,
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
