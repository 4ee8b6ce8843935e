/** The six percentiles of a report, with the two ways in which one can't be a number. */
import type { Histogram } from '../runner/stats/histogram.ts'
import { quantileBounds } from '../runner/stats/quantile.ts'
import { milliseconds } from './format.ts'
import type { Percentiles } from './report.ts'

export const percentileOf = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const
export type PercentileName = keyof typeof percentileOf
export const percentileNames = Object.keys(percentileOf) as PercentileName[]

/** "p99.9", as people write it. */
export const percentileLabel = (name: PercentileName | 'max'): string => (name === 'p999' ? 'p99.9' : name)

/** Samples without which percentile p would only be another name for the slowest one. @example samplesFor(0.99) // 100 */
export const samplesFor = (p: number): number => Math.ceil(1 / (1 - p) - 1e-6)

/**
 * Percentile p of `histogram` and `missing` samples that never ended: null below {@link samplesFor} samples, Infinity when it lies among the missing.
 * @example percentile(histogramOf([1, 2, 3]), 0.5) // about 2
 */
export const percentile = (histogram: Histogram, p: number, missing = 0): number | null => {
  const samples = histogram.count + missing
  return samples === 0 || samples < samplesFor(p) ? null : quantileBounds(histogram, p, missing).upper
}

/** Lower ends of what lies among the missing (anything from 0 to Infinity) and the endless (slower than every answer). */
const lowerEnds = (histogram: Histogram, missing: number, endless: number): NonNullable<Percentiles['atLeast']> =>
  Object.fromEntries(
    [...percentileNames.map((name) => [name, percentileOf[name]] as const), ['max', 1] as const]
      .map(([name, p]) => [name, { p, ...quantileBounds(histogram, p, missing, endless) }] as const)
      .filter(
        ([, { p, lower, upper }]) => upper === Infinity && lower > 0 && lower < Infinity && (p === 1 || histogram.count + missing + endless >= samplesFor(p)),
      )
      .map(([name, { lower }]) => [name, lower]),
  )

/** @param missing samples that may have taken anything, such as dropped arrivals @param endless samples slower than every answer: timeouts */
export const percentilesOf = (histogram: Histogram, missing = 0, endless = 0): Percentiles => {
  const at = (p: number): number | null => percentile(histogram, p, missing + endless)
  const atLeast = lowerEnds(histogram, missing, endless)
  return {
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: missing + endless > 0 ? Infinity : histogram.count > 0 ? histogram.max : null,
    ...(Object.keys(atLeast).length > 0 && { atLeast }),
  }
}

/** A percentile in words; one without an upper end as what it is at least. @example shown({ p95: Infinity, atLeast: { p95: 883 }, … }, 'p95') // '≥ 883 ms' */
export const shown = (times: Percentiles, name: PercentileName | 'max'): string => {
  const least = times.atLeast?.[name]
  return times[name] === Infinity && least !== undefined ? `≥ ${milliseconds(least)}` : milliseconds(times[name])
}
