/** Moments of a run inside sentences. */
import type { Seconds } from '../scenarios/units.ts'

/** @example clock(75) // '1:15' */
export const clock = (at: Seconds): string => `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, '0')}`
