/** Settings of an autoscaler, each played through the traffic: the fewest instances that keep the objective, for every metric and target. */
import { hoursOfMonth } from '../sizing/cost.ts'
import type { PolicyKind } from './autoscalers.ts'
import type { KnownNeed } from './need.ts'
import type { ScalingMetric } from './policy.ts'
import { type Simulation, simulate, violatedShare, waitQuantile } from './simulate.ts'

export type Candidate = {
  readonly kind: PolicyKind
  readonly minimum: number
  readonly maximum: number
  /** Share of what one holds at which an instance should be, 0–1; of the longest wait for `backlog` and `p95`. */
  readonly target: number
  /** Of the worst moment at which the rise may begin within a metric period. */
  readonly simulation: Simulation
  /** Share of the requests that waited too long. */
  readonly violated: number
  readonly p99: number
  /** Instances of an ordinary moment. */
  readonly steady: number
  /** Hours of instances in a month of 730 h with that many rises. */
  readonly monthlyHours: number
  readonly monthlyCost?: { readonly amount: number; readonly currency: string }
}

const targets = [0.8, 0.7, 0.6, 0.5, 0.4] as const
const steadily = 0.9 // of the use at capacity, so that measuring it again would not cross the target
/** Where nobody said how often it rises so: once a day. */
const risesAMonth = 30
const secondsAnHour = 3600

/** A target in the metric's own unit. */
export const inUnitsOf = (metric: ScalingMetric, share: number, { capacity, longestWait, serviceTime = 0 }: KnownNeed): number => {
  if (metric === 'requests') return share * capacity
  if (metric === 'backlog') return share * longestWait * capacity
  return metric === 'p95' ? serviceTime + share * longestWait : share
}

/** Targets that may be recommended: of a use, not more than 90 % of what it is at capacity. */
export const targetsFor = ({ metric }: PolicyKind, { useAtCapacity }: KnownNeed): readonly number[] =>
  metric === 'use' && useAtCapacity !== undefined ? targets.filter((target) => target <= steadily * Math.max(useAtCapacity, targets[4] / steadily)) : targets

/**
 * Hours of instances in a month: those between rises, and what each rise adds.
 * @param steady instances between rises @param paidSeconds of instances in a simulation of so many seconds, which holds one rise
 */
export const hoursWith = (steady: number, { paidSeconds, seconds }: Pick<Simulation, 'paidSeconds' | 'seconds'>, rises: number = risesAMonth): number =>
  steady * hoursOfMonth + (rises * Math.max(0, paidSeconds - steady * seconds.length)) / secondsAnHour

export type Stage = { readonly offered: readonly number[]; readonly base: number; readonly fewest: number; readonly maximum: number }

/** Instances between rises: never fewer than the minimum, and as many as keep the ordinary load at the target. */
export const steadyOf = (need: KnownNeed, base: number, { metric }: PolicyKind, target: number, minimum: number): number =>
  Math.max(minimum, Math.ceil(base / (need.capacity * (metric === 'requests' || metric === 'use' ? target : 1)) - 1e-9))

export const openStage = (need: KnownNeed, stage: Stage) => {
  const { capacity, startUp, serviceTime = 0, lines = 'per-instance', price } = need
  const scene = (kind: PolicyKind, target: number, minimum: number, phase: number) => ({
    policy: kind.make({ metric: kind.metric, target: inUnitsOf(kind.metric, target, need), minimum, maximum: stage.maximum }),
    fleet: { instances: steadyOf(need, stage.base, kind, target, minimum), capacity, startUp, lines, phase, serviceTime },
  })
  // What the search has played comes again when it becomes a candidate.
  const played = new Map<PolicyKind, Map<string, number>>()
  const violatedAt = (kind: PolicyKind, target: number, minimum: number, phase = 0): number => {
    const settings = `${target} ${minimum} ${phase}`
    const before = played.get(kind)?.get(settings)
    if (before !== undefined) return before
    const { fleet, policy } = scene(kind, target, minimum, phase)
    const violated = violatedShare(stage.offered, fleet, policy, need.longestWait)
    played.set(kind, (played.get(kind) ?? new Map()).set(settings, violated))
    return violated
  }
  return {
    /** Hours a month that such a candidate has at least. */
    leastHours: (kind: PolicyKind, target: number, minimum: number): number => steadyOf(need, stage.base, kind, target, minimum) * hoursOfMonth,
    violatedAt,
    /** Played from three moments of a metric period; the worst counts. */
    candidate: (kind: PolicyKind, target: number, minimum: number): Candidate => {
      const played = [0, 1, 2].map((third) => {
        const phase = Math.floor((third * kind.period) / 3)
        return { phase, violated: violatedAt(kind, target, minimum, phase) }
      })
      const { phase, violated } = played.reduce((worst, each) => (each.violated > worst.violated ? each : worst))
      const { fleet, policy } = scene(kind, target, minimum, phase)
      const simulation = simulate(stage.offered, fleet, policy)
      const steady = steadyOf(need, stage.base, kind, target, minimum)
      const monthlyHours = hoursWith(steady, simulation, need.risesAMonth)
      return {
        kind,
        minimum,
        maximum: stage.maximum,
        target,
        simulation,
        violated,
        p99: waitQuantile(simulation, 0.99),
        steady,
        monthlyHours,
        ...(price && { monthlyCost: { amount: monthlyHours * price.hourly, currency: price.currency } }),
      }
    },
  }
}
