/**
 * Little's law, N = X · R: users in use on average = journeys ended per second · time that one keeps its user. Both sides are measured
 * apart: N from starts and ends, R from each journey's own time. k6 tells N at the seconds' edges only, so N is known to one user and
 * three standard errors, and what lies within that is no residual.
 * Source: Little, A Proof for the Queuing Formula L = λW, 1961; limit of 5 % for a sound generator.
 */
import { mean, median } from './few.ts'

/** Seconds of virtual users in one second: in use during it, and for which the journeys that ended in it had kept theirs. */
export type UserTime = { readonly inUse: number; readonly held: number }

export type LittlesLaw = {
  /** N: users in use, on average. */
  readonly inUse: number
  /** X · R. */
  readonly accounted: number
  readonly difference: number
  /** Difference ÷ the larger of both. */
  readonly residual: number
  /** Difference that N itself is uncertain by. */
  readonly known: number
}

/** @returns undefined below two seconds, or when nobody was in use @example littlesLawOf([{ inUse: 2, held: 2 }, { inUse: 2, held: 2 }])?.residual // 0 */
export const littlesLawOf = (seconds: readonly UserTime[]): LittlesLaw | undefined => {
  if (seconds.length < 2) return undefined
  const readings = seconds.map((second) => second.inUse)
  const inUse = mean(readings)
  const accounted = mean(seconds.map((second) => second.held))
  if (inUse === 0 && accounted === 0) return undefined
  // From the median step between neighbours, which a ramp at the beginning and the end does not move: 0.954 of a normal spread.
  const steps = readings.slice(1).map((value, index) => Math.abs(value - (readings[index] ?? value)))
  const known = 1 + (3 * (median(steps) / 0.954)) / Math.sqrt(readings.length)
  const difference = Math.abs(inUse - accounted)
  return { inUse, accounted, difference, residual: difference / Math.max(inUse, accounted), known }
}
