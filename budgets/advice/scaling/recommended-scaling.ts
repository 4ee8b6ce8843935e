/** The advice in the words of the one recommendation: units of the metric that is watched, cooldowns, and what is scheduled for a known event. */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import type { RecommendedScaling, ScalingTarget, ScheduledChange } from '../recommendation.ts'
import { inUnitsOf } from './candidates.ts'
import { playedWords, playSchedule } from './played-schedule.ts'
import type { ScalingAdvice } from './recommend.ts'

/** Something that is known to come. */
export type KnownEvent = {
  readonly name: string
  /** Seconds of the epoch. */
  readonly begins: number
  readonly ends: number
}

const settled = 900 // s after it, in which an autoscaler goes back by itself
const early = 300 // s beside the start-up, since starting many takes longer than starting one

/** ISO date and time without a zone, in UTC, as AWS takes it. */
const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19)

/** @param requestsPerArrival arrivals are journeys; what a balancer counts are their requests */
const targetOf = ({ metric, chosen, need }: ScalingAdvice, requestsPerArrival: number): ScalingTarget | Declined => {
  const value = inUnitsOf(metric, chosen.target, need)
  if (metric === 'requests') return { metric, value: value * requestsPerArrival }
  if (metric === 'p95') return { metric, value }
  if (metric === 'backlog') return { metric: 'queue', value }
  return need.useAtCapacity === undefined
    ? declined('No target of CPU, because no probe watched it. Add a process or cgroup probe and run perf run breakpoint again.')
    : { metric: 'cpu', value: value * need.useAtCapacity }
}

/** From when to when, and how many: before the event by what it takes to start them all. */
const scheduledFor = ({ chosen, startUp }: ScalingAdvice, { name, begins, ends }: KnownEvent): ScheduledChange => ({
  name,
  from: isoOf(begins - startUp.seconds - early),
  until: isoOf(ends + settled),
  minimum: chosen.minimum,
  maximum: chosen.maximum,
})

/** Whether the schedule does it, played: one event tells of all that are like it. */
const playedOf = (advice: ScalingAdvice, minimum: number, { begins, ends }: KnownEvent): string => {
  const { need, startUp } = advice
  const height = Math.max(0, ends - begins - need.traffic.rise)
  const played = playSchedule(advice, minimum, height, { before: startUp.seconds + early, after: settled })
  return playedWords(played, need.tolerated, need.longestWait)
}

/**
 * @param events that are known to come: where reacting is not enough the instances are there for them only; without any, always
 * @example recommendedScaling(advice) // { minimum: 15, maximum: 20, type: 'target-tracking', target: { metric: 'requests', value: 80 }, … }
 */
export const recommendedScaling = (advice: ScalingAdvice, requestsPerArrival = 1, events: readonly KnownEvent[] = []): RecommendedScaling | Declined => {
  const { chosen, reactiveOnly, isReactiveEnough, because, caveats } = advice
  const target = targetOf(advice, requestsPerArrival)
  if ('declined' in target) return target
  const { type, period, scaleOutCooldown, scaleInCooldown } = chosen.kind
  const [event] = isReactiveEnough ? [] : events
  const minimum = event === undefined ? chosen.minimum : Math.min(chosen.steady, reactiveOnly.steady)
  return {
    minimum,
    maximum: chosen.maximum,
    type,
    target,
    scaleInBelow: advice.scaleInBelow,
    period,
    scaleOutCooldown,
    scaleInCooldown,
    scheduled: event === undefined ? [] : events.map((each) => scheduledFor(advice, each)),
    because: [because, ...(event === undefined ? [] : [playedOf(advice, minimum, event)]), ...caveats].join(' '),
  }
}
