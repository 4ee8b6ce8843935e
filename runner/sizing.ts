/**
 * How many virtual users a run is given when nobody said: Little's law, and room to wait out a stall of the target.
 *
 *   N = λ (R + stall)   λ: highest rate of arrivals, per second · R: a journey's whole time, think time included, in seconds
 *
 * An arrival that finds no free user is dropped and never measured, so too few spoil a run; each one too many costs start-up and memory.
 * Source: Little 1961. The figures below were measured; engines/engines.md says how.
 */
import type { Seconds } from '../scenarios/units.ts'

/** A few journeys before the load, to see how long one takes. Their requests are in no figure. */
export type Pilot = {
  readonly journeys: number
  /** Seconds of a journey, think time included: the slowest of each kind, in the proportion of their weights. */
  readonly slowest: Seconds
  /** Whether all journeys came to their end in the time a pilot has; else they take longer. */
  readonly isWhole: boolean
  /** Requests that the target saw. */
  readonly requests: number
}

export type Sizing = {
  /** A clause that follows the number. */
  readonly because: string
  /** Up to how many a pilot may raise the number; absent when there is no pilot. */
  readonly most?: number
}

export type Sized = { readonly users: number; readonly sizing: Sizing }

/**
 * A user of k6 is a JavaScript engine of its own, an embedded one an object. `stall` seconds are provided, R counted in until a pilot has
 * measured it; while it leaves `leastStall` of them, starting k6 again for more is not worth its time.
 */
const limits = {
  k6: { stall: 4, leastStall: 2, least: 50, most: 2000, mostAfterPilot: 10_000, memory: 0.5 * 2 ** 20 },
  embedded: { stall: 30, least: 500, most: 50_000 },
} as const

/** Users that wait out so many seconds of arrivals suffice for any journey one would test like this. */
const plenty: Seconds = 30

const short = (value: number, digits: number): string => String(Number(value.toPrecision(digits)))

type Asked = {
  readonly engine: string
  readonly peak: number
  /** What a person asked for, by flag or configuration. */
  readonly users: number | undefined
  /** Bytes that the generator may take, all in all. */
  readonly freeMemory: number
  /** Ceiling of the target's entry. */
  readonly allowed?: number | undefined
  /** Why no pilot can be made of this source. */
  readonly noPilot?: string | undefined
}

/** @example sizeUsers({ engine: 'k6', peak: 200, users: undefined, freeMemory: 8e9 }).users // 800 */
export const sizeUsers = ({ engine, peak, users, freeMemory, allowed = Infinity, noPilot }: Asked): Sized => {
  if (users !== undefined) return { users, sizing: { because: 'asked for' } }
  const isK6 = engine === 'k6'
  const { stall, least, most } = limits[isK6 ? 'k6' : 'embedded']
  const affordable = isK6 ? Math.max(least, Math.floor(freeMemory / 2 / limits.k6.memory)) : Infinity
  const wanted = Math.ceil(peak * stall)
  const ceiling = Math.min(most, affordable, allowed)
  const number = Math.min(ceiling, Math.max(least, wanted))
  const law = `${short(peak, 3)}/s × ${stall} s`
  const because = wanted > number ? `fewer than ${law}` : wanted < number ? `more than ${law}` : law
  if (!isK6 || number >= peak * plenty) return { users: number, sizing: { because } }
  if (noPilot !== undefined) return { users: number, sizing: { because: `${because}; no pilot, because ${noPilot}` } }
  const raised = Math.min(limits.k6.mostAfterPilot, affordable, allowed)
  return { users: number, sizing: raised > number ? { because: `${because}; a pilot may raise them`, most: raised } : { because } }
}

/**
 * What a pilot says about the number: it only ever raises it.
 * @example resize({ users: 800, sizing: { because: '', most: 10_000 } }, 200, { journeys: 8, slowest: 20, isWhole: true, requests: 24 }).users // 4800
 */
export const resize = ({ users, sizing: { most = users } }: Sized, peak: number, { journeys, slowest, isWhole }: Pilot): Sized => {
  const { stall, leastStall, most: mostForStalls } = limits.k6
  // What a journey takes must be there; seconds of stall at thousands of arrivals a second would be gigabytes of users who never work.
  const room = (seconds: Seconds, most: number): number => Math.min(peak * seconds, most)
  const time = `${isWhole ? '' : 'more than '}${short(slowest, 2)} s`
  if (users >= peak * slowest + room(leastStall, mostForStalls / 2))
    return { users, sizing: { because: `${journeys} journeys of a pilot took ${isWhole ? 'up to ' : ''}${time}` } }
  const spare = room(stall, mostForStalls)
  const wanted = Math.ceil(peak * slowest + spare)
  const raised = Math.max(users, Math.min(most, wanted))
  return {
    users: raised,
    sizing: { because: `${raised < wanted ? 'fewer than ' : ''}${short(peak, 3)}/s × (${time} of a pilot's journey + ${short(spare / peak, 2)} s)` },
  }
}
