/**
 * The autoscalers that can be played, and what each can be told: a metric to track, or steps beyond a threshold. Their paces are those of a
 * service that nobody has changed; 20-s points exist for CPU and memory only.
 */
import type { RecommendedScaling } from '../recommendation.ts'
import { podAutoscaling } from './horizontal-pod-autoscaler.ts'
import { keda } from './keda.ts'
import type { ScalingMetric, ScalingPolicy } from './policy.ts'
import { severalPolicies } from './several-policies.ts'
import { stepScaling } from './step-scaling.ts'
import { targetTracking } from './target-tracking.ts'

export type PolicySettings = {
  readonly metric: ScalingMetric
  /** In the metric's unit. */
  readonly target: number
  readonly minimum: number
  readonly maximum: number
}

/** How quickly it looks and acts, s. */
export type Pace = Pick<RecommendedScaling, 'period' | 'scaleOutCooldown' | 'scaleInCooldown'>

export type PolicyKind = Pace &
  Pick<RecommendedScaling, 'type'> & {
    readonly metric: ScalingMetric
    /** s from the end of a period until its point is seen. */
    readonly publication: number
    /** Points in a row that it takes to act. */
    readonly points: number
    readonly make: (settings: PolicySettings) => ScalingPolicy
  }

/** At least as much more as the metric is over by, until it is half as much again: a use can't show more. */
const stepsOut = [
  { beyond: 0, share: 0.25 },
  { beyond: 0.25, share: 0.5 },
  { beyond: 0.5, share: 1 },
] as const
const stepIn = 0.1
const pointsOut = 3
const pointsIn = 15
const staysBelow = 0.9

/** Steps out above the threshold, and one in below what the others would still have when one has gone. */
const inSteps = ({ metric, target, minimum, maximum }: PolicySettings, period: number, publication: number): ScalingPolicy =>
  severalPolicies([
    stepScaling({
      metric,
      threshold: target,
      steps: stepsOut.map(({ beyond, share }) => ({ beyond: beyond * target, change: { share } })),
      points: { needed: pointsOut, of: pointsOut },
      period,
      publication,
      minimum,
      maximum,
    }),
    stepScaling({
      metric,
      direction: 'in',
      threshold: (target * Math.max(0, minimum - 1) * staysBelow) / minimum,
      steps: [{ beyond: 0, change: { share: stepIn } }],
      points: { needed: pointsIn, of: pointsIn },
      period,
      publication,
      minimum,
      maximum,
    }),
  ])

const minutes = { period: 60, publication: 30, points: pointsOut, scaleOutCooldown: 300, scaleInCooldown: 300 } as const
const twenties = { ...minutes, period: 20, publication: 10 } as const
const pods = { ...minutes, publication: 15, points: 1, scaleOutCooldown: 0 } as const

const tracked = (metric: ScalingMetric, pace: typeof minutes | typeof twenties): PolicyKind => ({
  type: 'target-tracking',
  metric,
  ...pace,
  make: (settings) => targetTracking({ ...settings, period: pace.period, publication: pace.publication }),
})
const stepped = (metric: ScalingMetric, pace: typeof minutes | typeof twenties): PolicyKind => ({
  type: 'step',
  metric,
  ...pace,
  make: (settings) => inSteps(settings, pace.period, pace.publication),
})
const ofPods = (metric: ScalingMetric): PolicyKind => ({ type: 'target-tracking', metric, ...pods, make: (settings) => podAutoscaling(settings) })
const ofKeda = (metric: ScalingMetric): PolicyKind => ({
  type: 'target-tracking',
  metric,
  ...pods,
  publication: 30,
  make: (settings) => keda({ ...settings, period: 30, publication: 0 }),
})

/** By the names of `--policy`; of two that cost the same the first is taken. */
export const autoscalers = {
  ecs: [
    tracked('requests', minutes),
    tracked('use', minutes),
    tracked('backlog', minutes),
    tracked('p95', minutes),
    stepped('requests', minutes),
    stepped('use', minutes),
  ],
  'ecs-20s': [tracked('use', twenties), stepped('use', twenties)],
  hpa: [ofPods('requests'), ofPods('use'), ofPods('backlog'), ofPods('p95')],
  keda: [ofKeda('requests'), ofKeda('backlog'), ofKeda('use'), ofKeda('p95')],
} as const satisfies Readonly<Record<string, readonly PolicyKind[]>>

export type AutoscalerName = keyof typeof autoscalers

/** Pods are sized to the thousandth of a core, tasks by a table. */
export const platforms = { ecs: 'fargate', 'ecs-20s': 'fargate', hpa: 'kubernetes', keda: 'kubernetes' } as const satisfies Readonly<
  Record<AutoscalerName, string>
>
