/**
 * How busy instances may be before a spike, and what a spike that was not provided for costs in waiting, by the fluid model: load steps
 * from λ₀ to r·λ₀ and capacity follows after a lag D. Source: Newell, Applications of Queueing Theory, 1982.
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { figure } from '../../figure.ts'

/** One line for all (a broker, pooled workers), or a line in front of each instance, which its requests can't leave. */
export type Lines = 'shared' | 'per-instance'

export type Spike = {
  /** Arrivals per second before. */
  readonly rate: number
  /** So many times as many during the spike, r > 1. */
  readonly factor: number
  /** Seconds from the spike until there is more capacity, D. */
  readonly lag: number
  /** Arrivals per second that one instance serves, x. */
  readonly capacity: number
}

export type Aftermath = {
  readonly declined: false
  /** Requests that wait when the new instances come. */
  readonly backlog: number
  /** Longest wait, s. */
  readonly wait: number
  /** Seconds from the beginning of the spike until nobody waits. */
  readonly recovery: number
}

/**
 * @param before instances at the beginning of the spike @param afterwards instances after the lag
 * @example aftermath({ rate: 1000, factor: 2, lag: 240, capacity: 100 }, 14, 22, 'shared') // { backlog: 144000, wait: 72, recovery: 960 }
 */
export const aftermath = ({ rate, factor, lag, capacity }: Spike, before: number, afterwards: number, lines: Lines): Aftermath | Declined => {
  const offered = rate * factor
  const [small, large] = [before * capacity, afterwards * capacity]
  const backlog = Math.max(0, (offered - small) * lag)
  if (backlog === 0) return { declined: false, backlog: 0, wait: 0, recovery: 0 }
  if (large <= offered) return declined(`It never recovers: ${figure(offered, '/s')} are offered to a capacity of ${figure(large, '/s')}.`)
  const drain = (backlog / (large - offered)) * (lines === 'shared' ? 1 : afterwards / before)
  return { declined: false, backlog, wait: lines === 'shared' ? backlog / offered : backlog / small, recovery: lag + drain }
}

/**
 * The busiest that instances may be before a spike so that nobody waits longer than `wait`, 0–1. u₀ ≤ (1 + W ÷ D) ÷ r holds for either kind
 * of line.
 * @param wait s @example headroom(2, 240, 0.5) // 0.501
 */
export const headroom = (factor: number, lag: number | null, wait: number): number | Declined =>
  lag === null ? declined('Headroom needs the scaling lag: measure it with a spike run, or give it.') : Math.min(1, (1 + wait / lag) / factor)

/** The same before a ramp that rises by `slope` arrivals/s each second. @example headroomForRamp(10, 60, 1000) // 0.625 */
export const headroomForRamp = (slope: number, lag: number, rate: number): number => 1 / (1 + (slope * lag) / rate)

/** Instances that a spike needs from its first second on: ⌈λ₀ ÷ (x·u₀)⌉. */
export const instancesForSpike = ({ rate, factor, lag, capacity }: Spike, wait: number): number =>
  Math.ceil((rate * factor) / (capacity * (1 + wait / lag)) - 1e-9)

/**
 * So many that one zone may be lost: ⌈N·z ÷ (z − 1)⌉.
 * @example overZones(7, 3) // 11
 */
export const overZones = (instances: number, zones: number): number => (zones < 2 ? instances : Math.ceil((instances * zones) / (zones - 1) - 1e-9))

/**
 * Rounds of target tracking on a metric that stops at 100 % until a spike is absorbed: each multiplies the instances by 100 ÷ T at most.
 * @param target T as a ratio @example roundsToAbsorb(5, 0.7) // 5
 */
export const roundsToAbsorb = (factor: number, target: number): number =>
  factor * target <= 1 + 1e-9 ? 1 : Math.ceil(Math.log(factor * target) / Math.log(1 / target) - 1e-9) + 1
