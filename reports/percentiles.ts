/** The six percentiles of a report, with the two ways in which one can't be a number. */
import type { Histogram } from '../runner/stats/histogram.ts'
import { quantileBounds } from '../runner/stats/quantile.ts'
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

export const percentilesOf = (histogram: Histogram, missing = 0): Percentiles => ({
  p50: percentile(histogram, 0.5, missing),
  p90: percentile(histogram, 0.9, missing),
  p95: percentile(histogram, 0.95, missing),
  p99: percentile(histogram, 0.99, missing),
  p999: percentile(histogram, 0.999, missing),
  max: missing > 0 ? Infinity : histogram.count > 0 ? histogram.max : null,
})
