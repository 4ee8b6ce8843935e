/**
 * Settings of an autoscaler that meet an objective at the least cost, or why none does and how many instances must be there beforehand.
 * The rules of thumb (headroom.ts) give the range; every candidate is then played through the traffic (search.ts).
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { countOf, figure, percent } from '../../figure.ts'
import type { PolicyKind } from './autoscalers.ts'
import type { Candidate, Stage } from './candidates.ts'
import { followsLoad } from './follows-load.ts'
import { type Lag, lagOf, type StartUp, startUpFrom } from './lag.ts'
import type { KnownNeed, ScalingNeed } from './need.ts'
import type { ScalingMetric } from './policy.ts'
import { becauseOf, type Shape, shapeOf } from './reasons.ts'
import { disagreementOf } from './reproduction.ts'
import { roundsSentence } from './rounds.ts'
import { type Found, search } from './search.ts'
import { aroundTheHeight, trafficOf } from './traffic.ts'
import { spread, zonesSentence } from './zones.ts'

const margin = 0.9
const fewest = 2 // one may fail
const spareAtPeak = 1.3

/** Below this share one of the instances may go, and the others stay below the target. @example scaleInBelow(0.7, 3) // 0.42 */
export const scaleInBelow = (target: number, instances: number): number => target * ((instances - 1) / instances) * margin

export type ScalingAdvice = {
  readonly declined: false
  readonly metric: ScalingMetric
  readonly chosen: Candidate
  /** Of each other metric and type that meets it, the cheapest. */
  readonly alternatives: readonly Candidate[]
  /** Below this share of capacity an instance may go without another being asked for again at once. */
  readonly scaleInBelow: number
  /** The same with the fewest instances that the calm needs: what reacting alone would do. */
  readonly reactiveOnly: Candidate
  /** Whether reacting alone meets the objective. */
  readonly isReactiveEnough: boolean
  readonly startUp: StartUp
  /** From the rise until there is more capacity. */
  readonly lag: Lag
  readonly need: KnownNeed
  /** Whole sentences. */
  readonly caveats: readonly string[]
  readonly because: string
}

/** What can be watched here: CPU where it was measured and follows the load, a queue where there is one, response time where it is known. */
const usable = (kinds: readonly PolicyKind[], { useFollowsLoad, useAtCapacity, lines, serviceTime }: ScalingNeed) => {
  const isNoGuide = useFollowsLoad !== undefined && !followsLoad(useFollowsLoad)
  const can: Record<ScalingMetric, boolean> = {
    requests: true,
    use: useAtCapacity !== undefined && !isNoGuide,
    backlog: lines === 'shared',
    p95: serviceTime !== undefined,
  }
  return { kinds: kinds.filter(({ metric }) => can[metric]), isNoGuide }
}

const cpuIsNoGuide = 'CPU does not follow the load here; scale on requests per target.'

const refusalOf = ({ capacity, startUp, measuredStartUp, reproduction }: ScalingNeed): string | undefined => {
  if (capacity === undefined && startUp === undefined && measuredStartUp === undefined)
    return 'No target recommended, because neither what an instance can serve nor the time until one is in service was measured. Run perf run breakpoint on one instance, and perf run spike with the autoscaler on.'
  if (capacity === undefined)
    return 'No target recommended, because what an instance can serve within the objective was not measured. Run perf run breakpoint on one instance.'
  return reproduction && disagreementOf(reproduction)
}

const missed = ({ reactive }: Found, most: number, { longestWait, tolerated }: KnownNeed): string =>
  `No setting meets it: even with ${countOf(most, 'instance')} at least, more than ${percent(tolerated, 2)} of the requests would wait longer than ${figure(longestWait, '')} s; reacting alone, ${percent(reactive.violated, 2)}.`

