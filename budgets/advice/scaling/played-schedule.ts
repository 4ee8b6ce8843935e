/** A schedule for a known event, played: are the instances there when it begins, and does the autoscaler go back by itself once it has ended? */
import { count, countOf, figure, percent, timeWords } from '../../figure.ts'
import { inUnitsOf, steadyOf } from './candidates.ts'
import type { ScalingAdvice } from './recommend.ts'
import { type ScheduledBounds, scheduledBounds } from './scheduled-bounds.ts'
import { simulate, violatedShare } from './simulate.ts'
import { trafficOf } from './traffic.ts'

/** s beside the event's beginning: before it, and from its end until the other bounds count again. */
type Margins = { readonly before: number; readonly after: number }

export type PlayedSchedule = {
  /** Share of the arrivals that waited too long, 0–1. */
  readonly violated: number
  /** s from the end of the schedule until no more are in service than before it; null: not within an hour. */
  readonly backAfter: number | null
  /** Instances before it. */
  readonly usual: number
}

const tail = 3600 // s after the schedule in which it must have gone back
const calm = 600 // s before the schedule

/**
 * From three moments of a metric period; the worst counts.
 * @param minimum outside of the schedule @param height s that the event is at its height
 */
export const playSchedule = ({ chosen, need }: ScalingAdvice, minimum: number, height: number, { before, after }: Margins): PlayedSchedule => {
  const { kind, target, maximum } = chosen
  const { capacity, startUp, serviceTime = 0, lines = 'per-instance', longestWait, traffic } = need
  const { base, peak, rise } = traffic
  const flat = (seconds: number): number[] => Array<number>(seconds).fill(base)
  const [from, event] = [calm, trafficOf({ base, peak, rise, hold: height }, 0)]
  const ahead = Math.round(before)
  const offered = [...flat(calm + ahead), ...event, ...flat(after + tail)]
  const until = from + ahead + event.length + after
  const bounds: ScheduledBounds = { from, until, minimum: chosen.minimum, maximum }
  const policy = scheduledBounds(kind.make({ metric: kind.metric, target: inUnitsOf(kind.metric, target, need), minimum, maximum }), [bounds])
  const usual = steadyOf(need, base, kind, target, minimum)
  const fleetAt = (phase: number) => ({ instances: usual, capacity, startUp, lines, phase, serviceTime })
  const fleets = [0, 1, 2].map((third) => fleetAt(Math.floor((third * kind.period) / 3)))
  const violated = Math.max(...fleets.map((fleet) => violatedShare(offered, fleet, policy, longestWait)))
  const backs = fleets.map((fleet) =>
    simulate(offered, fleet, policy).seconds.findIndex(({ running, pending }, at) => at >= until && running + pending <= usual),
  )
  return { violated, backAfter: backs.includes(-1) ? null : Math.max(...backs) - until, usual }
}

/** What it came to, as one sentence. @param tolerated share that may wait too long @param longest s */
export const playedWords = ({ violated, backAfter, usual }: PlayedSchedule, tolerated: number, longest: number): string => {
  const wait = `longer than ${figure(longest, '')} s`
  const held =
    violated <= tolerated
      ? `Played with its schedule ${violated === 0 ? 'nobody waits' : `${percent(violated, 2)} wait`} ${wait}`
      : `Played with its schedule ${percent(violated, 2)} wait ${wait}, because the instances are not there in time: have them there always, by leaving out --at`
  return backAfter === null
    ? `${held}; an hour after its end there are still more than the ${count(usual)} of before.`
    : `${held}; ${backAfter < 60 ? 'as soon as it ends' : `${timeWords(60 * Math.ceil(backAfter / 60))} after its end`} there are ${countOf(usual, 'instance')} again.`
}
