/** Statistics of few values: runs, blocks, readings of a probe. Quantiles of many answers are in quantile.ts, by another definition. */

/** A figure that can't be stood behind, and the sentence that says why. */
export type Declined = { readonly declined: true; readonly because: string }
export const declined = (because: string): Declined => ({ declined: true, because })

/** Quantile of Hyndman & Fan 1996, type 7, the default of R and numpy: h = (n − 1)·p, between the neighbours of rank h. @example quantileOfFew([1, 2, 3, 4], 0.95) // 3.85 */
export const quantileOfFew = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const h = (sorted.length - 1) * p
  const [low, high] = [sorted[Math.floor(h)] ?? Number.NaN, sorted[Math.ceil(h)] ?? Number.NaN]
  // Two that never ended are no distance apart.
  return low === high ? low : low + (h - Math.floor(h)) * (high - low)
}

/** Mean of the middle two when their number is even. @example median([4, 1, 3, 2]) // 2.5 */
export const median = (values: readonly number[]): number => quantileOfFew(values, 0.5)

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Interval for the median of few values, by their ranks: between the k-th lowest and the k-th highest, k the largest for which both tails
 * of a fair coin stay within 5 % together. No shape is assumed; fewer than 6 values have none.
 * Source: Conover, Practical Nonparametric Statistics, 3rd ed., 1999, section 3.2.
 *
 * @example medianInterval([3, 1, 4, 1, 5, 9]) // { low: 1, high: 9 }
 */
export const medianInterval = (values: readonly number[]): { readonly low: number; readonly high: number } | undefined => {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = medianRank(sorted.length)
  const [low, high] = [sorted[rank - 1], sorted[sorted.length - rank]]
  return low === undefined || high === undefined ? undefined : { low, high }
}

/** The largest k for which fewer than k heads in n throws have a probability of at most 2.5 %; from 1,000 on by the normal distribution. */
const medianRank = (n: number): number => {
  if (n > 1000) return Math.floor((n - 1.96 * Math.sqrt(n)) / 2)
  let probability = 0.5 ** n // of exactly `rank` heads
  let tail = probability
  let rank = 0
  while (tail <= 0.025) {
    probability *= (n - rank) / (rank + 1)
    rank += 1
    tail += probability
  }
  return rank
}
