/** Something that may have broken first, with what was read of it. */
import type { Seconds } from '../../scenarios/units.ts'

export type Suspect = {
  readonly name: string
  readonly service: string
  /** `limit`: reached its limit · `waiting`: something began to wait · `statement`: took the database's time · `deviation`: far from what the load explains. */
  readonly kind: 'limit' | 'waiting' | 'statement' | 'deviation'
  /** 0: does the work · 1: fills up because something behind it is slow. */
  readonly depth: 0 | 1
  /** When it began; null where no moment is known. */
  readonly onset: Seconds | null
  readonly unit: string
  /** Median before the breach; null where too little was read of it. */
  readonly baseline: number | null
  /** Median of the readings from the breach on, at most 15 s of them. */
  readonly atBreach: number | null
  readonly limit: number | null
  /** Of a limit: share that was used at most. Of a deviation: spreads away from what the load explains. */
  readonly score: number
  /** A sentence with the figures. */
  readonly because: string
}

/** Spreads that are as many as infinitely many. */
const most = 999

/** @example times(26.667) // '26.7' */
export const times = (score: number): string => (Math.abs(score) > most ? `more than ${most}` : String(Number(Math.abs(score).toPrecision(3))))
