/**
 * Settings of an autoscaler that meet an objective at the least cost, or why none does and how many instances must be there beforehand.
 * The rules of thumb (headroom.ts) give the range; every candidate is then played through the traffic (simulate.ts).
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { count, countOf, figure, percent } from '../../figure.ts'
import { headroom } from './headroom.ts'
import type { ScalingMetric, ScalingPolicy } from './policy.ts'
import { type Simulation, simulate, violatedRequests, waitQuantile } from './simulate.ts'
import { type Traffic, trafficOf } from './traffic.ts'

export type ScalingNeed = {
  /** Arrivals per second that one instance serves within the objective; undefined: not measured. */
  readonly capacity: number | undefined
  /** From asking for an instance until it is in service, s; undefined: neither measured nor given. */
  readonly startUp: number | undefined
  readonly traffic: Traffic
  /** Longest wait that still meets the objective, s. */
  readonly longestWait: number
  /** Share of the requests that may wait longer, 0–1. */
  readonly tolerated: number
  /** Share of its CPU that an instance uses at its capacity, where it was measured, 0–1. */
  readonly useAtCapacity?: number
}

const margin = 0.9

/** Below this share one of the instances may go, and the others stay below the target. @example scaleInBelow(0.7, 3) // 0.42 */
export const scaleInBelow = (target: number, instances: number): number => target * ((instances - 1) / instances) * margin

/** Makes the policy under test, for a target in the metric's own unit. */
export type PolicyOf = (settings: {
  readonly metric: ScalingMetric
  readonly target: number
  readonly minimum: number
  readonly maximum: number
}) => ScalingPolicy

export type Candidate = {
  readonly minimum: number
  readonly maximum: number
  /** Share of its capacity at which an instance should be, 0–1. */
  readonly target: number
  readonly simulation: Simulation
  /** Share of the requests that waited too long. */
  readonly violated: number
  readonly p99: number
}

export type ScalingAdvice = {
  readonly declined: false
  readonly metric: ScalingMetric
  readonly chosen: Candidate
  /** Below this share of capacity an instance may go without another being asked for again at once. */
  readonly scaleInBelow: number
  /** The same with the fewest instances that the calm needs: what reacting alone would do. */
  readonly reactiveOnly: Candidate
  /** Whether reacting alone meets the objective. */
  readonly isReactiveEnough: boolean
  readonly because: string
}

const fewest = 2 // one may fail
const spareAtPeak = 1.3
const targets = [0.4, 0.5, 0.6, 0.7, 0.8] as const
const steadily = 0.9 // of the use at capacity, so that measuring it again would not cross the target

const play = (need: ScalingNeed & { readonly capacity: number; readonly startUp: number }, policyOf: PolicyOf, offered: readonly number[]) => {
  const maximum = Math.max(fewest, Math.ceil((spareAtPeak * need.traffic.peak) / need.capacity - 1e-9))
  return (metric: ScalingMetric, target: number, minimum: number): Candidate => {
    // A metric of requests is in requests per second and instance.
    const policy = policyOf({ metric, target: metric === 'requests' ? target * need.capacity : target, minimum, maximum })
    const instances = Math.max(minimum, Math.ceil(need.traffic.base / (need.capacity * target) - 1e-9))
    const simulation = simulate(offered, { instances, capacity: need.capacity, startUp: need.startUp }, policy)
    const all = offered.reduce((sum, value) => sum + value, 0)
    return { minimum, maximum, target, simulation, violated: violatedRequests(simulation, need.longestWait) / all, p99: waitQuantile(simulation, 0.99) }
  }
}

/** From the fewest that serve the calm to as many as serve the peak, in at most eight steps. */
const minimaFor = ({ traffic, capacity }: ScalingNeed & { readonly capacity: number }): number[] => {
  const low = Math.max(fewest, Math.ceil(traffic.base / capacity - 1e-9))
  const high = Math.max(low, Math.ceil(traffic.peak / capacity - 1e-9))
  const steps = Math.min(8, high - low + 1)
  return [...new Set(Array.from({ length: steps }, (_, at) => Math.round(low + ((high - low) * at) / Math.max(1, steps - 1))))]
}

