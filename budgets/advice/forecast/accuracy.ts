/**
 * How far forecasts were off. Source: Hyndman & Koehler, Another Look at Measures of Forecast Accuracy, 2006; the factor is a conformal
 * quantile (Vovk et al., Algorithmic Learning in a Random World, 2005).
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The last period once more. @example seasonalNaive([1, 2, 3, 4], 2, 3) // [3, 4, 3] */
export const seasonalNaive = (values: readonly number[], period: number, steps: number): number[] =>
  Array.from({ length: steps }, (_, at) => values[values.length - period + (at % period)] as number)

/** Mean error over the mean change from period to period that the series had before; below 1 is better than repeating it. */
export const meanScaledError = (actual: readonly number[], forecast: readonly number[], before: readonly number[], period: number): number | Declined => {
  const scale = meanOf(before.slice(period).map((value, at) => Math.abs(value - (before[at] as number))))
  if (scale === 0) return declined('MASE undefined: the series repeats itself exactly.')
  return meanOf(actual.map((value, at) => Math.abs(value - (forecast[at] as number)))) / scale
}

/** sMAPE: mean of 2·|e| ÷ (|x̂| + |x|), 0–2; of two zeros 0. @example symmetricError([100], [120]) // 0.1818 */
export const symmetricError = (actual: readonly number[], forecast: readonly number[]): number =>
  meanOf(actual.map((value, at) => (2 * Math.abs(value - (forecast[at] as number))) / (Math.abs(value) + Math.abs(forecast[at] as number)) || 0))

const share = 0.95

/** So many ratios a 95 % bound needs: with fewer, none of those seen is high enough. */
const fewestRatios = 19

/**
 * The factor by which actual ÷ forecast was exceeded in 5 % of what was seen: the ⌈0.95·(n + 1)⌉-th smallest.
 * @example conformalFactor(Array.from({ length: 19 }, (_, at) => 1 + at / 100)) // 1.18
 */
export const conformalFactor = (ratios: readonly number[]): number | Declined => {
  const sorted = ratios.toSorted((a, b) => a - b)
  return (
    sorted[Math.ceil(share * (sorted.length + 1) - 1e-9) - 1] ??
    declined(`How far a forecast may be off is unknown, because ${sorted.length} hours were forecast and known afterwards, and ${fewestRatios} are needed.`)
  )
}
