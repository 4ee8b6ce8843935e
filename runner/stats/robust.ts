/**
 * How far a value is from what was normal, measured so that a few odd values among the normal ones change nothing.
 * Source: Pham, Ha & Zhang, BARO: Robust Root Cause Analysis for Microservices via Multivariate Bayesian Online Change Point Detection,
 * 2024 (RobustScorer), with two changes: both directions count, since a drop of a hit ratio is a cause too, and the spread has a floor,
 * since the readings of a quiet resource are all alike and any change would be infinitely far.
 */
import { median, quantileOfFew } from './few.ts'

export type Normal = { readonly median: number /** Interquartile range, type 7, never below its floor. */; readonly spread: number }

const floorShare = 0.01 // of the median; an empirical default

/** @param resolution the smallest difference that the readings can tell @example normalOf([100, 102, 99, 101, 100, 98, 101, 100, 99, 100]) // { median: 100, spread: 1.5 } */
export const normalOf = (values: readonly number[], resolution = 0): Normal => {
  // In order once, which makes the three sorts behind it quick.
  const sorted = values.toSorted((a, b) => a - b)
  const middle = median(sorted)
  return { median: middle, spread: Math.max(quantileOfFew(sorted, 0.75) - quantileOfFew(sorted, 0.25), floorShare * Math.abs(middle), resolution) }
}

/** Spreads above (or, negative, below) what was normal; Infinity where nothing but 0 was ever read and this is something else. */
export const robustScore = (value: number, { median: middle, spread }: Normal): number => {
  const distance = value - middle
  return distance === 0 ? 0 : distance / spread
}
