/**
 * What arrival n does, drawn from the run's seed: its journey, its rows, its random numbers, its think times.
 * Both engines ask here, so that the same seed offers the same load whichever of them sends it.
 * Plain ES2022, because it also runs inside k6: no Node and no browser APIs.
 */
import type { Feed } from '../../../scenarios/journey.ts'
import { randomFrom } from '../../../scenarios/shape.ts'
import { type Duration, seconds } from '../../../scenarios/units.ts'

/** Whole number in [0, 2³²) in which one changed bit of either argument changes half the bits: MurmurHash3's finalizer, twice. */
const mix = (a: number, b: number): number => {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b)
  hash ^= hash >>> 15
  hash = Math.imul(hash ^ b, 0xc2b2ae35)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
const draw = (a: number, b: number): number => mix(a, b) / 4294967296

const hashOf = (text: string): number => {
  let hash = text.length
  for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at))
  return hash
}

// Each kind of draw has a stream of its own: a journey's first random() must not tell which journey was picked.
const streams = { journey: 0x6a6f7572, random: 0x72616e64, feed: 0x66656564 } as const

/**
 * The journey of an arrival, each with the probability of its weight.
 * @throws {RangeError} when there is none
 */
export const pickJourney = <J extends { readonly weight: number }>(journeys: readonly J[], seed: number, arrival: number): J => {
  let total = 0
  for (const { weight } of journeys) total += weight
  let left = draw(seed ^ streams.journey, arrival) * total
  for (const journey of journeys) {
    left -= journey.weight
    if (left < 0) return journey
  }
  const last = journeys[journeys.length - 1] // rounding may leave a crumb of the total
  if (last === undefined) throw new RangeError('There is no journey to pick from. A scenario has at least one. Add one: journeys: [journey(…)].')
  return last
}

/** The arrival's own sequence of numbers in [0, 1); `user.random()` draws from it. */
export const randomOf = (seed: number, arrival: number): (() => number) => randomFrom(mix(seed ^ streams.random, arrival))

/**
 * Row that `take(feed)` hands out; the same however often it is taken within the iteration.
 * Shared and sequential: arrival n takes row n mod rows. Of scope `user`: the user's own i-th iteration (from 0) takes row i mod rows.
 * @param rows how many rows the feed has
 * @throws {RangeError} when the feed has no rows
 */
export const rowIndex = (
  feed: Pick<Feed<unknown>, 'scope' | 'order' | 'path'>,
  rows: number,
  seed: number,
  arrival: number,
  user: number,
  iterationOfUser: number,
): number => {
  if (rows < 1) throw new RangeError(`Feed "${feed.path}" has no rows. Each arrival takes one. Add rows to the file, or take the feed out.`)
  if (feed.order === 'sequential') return (feed.scope === 'shared' ? arrival : iterationOfUser) % rows
  const stream = seed ^ streams.feed ^ hashOf(feed.path)
  return Math.floor((feed.scope === 'shared' ? draw(stream, arrival) : draw(mix(stream, user), iterationOfUser)) * rows)
}

/**
 * Seconds that `think(duration, until)` waits. Only a pair draws a random number, one.
 * @throws {RangeError} when a duration has no known unit
 */
export const thinkTime = (duration: Duration, until: Duration | undefined, random: () => number): number => {
  const from = seconds(duration)
  return until === undefined ? from : from + (seconds(until) - from) * random()
}
