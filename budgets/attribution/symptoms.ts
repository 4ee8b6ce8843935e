/** What users felt, second by second: offered load, p95 of response time, shares that failed or never started. */
import type { Run } from '../../runner/run.ts'
import { quantileOver } from '../../runner/stats/quantile.ts'
import type { Seconds } from '../../scenarios/units.ts'

export type Symptoms = {
  readonly second: Seconds
  /** Arrivals that were due: started or dropped. */
  readonly offered: number
  /** Milliseconds; Infinity where arrivals came and nothing was answered; undefined where there was nothing to answer. */
  readonly p95: number | undefined
  /** Of requests, 0–1. */
  readonly failed: number
  /** Of arrivals, 0–1. */
  readonly dropped: number
}

/** @param run what follows its warm-up */
export const symptomsOf = (run: Run): Symptoms[] =>
  Array.from(run.timeline, ({ second, started, dropped, cells }) => {
    const offered = started + dropped
    const successes = cells.filter(({ outcome }) => outcome === 'success').map(({ responseTime }) => responseTime)
    const completed = cells.reduce((sum, cell) => sum + cell.count, 0)
    const failed = cells.reduce((sum, cell) => sum + (cell.outcome === 'failure' ? cell.count : 0), 0)
    return {
      second,
      offered,
      p95: completed === 0 ? (offered > 0 ? Infinity : undefined) : quantileOver(successes, 0.95),
      failed: completed === 0 ? 0 : failed / completed,
      dropped: offered === 0 ? 0 : dropped / offered,
    }
  })

/** Arrivals per second around a moment, three seconds together, so that one second's rounding is not a change of load. */
export const loadAt = (symptoms: readonly Symptoms[], at: Seconds): number => {
  // Seconds come without holes.
  const index = Math.floor(at) - (symptoms[0]?.second ?? 0)
  const near = symptoms.slice(Math.max(0, index - 1), Math.max(0, index + 2))
  return near.length === 0 ? 0 : near.reduce((sum, { offered }) => sum + offered, 0) / near.length
}
