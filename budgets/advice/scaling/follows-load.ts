/** Whether a metric moves with the load: one that does not can't steer an autoscaler. */
import { type Declined, declined, mean } from '../../../runner/stats/few.ts'

const fewest = 4 // loads; of three any order is perfect by chance too often
const follows = 0.8

/** Places in order, 1 for the smallest; equal values share the mean of theirs. */
const ranksOf = (values: readonly number[]): number[] => {
  const sorted = values.toSorted((a, b) => a - b)
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1)
}

const correlation = (xs: readonly number[], ys: readonly number[]): number => {
  const [x, y] = [mean(xs), mean(ys)]
  const product = (as: readonly number[], a: number, bs: readonly number[], b: number): number =>
    as.reduce((sum, each, at) => sum + (each - a) * ((bs[at] as number) - b), 0)
  return product(xs, x, ys, y) / Math.sqrt(product(xs, x, xs, x) * product(ys, y, ys, y))
}

/**
 * Spearman's rank correlation, −1 to 1. Source: Spearman, The Proof and Measurement of Association between Two Things, 1904.
 *
 * @param points one a step of the load: arrivals per second, and the metric meanwhile
 */
export const correlationWithLoad = (points: readonly { readonly rate: number; readonly value: number }[]): number | Declined => {
  const [rates, values] = [points.map(({ rate }) => rate), points.map(({ value }) => value)]
  if (new Set(rates).size < fewest)
    return declined(
      `Unknown whether it follows the load, because ${new Set(rates).size} different rates were seen and ${fewest} are needed. Run perf run breakpoint.`,
    )
  // Always the same has no rank at all.
  return new Set(values).size < 2 ? 0 : correlation(ranksOf(rates), ranksOf(values))
}

/** @example followsLoad(0.79) // false */
export const followsLoad = (correlation: number): boolean => Math.abs(correlation) >= follows
