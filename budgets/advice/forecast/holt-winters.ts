/**
 * Exponential smoothing with trend and season. Source: Winters, Forecasting Sales by Exponentially Weighted Moving Averages, 1960; start
 * values as R's HoltWinters takes them, so that its published figures can be held against these.
 *
 *   l_t = α(x_t − s_{t−f}) + (1 − α)(l + b) · b_t = β(l_t − l_{t−1}) + (1 − β)b · s_t = γ(x_t − l_t) + (1 − γ)s_{t−f}
 *   multiplicative: ÷ in place of − by s and l_t · forecast of h steps: l + h·b + s, or (l + h·b)·s
 */
export type Season = 'additive' | 'multiplicative'

/** Smoothing of level, trend and season, each 0–1. */
export type Smoothing = { readonly alpha: number; readonly beta: number; readonly gamma: number }

export type Smoothed = {
  /** Sum of the squared errors of all forecasts of one step. */
  readonly squaredError: number
  readonly level: number
  readonly trend: number
  /** Of the period that ends with the last value, in the order in which it comes again. */
  readonly season: readonly number[]
  readonly kind: Season
}

type Start = { readonly level: number; readonly trend: number; readonly season: readonly number[] }

/** Means over one period around each value that has half of one on either side; at an even period its two ends count half. */
const centredMeans = (values: readonly number[], period: number): number[] => {
  const half = Math.floor(period / 2)
  const weight = (distance: number): number => (period % 2 === 0 && Math.abs(distance) === half ? 0.5 : 1)
  return values.slice(half, values.length - half).map((_, at) => {
    let sum = 0
    for (let distance = -half; distance <= half; distance++) sum += weight(distance) * (values[at + half + distance] as number)
    return sum / period
  })
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** From the first two periods: the line through their moving average, and how each phase differs from it. */
export const startValues = (values: readonly number[], period: number, kind: Season): Start => {
  const first = values.slice(0, 2 * period)
  const half = Math.floor(period / 2)
  const means = centredMeans(first, period)
  const middle = (means.length - 1) / 2
  const spread = means.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
  const trend = means.reduce((sum, value, at) => sum + (at - middle) * value, 0) / spread
  // The averages are counted from 1.
  const level = meanOf(means) - trend * (middle + 1)
  const byPhase = Array.from({ length: period }, (): number[] => [])
  for (const [at, average] of means.entries()) {
    const value = first[at + half] as number
    byPhase[(at + half) % period]?.push(kind === 'additive' ? value - average : value / average)
  }
  const raw = byPhase.map(meanOf)
  const mean = meanOf(raw)
  return { level, trend, season: raw.map((value) => (kind === 'additive' ? value - mean : value / mean)) }
}

/** @param values at least two periods @example smooth(values, 4, 'additive', { alpha: 0.3, beta: 0.1, gamma: 0.2 }).squaredError // 158.39 */
export const smooth = (values: readonly number[], period: number, kind: Season, { alpha, beta, gamma }: Smoothing): Smoothed => {
  const start = startValues(values, period, kind)
  const season = [...start.season]
  let { level, trend } = start
  let squaredError = 0
  for (let at = period; at < values.length; at++) {
    const value = values[at] as number
    const phase = at % period
    const before = season[phase] as number
    const expected = kind === 'additive' ? level + trend + before : (level + trend) * before
    squaredError += (value - expected) ** 2
    const next = alpha * (kind === 'additive' ? value - before : value / before) + (1 - alpha) * (level + trend)
    trend = beta * (next - level) + (1 - beta) * trend
    level = next
    season[phase] = gamma * (kind === 'additive' ? value - level : value / level) + (1 - gamma) * before
  }
  const phase = values.length % period
  return { squaredError, level, trend, season: [...season.slice(phase), ...season.slice(0, phase)], kind }
}

/** The next values, of at most one period. @example ahead(smoothed, 4) // [35.86, 42.53, 34.88, 55.02] */
export const ahead = ({ level, trend, season, kind }: Smoothed, steps: number): number[] =>
  Array.from({ length: Math.min(steps, season.length) }, (_, at) => {
    const line = level + (at + 1) * trend
    return kind === 'additive' ? line + (season[at] as number) : line * (season[at] as number)
  })
