/**
 * Between which values a quantile must lie when nobody kept the samples: of each part of them only number, mean, spread and maximum are
 * known, as a database keeps them of each statement. No distribution is assumed; what lies beyond a value T is bounded in each part by
 *
 *   share above T ≤ s² ÷ (s² + (T − m)²)  for T > m    (Cantelli)      ≤ m ÷ T  (Markov, times are not negative)      = 0 from the maximum on
 *   share above T ≥ (m − T)² ÷ (s² + (m − T)²)  for T < m    (Cantelli)     ≥ (m − T) ÷ (maximum − T)  (Markov of what is left to the maximum)
 *
 * m: mean · s: standard deviation. Numbers of samples are whole, so the bounds are rounded inwards.
 * Source: Cantelli 1928; Boucheron, Lugosi, Massart, Concentration Inequalities, 2013, §2.1 and exercise 2.3.
 */

export type Moments = { readonly count: number; readonly mean: number /** Standard deviation. */; readonly spread?: number; readonly most?: number }

const tiny = 1e-9 // a whole number that comes out a hair's breadth off is that number

const mostAbove = ({ count, mean, spread, most }: Moments, t: number): number => {
  if (most !== undefined && t >= most) return 0
  if (t <= mean) return count
  const share = Math.min(mean / t, spread === undefined ? 1 : spread ** 2 / (spread ** 2 + (t - mean) ** 2))
  return Math.floor(count * share + tiny)
}

const leastAbove = ({ count, mean, spread, most }: Moments, t: number): number => {
  if (t >= mean) return 0
  const share = Math.max(
    most === undefined || most <= t ? 0 : (mean - t) / (most - t),
    spread === undefined ? 0 : (mean - t) ** 2 / (spread ** 2 + (mean - t) ** 2),
  )
  return Math.max(1, Math.ceil(count * Math.min(1, share) - tiny)) // not every sample lies below their mean
}

/** Where a claim that holds for large values begins to hold, within `[0, high]`. */
const firstWhere = (high: number, holds: (t: number) => boolean): number => {
  let [low, up] = [0, high]
  for (let step = 0; step < 60; step++) {
    const middle = (low + up) / 2
    if (holds(middle)) up = middle
    else low = middle
  }
  return up
}

const farthest = ({ count, mean, spread, most }: Moments): number =>
  most ?? Math.min(mean * count, spread === undefined ? Infinity : mean + spread * Math.sqrt(count)) + 1

/**
 * Bounds of the p-quantile: the smallest value that at least a share p of all samples does not pass. Parts hold at least one sample
 * together; values are not negative.
 * @example quantileWithin([{ count: 1000, mean: 10, spread: 5 }], 0.95).upper // 31.6, which is 10 + 5 × √(0.949 ÷ 0.051): 51 of 1,000 must lie above
 */
export const quantileWithin = (parts: readonly Moments[], p: number): { readonly lower: number; readonly upper: number } => {
  const all = parts.reduce((sum, { count }) => sum + count, 0)
  const above = Math.floor(all * (1 - p) + tiny) // so many may lie above it
  const high = Math.max(...parts.map(farthest))
  const sum = (bound: typeof mostAbove, t: number): number => parts.reduce((total, part) => total + bound(part, t), 0)
  return {
    lower: firstWhere(high, (t) => sum(leastAbove, t) <= above),
    upper: firstWhere(high, (t) => sum(mostAbove, t) <= above),
  }
}
