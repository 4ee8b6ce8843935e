/**
 * Trends of few values, without assuming how they are distributed.
 * Sources: Mann, Nonparametric Tests Against Trend, 1945; Kendall, Rank Correlation Methods, 1975; Sen, Estimates of the Regression
 * Coefficient Based on Kendall's Tau, 1968; Hirsch, Slack & Smith, Techniques of Trend Analysis for Monthly Water Quality Data, 1982.
 * Meant for blocks (their medians or minima), not for raw samples: correlated samples raise false alarms tenfold (stats.md).
 */
import { median } from './few.ts'

const risesMinusFalls = (values: readonly number[]): number => {
  let sum = 0
  for (let j = 1; j < values.length; j++) for (let i = 0; i < j; i++) sum += Math.sign((values[j] as number) - (values[i] as number))
  return sum
}

const varianceOf = (values: readonly number[]): number => {
  const ties = new Map<number, number>()
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1)
  const term = (t: number): number => t * (t - 1) * (2 * t + 5)
  return (term(values.length) - [...ties.values()].reduce((sum, t) => sum + term(t), 0)) / 18
}

/**
 * Mann and Kendall's test for a trend: z is standard normal when there is none.
 *
 *   S = Σ_{i<j} sign(xⱼ − xᵢ)   ·   z = (S − sign S) ÷ √Var, 0 where S = 0
 *
 * @param seasons one series, or the values of each season apart: S and Var are then added over the seasons
 * @example mannKendall([23, 24, 29, 6, 29, 24, 24, 29, 23]).z // 0.218652
 */
export const mannKendall = (...seasons: readonly (readonly number[])[]): { readonly s: number; readonly variance: number; readonly z: number } => {
  const s = seasons.reduce((sum, values) => sum + risesMinusFalls(values), 0)
  const variance = seasons.reduce((sum, values) => sum + varianceOf(values), 0)
  return { s, variance, z: s === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance) }
}

export type Slope = { readonly slope: number /** Limits of a 95 % interval. */; readonly low: number; readonly high: number; readonly intercept: number }

/**
 * Theil and Sen's slope of at least two equally spaced values, per step: the median of the slopes of all pairs, with 95 % limits.
 * @example theilSen([500, 503, 501, 507, 510, 508, 515, 514, 520, 523, 521, 530]) // { slope: 2.527778, low: 2.1, high: 3, intercept: 498.0972 }
 */
export const theilSen = (values: readonly number[]): Slope => {
  const slopes: number[] = []
  for (let j = 1; j < values.length; j++) for (let i = 0; i < j; i++) slopes.push(((values[j] as number) - (values[i] as number)) / (j - i))
  slopes.sort((a, b) => a - b)
  const spread = 1.959964 * Math.sqrt(varianceOf(values))
  const at = (index: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, index))] as number
  const slope = median(slopes)
  return {
    slope,
    low: at(Math.round((slopes.length - spread) / 2) - 1),
    high: at(Math.round((slopes.length + spread) / 2)),
    intercept: median(values) - (slope * (values.length - 1)) / 2,
  }
}
