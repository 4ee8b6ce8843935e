/**
 * Mean of a series that may depend on its own past, with an interval, by batch means.
 * Neighbouring batches are joined two by two until their lag-1 autocorrelation is no more than chance would make of independent
 * ones (one-sided 5 %: 1.645/√n), so that the interval is not too narrow; then Student's t with n − 1 degrees of freedom.
 * Source: Fishman, Grouping Observations in Digital Simulation, 1978; Law & Kelton, Simulation Modeling and Analysis, 1991, §9.5.
 */
import { tQuantile } from './student-t.ts'

/** Fewer batches have no spread worth the name. */
const fewest = 5

export type BatchMean = {
  readonly mean: number
  /** Ends of the two-sided 95 % interval. */
  readonly low: number
  readonly high: number
  readonly standardError: number
  readonly degrees: number
  /** How many of the given batches were joined into one. */
  readonly joined: number
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Lag-1 autocorrelation, −1 to 1; 0 when all values are equal. */
const autocorrelation = (values: readonly number[]): number => {
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const products = values.slice(1).reduce((sum, value, index) => sum + (value - mean) * ((values[index] ?? mean) - mean), 0)
  return squares === 0 ? 0 : products / squares
}

/** Means of two neighbours each; an odd one at the end is left out. */
const inPairs = (values: readonly number[]): number[] =>
  Array.from({ length: Math.floor(values.length / 2) }, (_, index) => ((values[2 * index] ?? 0) + (values[2 * index + 1] ?? 0)) / 2)

/**
 * `undefined` below five batches.
 * @example batchMean([9, 11, 10, 12, 8]) // { mean: 10, low: 8.04, high: 11.96, … }: 10 ± 2.776 · 1.581/√5
 */
export const batchMean = (batches: readonly number[]): BatchMean | undefined => {
  if (batches.length < fewest) return undefined
  const mean = meanOf(batches)
  let values = batches
  let joined = 1
  while (values.length >= 2 * fewest && autocorrelation(values) > 1.645 / Math.sqrt(values.length)) {
    values = inPairs(values)
    joined *= 2
  }
  const centre = meanOf(values)
  const degrees = values.length - 1
  const standardError = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / degrees / values.length)
  const half = tQuantile(0.975, degrees) * standardError
  return { mean, low: mean - half, high: mean + half, standardError, degrees, joined }
}
