/**
 * Rules on a load that was held: had the target come to rest when the figures were taken, and did it stay so? All of them look
 * at the median of each second, and tell nothing that is below a tenth and a millisecond. stats.md says how often they err.
 */

import { clock } from '../clock.ts'
import { median } from '../stats/few.ts'
import { driftOf } from '../stats/steady-state.ts'
import { warmUpOf } from '../stats/warm-up.ts'
import { type Facts, type Finding, milliseconds, type Rules } from './facts.ts'

/** Seconds of a hold from which a rule speaks; in shorter ones chance alone looks like a warm-up or a drift too often. */
const shortest = { warmUp: 120, drift: 1200 } as const
const shortestCut = 10 // seconds
const worthTelling = { share: 0.1, milliseconds: 1 } as const

type Hold = {
  readonly rate: number /** Seconds that were measured, and the median of each. */
  readonly seconds: readonly number[]
  readonly medians: readonly number[]
}

/** The first stretch at one rate, as far as it was run and lies behind the planned warm-up. Seconds without an answer are left out. */
const holdOf = ({ shape, warmUp, timeline }: Facts): Hold | undefined => {
  let start = 0
  for (const segment of shape.segments) {
    const end = start + segment.duration
    if (segment.kind === 'linear' && segment.from === segment.to && segment.from > 0 && segment.duration >= shortest.warmUp) {
      const from = Math.max(start, warmUp.seconds)
      const held = timeline.flatMap(({ second, p50 }) => (p50 !== undefined && second >= from && second + 1 <= end ? [{ second, p50 }] : []))
      return held.length < shortest.warmUp ? undefined : { rate: segment.from, seconds: held.map(({ second }) => second), medians: held.map(({ p50 }) => p50) }
    }
    start = end
  }
  return undefined
}

const isWorthTelling = (one: number, other: number): boolean =>
  Math.abs(one - other) > worthTelling.share * other && Math.abs(one - other) > worthTelling.milliseconds

/** How far stretches as long as the cut wander by themselves later on. */
const wandering = (rest: readonly number[], length: number): number => {
  const level = median(rest)
  const step = Math.max(1, Math.floor(length / 4))
  let most = 0
  for (let from = 0; from + length <= rest.length; from += step) most = Math.max(most, Math.abs(median(rest.slice(from, from + length)) - level))
  return most
}

/** A cut is a finding only if what it cuts off is twice as far from the rest as any later stretch: MSER cuts noise, too. */
const warmingUp = ({ rate, seconds, medians }: Hold, cut: number): Finding | undefined => {
  if (cut < shortestCut) return undefined
  const [before, rest] = [median(medians.slice(0, cut)), medians.slice(cut)]
  const after = median(rest)
  if (!isWorthTelling(before, after) || Math.abs(before - after) <= 2 * wandering(rest, cut)) return undefined
  const over = Math.ceil((seconds[cut] ?? 0) / 5) * 5
  return {
    state: 'SUSPECT',
    code: 'warm-up-not-over',
    text: `Until ${clock(seconds[cut] ?? 0)} answers took ${milliseconds(before)} at p50, and ${milliseconds(after)} from then on, at the same ${rate}/s: the target was still warming up, and the figures hold both. They should hold one state. Run again with --warm-up ${over}s.`,
  }
}

const unsettled = ({ rate, medians }: Hold): Finding | undefined => {
  const middle = Math.floor(medians.length / 2)
  const [first, second] = [median(medians.slice(0, middle)), median(medians.slice(middle))]
  if (!isWorthTelling(first, second)) return undefined
  return {
    state: 'SUSPECT',
    code: 'no-steady-state',
    text: `No steady state within ${medians.length} s at ${rate}/s: p50 was ${milliseconds(first)} in their first half and ${milliseconds(second)} in the second, so the figures are of no single state. Lengthen the run with --duration, or set --warm-up yourself.`,
  }
}

const drifting = ({ rate, medians }: Hold): Finding | undefined => {
  if (medians.length < shortest.drift) return undefined
  const drift = driftOf(medians)
  if ('declined' in drift || !drift.isDrifting) return undefined
  const half = median(medians.slice(Math.floor(medians.length / 2)))
  if (Math.abs(drift.slope) * (medians.length / 600) * half <= worthTelling.milliseconds) return undefined
  const signed = `${drift.slope > 0 ? '+' : '−'}${Number(Math.abs(drift.slope * 100).toPrecision(2))} %`
  return {
    state: 'SUSPECT',
    code: 'still-drifting',
    text: `Response time was still drifting at the end (${signed} per 10 min at p50, at the same ${rate}/s); steady is less than 2 %. Look for what ${drift.slope > 0 ? 'fills up' : 'is still warming up'}, or lengthen the run until it settles.`,
  }
}

/**
 * A breakpoint test goes up until the target breaks, so it is never asked. A stress or spike test overloads by intention:
 * it can be told that its first hold was cold, but not that it found no rest.
 */
export const steadiness: Rules = (facts) => {
  if (facts.test === 'breakpoint') return []
  const hold = holdOf(facts)
  if (hold === undefined) return []
  const warmUp = warmUpOf(hold.medians)
  const seeksRest = facts.test === 'baseline' || facts.test === 'soak'
  if ('cut' in warmUp) return [warmingUp(hold, warmUp.cut), seeksRest ? drifting(hold) : undefined]
  return seeksRest ? [unsettled(hold), drifting(hold)] : []
}