const sentence = (
  need: ScalingNeed & { readonly capacity: number; readonly startUp: number },
  chosen: Candidate,
  reactive: Candidate,
  isEnough: boolean,
): string => {
  const { base, peak, rise } = need.traffic
  const traffic = `${figure(base, '/s')} to ${figure(peak, '/s')}${rise === 0 ? ' at once' : ` in ${count(rise)} s`}`
  const known = headroom(peak / base, need.startUp, need.longestWait)
  return isEnough
    ? `Reacting is enough for ${traffic}: with ${countOf(chosen.minimum, 'instance')} at least and a target of ${percent(chosen.target)} of what one can serve, ${percent(chosen.violated, 2)} of the requests wait longer than ${figure(need.longestWait, '')} s.`
    : `Reacting alone can't meet it for ${traffic}: ${percent(reactive.violated, 2)} of the requests would wait longer than ${figure(need.longestWait, '')} s, up to ${figure(Math.max(...reactive.simulation.waits), '')} s, because new instances come too late. ${countOf(chosen.minimum, 'instance')} must be there before it begins${typeof known === 'number' ? ` (before ${figure(peak / base, '')} times the load an instance may be ${percent(known, 2)} busy)` : ''}; then ${percent(chosen.violated, 2)} do.`
}

/**
 * @param policyOf the kind of autoscaler there is
 * @example recommendScaling(need, ({ metric, target, minimum, maximum }) => targetTracking({ metric, target, minimum, maximum }))
 */
export const recommendScaling = (need: ScalingNeed, policyOf: PolicyOf): ScalingAdvice | Declined => {
  const { capacity, startUp, useAtCapacity } = need
  if (capacity === undefined && startUp === undefined)
    return declined(
      'No target recommended, because neither what an instance can serve nor the time until one is in service was measured. Run perf run breakpoint on one instance, and perf run spike with the autoscaler on.',
    )
  if (capacity === undefined)
    return declined('No target recommended, because what an instance can serve within the objective was not measured. Run perf run breakpoint on one instance.')
  if (startUp === undefined)
    return declined(
      'No target recommended, because the time until a new instance is in service was not measured. Run perf run spike with the autoscaler on, or give it.',
    )
  const known = { ...need, capacity, startUp }
  const offered = trafficOf(need.traffic)
  // Use stops at 100 % and can't say how much more is wanted, which a spike needs to know.
  const metric: ScalingMetric = need.traffic.peak > 1.5 * need.traffic.base ? 'requests' : 'use'
  const candidate = play(known, policyOf, offered)
  const allowed = targets.filter((target) => useAtCapacity === undefined || target <= steadily * Math.max(useAtCapacity, targets[0]))
  const minima = minimaFor(known)
  const all = minima.flatMap((minimum) => allowed.map((target) => candidate(metric, target, minimum)))
  const meets = all.filter(({ violated }) => violated <= need.tolerated)
  const cheapest = (among: readonly Candidate[]): Candidate | undefined => among.toSorted((a, b) => a.simulation.paidSeconds - b.simulation.paidSeconds)[0]
  const reactive = all.filter(({ minimum }) => minimum === minima[0])
  const reactiveOnly =
    cheapest(reactive.filter(({ violated }) => violated <= need.tolerated)) ?? (reactive.toSorted((a, b) => a.violated - b.violated)[0] as Candidate)
  const chosen = cheapest(meets)
  if (chosen === undefined) {
    const best = all.toSorted((a, b) => a.violated - b.violated)[0] as Candidate
    return declined(
      `No setting meets it: even with ${countOf(best.minimum, 'instance')} at least, ${percent(best.violated, 2)} of the requests would wait longer than ${figure(need.longestWait, '')} s, and ${percent(need.tolerated, 2)} may.`,
    )
  }
  const isReactiveEnough = chosen.minimum === minima[0]
  return {
    declined: false,
    metric,
    chosen,
    scaleInBelow: scaleInBelow(chosen.target, chosen.minimum),
    reactiveOnly,
    isReactiveEnough,
    because: sentence(known, chosen, reactiveOnly, isReactiveEnough),
  }
}
