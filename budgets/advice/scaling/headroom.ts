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

/** A rise as the rules know it: from `base` to `peak` arrivals per second, in `rise` seconds; 0: at once. */
type Rise = { readonly base: number; readonly peak: number; readonly rise: number }

/**
 * The busiest that instances may be before a spike so that nobody waits longer than `wait`, 0–1. u₀ ≤ (1 + W ÷ D) ÷ r holds for either kind
 * of line.
 * @param lag D, s @param wait W, s @example headroom(2, 240, 0.5) // 0.501
 */
export const headroom = (factor: number, lag: number, wait: number): number => Math.min(1, (1 + wait / lag) / factor)

/** The same before a ramp that rises by `slope` arrivals/s each second. @example headroomForRamp(10, 60, 1000) // 0.625 */
export const headroomForRamp = (slope: number, lag: number, rate: number): number => 1 / (1 + (slope * lag) / rate)

/** Before either: a rise that takes longer than the lag has not come far when help is there. */
export const busiestBefore = ({ base, peak, rise }: Rise, lag: number, wait: number): number => {
  const atOnce = headroom(peak / base, lag, wait)
  return rise === 0 ? atOnce : Math.max(atOnce, headroomForRamp((peak - base) / rise, lag, base))
}

/** So many for a rate that may keep them so busy: ⌈λ ÷ (x·u)⌉. @example instancesFor(1000, 100, headroom(2, 240, 0.5)) // 20 */
export const instancesFor = (rate: number, capacity: number, use: number): number => Math.ceil(rate / (capacity * use) - 1e-9)
