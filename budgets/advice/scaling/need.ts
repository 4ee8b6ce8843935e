/** What advice on an autoscaler rests on. */
import type { Lines } from './headroom.ts'
import type { MeasuredStartUp } from './lag.ts'
import type { Traffic } from './traffic.ts'

export type ScalingNeed = {
  /** Arrivals per second that one instance serves within the objective; undefined: not measured. */
  readonly capacity: number | undefined
  /** From asking for an instance until it is in service, s, as given; undefined: not. */
  readonly startUp: number | undefined
  /** The same as it was measured; what is given comes first. */
  readonly measuredStartUp?: MeasuredStartUp
  readonly traffic: Traffic
  /** Seconds of the epoch at which its rise begins; undefined: nobody said. */
  readonly begins?: number
  /** Arrivals of each second in place of the traffic: a run's own seconds, or a forecast. */
  readonly offered?: readonly number[]
  /** Longest wait that still meets the objective, s. */
  readonly longestWait: number
  /** Share of the requests that may wait longer, 0–1. */
  readonly tolerated: number
  /** Share of its CPU that an instance uses at its capacity, where it was measured, 0–1. */
  readonly useAtCapacity?: number
  /** Spearman's correlation of CPU use with the rate, where it was measured (follows-load.ts). */
  readonly useFollowsLoad?: number
  /** s of an answer at ordinary load, where it was measured. */
  readonly serviceTime?: number
  /** How requests wait: behind a balancer each instance has a line of its own, behind a broker they share one. @default 'per-instance' */
  readonly lines?: Lines
  /** Such rises a month, which decides what a spare instance costs against one that is asked for. @default 30 */
  readonly risesAMonth?: number
  /** Availability zones, 2 or more, of which one may be lost. @default none may */
  readonly zones?: number
  /** Of one instance for an hour. */
  readonly price?: { readonly hourly: number; readonly currency: string }
  /** How the simulator did on a spike that was measured (reproduction.ts). */
  readonly reproduction?: { readonly simulated: number; readonly measured: number }
}

/** With both that there is no advice without. */
export type KnownNeed = ScalingNeed & { readonly capacity: number; readonly startUp: number }
