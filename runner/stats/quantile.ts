/** Percentiles of many samples: nearest rank (Hyndman & Fan 1996, type 1), read from a histogram's buckets. */
import { type Histogram, type Milliseconds, midpoint, mostBuckets } from './histogram.ts'

/** 1-based rank of the p-quantile among n; the 1e-9 repairs ⌈0.55·100⌉ = 56 in binary arithmetic. */
export const rankOf = (p: number, n: number): number => Math.max(1, Math.ceil(p * n - 1e-9))

/** The value of rank `rank` (1-based): its bucket's midpoint, kept within the exact minimum and maximum. */
const valueAtRank = (histogram: Histogram, rank: number): Milliseconds => {
  const { buckets } = histogram
  let seen = 0
  for (let at = 0; at < buckets.length; at += 2) {
    seen += buckets[at + 1] as number
    if (seen >= rank) return Math.min(histogram.max, Math.max(histogram.min, midpoint(buckets[at] as number)))
  }
  return histogram.max
}

/**
 * Quantile p (0–1) in milliseconds, within 0.39 %; p = 0 and 1 are exact; `undefined` when there are no samples.
 * @example quantile(histogramOf([1, 2, 3, 4]), 0.5) // about 2
 */
export const quantile = (histogram: Histogram, p: number): Milliseconds | undefined => {
  if (histogram.count === 0) return undefined
  if (p <= 0) return histogram.min
  if (p >= 1) return histogram.max
  return valueAtRank(histogram, rankOf(p, histogram.count))
}

const counts = new Float64Array(mostBuckets)

/** Quantile p of several histograms together, without merging them: an hour with 50 endpoints asks this of 180,000. Undefined without samples. */
export const quantileOver = (histograms: readonly Histogram[], p: number): Milliseconds | undefined => {
  let [all, first, last, min, max] = [0, mostBuckets, -1, Infinity, 0]
  for (const { buckets, ...histogram } of histograms) {
    if (histogram.count === 0) continue
    for (let at = 0; at < buckets.length; at += 2) {
      const bucket = buckets[at] as number
      counts[bucket] = (counts[bucket] as number) + (buckets[at + 1] as number)
    }
    all += histogram.count
    first = Math.min(first, buckets[0] as number)
    last = Math.max(last, buckets[buckets.length - 2] as number)
    min = Math.min(min, histogram.min)
    max = Math.max(max, histogram.max)
  }
  if (all === 0) return undefined
  const rank = rankOf(p, all)
  let bucket = first
  for (let seen = counts[bucket] as number; seen < rank && bucket < last; ) seen += counts[++bucket] as number
  counts.fill(0, first, last + 1)
  return Math.min(max, Math.max(min, midpoint(bucket)))
}

/**
 * Bounds of quantile p when the value of some samples is not known.
 * missing: dropped arrivals, requests cut off; anything from 0 to Infinity · endless: timeouts, known to be slower than every answer.
 * lower: the missing were fastest; upper: they were slowest, so it is Infinity once p reaches into them.
 * Source: Manski, Partial Identification of Probability Distributions, 2003.
 * @example quantileBounds(histogramOf(oneToHundred), 0.95, 5) // about { lower: 95, upper: 100 }
 * @example quantileBounds(histogramOf(oneToHundred), 0.95, 0, 20) // { lower: Infinity, upper: Infinity }
 */
export const quantileBounds = (
  histogram: Histogram,
  p: number,
  missing: number,
  endless = 0,
): { readonly lower: Milliseconds; readonly upper: Milliseconds } => {
  const n = histogram.count
  const all = n + missing + endless
  if (all === 0) return { lower: 0, upper: Infinity }
  const rank = p <= 0 ? 1 : p >= 1 ? all : rankOf(p, all)
  const at = (position: number): Milliseconds => {
    if (position < 1) return 0
    if (position > n) return Infinity
    // The first and the last are known exactly; their buckets are not needed when p asks for just them.
    if (p <= 0 && position === 1) return histogram.min
    if (p >= 1 && position === n) return histogram.max
    return valueAtRank(histogram, position)
  }
  return { lower: at(rank - missing), upper: at(rank) }
}

/** Share of samples at or below a value, 0–1, to bucket accuracy; `undefined` when there are none. */
export const shareBelow = (histogram: Histogram, limit: Milliseconds): number | undefined => {
  if (histogram.count === 0) return undefined
  let below = 0
  for (let at = 0; at < histogram.buckets.length; at += 2) if (midpoint(histogram.buckets[at] as number) <= limit) below += histogram.buckets[at + 1] as number
  return below / histogram.count
}
