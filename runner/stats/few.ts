/** Statistics of few values: runs, blocks, readings of a probe. Quantiles of many answers are in quantile.ts, by another definition. */

/** A figure that can't be stood behind, and the sentence that says why. */
export type Declined = { readonly declined: true; readonly because: string }
export const declined = (because: string): Declined => ({ declined: true, because })

/** Quantile of Hyndman & Fan 1996, type 7, the default of R and numpy: h = (n − 1)·p, between the neighbours of rank h. @example quantileOfFew([1, 2, 3, 4], 0.95) // 3.85 */
export const quantileOfFew = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const h = (sorted.length - 1) * p
  const [low, high] = [sorted[Math.floor(h)] ?? Number.NaN, sorted[Math.ceil(h)] ?? Number.NaN]
  return low + (h - Math.floor(h)) * (high - low)
}

/** Mean of the middle two when their number is even. @example median([4, 1, 3, 2]) // 2.5 */
export const median = (values: readonly number[]): number => quantileOfFew(values, 0.5)

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