/** Why reacting alone comes so late, where CPU is what it would go by. Pods, which go by one point, may use more than they request. */
const climbOf = (need: KnownNeed, { peak }: Shape, { kind, steady, target }: Candidate, startUp: StartUp): string | undefined => {
  const { capacity, useAtCapacity: cpu } = need
  if (kind.metric !== 'use' || kind.type !== 'target-tracking' || kind.points === 1 || cpu === undefined || cpu > 1) return undefined
  const climb = { instances: steady, factor: peak / (steady * capacity * target), target: target * cpu }
  return roundsSentence(climb, lagOf(kind, startUp), startUp.seconds, kind.publication)
}

/** The cheapest of each metric and type. */
const alternativesTo = (chosen: Candidate, meeting: readonly Candidate[]): Candidate[] =>
  meeting.filter(({ kind }, at) => kind !== chosen.kind && meeting.findIndex((each) => each.kind === kind) === at)

/**
 * @param autoscaler the kinds of policy that there are (autoscalers.ts)
 * @example recommendScaling(need, autoscalers.ecs)
 */
export const recommendScaling = (need: ScalingNeed, autoscaler: readonly PolicyKind[]): ScalingAdvice | Declined => {
  const refusal = refusalOf(need)
  const { capacity } = need
  if (refusal !== undefined || capacity === undefined) return declined(refusal ?? '')
  const { kinds, isNoGuide } = usable(autoscaler, need)
  if (kinds.length === 0)
    return declined(
      isNoGuide
        ? cpuIsNoGuide
        : 'No target recommended, because this autoscaler watches CPU and no probe watched it. Add a process or cgroup probe and run perf run breakpoint again, or choose another --policy.',
    )
  const shape = shapeOf(need)
  const startUp = startUpFrom(need.startUp, need.measuredStartUp)
  const isAssumed = startUp.source === 'assumed'
  const known: KnownNeed = { ...need, capacity, startUp: startUp.seconds }
  // Nobody knows how late help comes: what the rule without any help asks for (u₀ ≤ 1 ÷ r) is the least then.
  const calm = Math.max(fewest, Math.ceil((isAssumed ? shape.peak : shape.base) / capacity - 1e-9))
  const maximum = Math.max(fewest, calm, Math.ceil((spareAtPeak * shape.peak) / capacity - 1e-9))
  const stage: Stage = { offered: aroundTheHeight(need.offered ?? trafficOf(need.traffic)), base: shape.base, fewest: calm, maximum }
  const found = search(known, kinds, stage)
  // Response time says nothing until it is too late, so it is taken only where nothing else can be watched.
  const chosen = found.meeting.find(({ kind }) => kind.metric !== 'p95') ?? found.meeting[0]
  if (chosen === undefined) return declined(missed(found, maximum, known))
  const isReactiveEnough = chosen.minimum === calm && !isAssumed
  const lag = lagOf(chosen.kind, startUp)
  const climb = isReactiveEnough || isAssumed ? undefined : climbOf(known, shape, found.reactive, startUp)
  const { zones } = need
  const over = (candidate: Candidate): Candidate => (zones === undefined ? candidate : spread(candidate, zones))
  const advised = over(chosen)
  return {
    declined: false,
    metric: chosen.kind.metric,
    chosen: advised,
    alternatives: alternativesTo(chosen, found.meeting).map(over),
    scaleInBelow: scaleInBelow(chosen.target, advised.minimum),
    reactiveOnly: over(found.reactive),
    isReactiveEnough,
    startUp,
    lag,
    need: known,
    caveats: [
      ...(climb === undefined ? [] : [climb]),
      ...(zones === undefined ? [] : [zonesSentence(chosen.minimum, zones)]),
      ...(isAssumed ? [startUp.because] : []),
      ...(isNoGuide ? [cpuIsNoGuide] : []),
    ],
    because: becauseOf(known, shape, { chosen, reactive: found.reactive, lag, isEnough: isReactiveEnough, isUnknown: isAssumed }),
  }
}
