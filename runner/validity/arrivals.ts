/** Rules on the load that was offered: was it the one that was planned? */

import type { Seconds } from '../../scenarios/units.ts'
import { clock } from '../clock.ts'
import { type Facts, type Finding, figure, milliseconds, percent, type Rules } from './facts.ts'

const dropped = ({ load, engine, test }: Facts): Finding | undefined => {
  if (load.planned === 0 || load.dropped === 0) return undefined
  const advice = test === 'breakpoint' ? 'At the breakpoint that is expected.' : 'If the target is sound, allow more with --users.'
  return {
    state: 'SUSPECT',
    code: 'arrivals-dropped',
    text: `${load.dropped} of ${load.planned} arrivals (${percent(load.dropped / load.planned)}) never started because all ${engine.users} virtual users were busy. They count as infinitely slow. ${advice}`,
  }
}

/** p99 bears half of its hundredth. */
const toleratedDrops = 0.005

/**
 * The time for which a journey keeps its user when the target is at its best: each journey's fastest end, and the time it thinks.
 * Under overload the first journeys are still fast, so it is the target's own pace and not that of its queue.
 */
const shortestStay = ({ journeyTime, lag, timeline, iterations }: Facts): Seconds | undefined => {
  const journeys = Object.values(journeyTime).filter(({ count }) => count > 0)
  const count = journeys.reduce((sum, journey) => sum + journey.count, 0)
  if (count === 0) return undefined
  const fastest = journeys.reduce((sum, journey) => sum + journey.count * journey.min, 0) / count
  const stayed = timeline.reduce((sum, { userTime }) => sum + (userTime?.held ?? 0), 0) / Math.max(1, iterations.completed)
  const late = lag.sum / Math.max(1, lag.count) / 1000
  const worked = journeys.reduce((sum, journey) => sum + journey.sum, 0) / count / 1000 - late
  // Lag is known of what started, and not all of that ended: where it is much, the difference is no thinking.
  const thought = late > 0.1 * stayed ? 0 : Math.max(0, stayed - worked)
  return fastest / 1000 + thought
}

/** Drops that even a target at its best would have seen are nobody's but the generator's. */
const usersTooFew = (facts: Facts): Finding | undefined => {
  const { load, engine, timeline } = facts
  if (load.dropped <= toleratedDrops * load.planned) return undefined
  const stay = shortestStay(facts)
  if (stay === undefined) return undefined
  const hopeless = timeline.filter((second) => second.planned * stay > engine.users)
  const lost = hopeless.reduce((sum, second) => sum + second.dropped, 0)
  if (lost * 2 < load.dropped) return undefined
  const peak = Math.max(...hopeless.map(({ planned }) => planned))
  return {
    state: 'INVALID',
    code: 'users-too-few',
    text: `${percent(load.dropped / load.planned)} of arrivals never started, and the target is not why: at ${figure(peak)}/s and ${milliseconds(stay * 1000)} a journey, its fastest here, ${Math.ceil(peak * stay)} users are needed, and ${engine.users} were allowed. Allow at least ${Math.ceil(2 * peak * stay)} with --users.`,
  }
}

const shifted = { suspect: 0.02, invalid: 0.1, atLeast: 10 } as const

/** A pause and a burst after it are another load than the shape's, though the sums agree. */
const offeredOtherwise = ({ timeline, load, engine }: Facts): Finding | undefined => {
  const offs = timeline.map((second) => ({ ...second, off: second.started - (second.planned - second.dropped) }))
  const moved = offs.reduce((sum, { off }) => sum + Math.abs(off), 0) / 2
  const share = load.planned === 0 ? 0 : moved / load.planned
  if (moved < shifted.atLeast || share <= shifted.suspect) return undefined
  const worst = offs.reduce((a, b) => (Math.abs(b.off) > Math.abs(a.off) ? b : a))
  return {
    state: share > shifted.invalid ? 'INVALID' : 'SUSPECT',
    code: 'offered-otherwise',
    text: `${percent(share)} of arrivals started in another second than they were due in, where ${percent(shifted.suspect)} is sound; at ${clock(worst.second)} ${worst.started} started and ${worst.planned - worst.dropped} were due. The target met pauses and bursts that nobody planned. ${engine.name === 'embedded' ? 'Lower the rate, add --workers, or give' : 'Lower the rate, or give'} the generator cores of its own.`,
  }
}

export const arrivals: Rules = (facts) => [usersTooFew(facts), dropped(facts), offeredOtherwise(facts)]
