/** The rule of a recommended autoscaler as Application Auto Scaling has it: target tracking of a metric, or steps behind an alarm. */
import { type Declined, declined } from '../../../../runner/stats/few.ts'
import type { Recommendation, RecommendedScaling } from '../../recommendation.ts'

/** One metric of CloudWatch. Dimensions that come from the load balancer or the queue are named by what fills them. */
export type Metric = {
  readonly namespace: string
  readonly name: string
  readonly statistic: string
  readonly dimensions: readonly { readonly name: string; readonly value: 'cluster' | 'service' | 'load balancer' | 'target group' | 'queue' }[]
}

export type TrackedMetric =
  | { readonly kind: 'predefined'; readonly name: string; readonly needsLabel: boolean }
  /** Messages that wait ÷ tasks that run. */
  | { readonly kind: 'backlog'; readonly waiting: Metric; readonly running: Metric }
  /** One that AWS has no name of its own for. */
  | { readonly kind: 'statistic'; readonly metric: Metric }

/** From so far beyond the threshold, in the metric's unit, until so far; undefined: without end. The change is in percent. */
export type Step = { readonly from?: number; readonly until?: number; readonly change: number }

export type AlarmedSteps = {
  readonly metric: Metric
  readonly threshold: number
  readonly period: number
  /** Points beyond the threshold in a row. */
  readonly points: number
  readonly cooldown: number
  readonly steps: readonly Step[]
}

export type Policy =
  | {
      readonly kind: 'target tracking'
      readonly metric: TrackedMetric
      readonly target: number
      readonly scaleOutCooldown: number
      readonly scaleInCooldown: number
    }
  | { readonly kind: 'steps'; readonly out: AlarmedSteps; readonly in: AlarmedSteps | Declined }

/** Both parts of a resource label, as CloudWatch names them. @example balancerOf('app/a/1/targetgroup/b/2') // 'app/a/1' */
export const balancerOf = (label: string): string => label.split('/targetgroup/')[0] ?? ''
export const targetGroupOf = (label: string): string => `targetgroup/${label.split('/targetgroup/')[1] ?? ''}`

const ofService = [
  { name: 'ClusterName', value: 'cluster' },
  { name: 'ServiceName', value: 'service' },
] as const
const ofBalancer = [
  { name: 'LoadBalancer', value: 'load balancer' },
  { name: 'TargetGroup', value: 'target group' },
] as const

const metrics = {
  cpu: { namespace: 'AWS/ECS', name: 'CPUUtilization', statistic: 'Average', dimensions: ofService },
  memory: { namespace: 'AWS/ECS', name: 'MemoryUtilization', statistic: 'Average', dimensions: ofService },
  requests: { namespace: 'AWS/ApplicationELB', name: 'RequestCountPerTarget', statistic: 'Sum', dimensions: ofBalancer },
  queue: { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', statistic: 'Average', dimensions: [{ name: 'QueueName', value: 'queue' }] },
  p95: { namespace: 'AWS/ApplicationELB', name: 'TargetResponseTime', statistic: 'p95', dimensions: ofBalancer },
} as const satisfies Record<RecommendedScaling['target']['metric'], Metric>

const running: Metric = { namespace: 'ECS/ContainerInsights', name: 'RunningTaskCount', statistic: 'Average', dimensions: ofService }

/** Percent of CPU and memory, requests a minute; messages and seconds as they are. */
const inUnitsOfCloudWatch = ({ metric, value }: RecommendedScaling['target']): number => {
  const factor = metric === 'cpu' || metric === 'memory' ? 100 : metric === 'requests' ? 60 : 1
  return Number((value * factor).toPrecision(6))
}

const tracked = (metric: RecommendedScaling['target']['metric'], period: 20 | 60): TrackedMetric => {
  if (metric === 'queue') return { kind: 'backlog', waiting: metrics.queue, running }
  if (metric === 'p95') return { kind: 'statistic', metric: metrics.p95 }
  if (metric === 'requests') return { kind: 'predefined', name: 'ALBRequestCountPerTarget', needsLabel: true }
  const name = metric === 'cpu' ? 'ECSServiceAverageCPUUtilization' : 'ECSServiceAverageMemoryUtilization'
  return { kind: 'predefined', name: period === 20 ? `${name}HighResolution` : name, needsLabel: false }
}

const pointsOut = 3
const pointsIn = 15
const staysBelow = 0.9 // of the target, once one is gone

/** At least as much more as the metric is over by, until it is twice the threshold: nothing above 100 % of a use can be seen. */
const stepsOut = (threshold: number): readonly Step[] => [
  { from: 0, until: threshold / 4, change: 25 },
  { from: threshold / 4, until: threshold / 2, change: 50 },
  { from: threshold / 2, change: 100 },
]

/** Below it one may go and the others stay below the threshold: threshold × (n − 1)/n × 0.9, n the fewest there are. */
const scaleInThreshold = (threshold: number, fewest: number): number => Number(((threshold * Math.max(0, fewest - 1) * staysBelow) / fewest).toPrecision(4))

const stepsIn = (scaling: RecommendedScaling, capacity: number | undefined): AlarmedSteps | Declined => {
  const { metric } = scaling.target
  const common = { period: scaling.period, points: pointsIn, cooldown: scaling.scaleInCooldown, steps: [{ until: 0, change: -10 }] }
  if (metric === 'p95')
    // Short answers do not say that there are too many instances; few requests do.
    return capacity === undefined
      ? declined(
          'No rule for fewer instances is written, because what one holds was not measured and response time does not tell that there are too many. Run perf run breakpoint on one instance.',
        )
      : { ...common, metric: metrics.requests, threshold: Number((scaling.scaleInBelow * capacity * 60).toPrecision(4)) }
  return { ...common, metric: metrics[metric], threshold: scaleInThreshold(inUnitsOfCloudWatch(scaling.target), scaling.minimum) }
}

const fromTheBalancer = (metric: RecommendedScaling['target']['metric']): boolean => metric === 'requests' || metric === 'p95'

/** @returns declined when AWS has no such rule */
export const policyOf = ({ capacity, capacityAtSize }: Pick<Recommendation, 'capacity' | 'capacityAtSize'>, scaling: RecommendedScaling): Policy | Declined => {
  const { target, type, period, scaleOutCooldown, scaleInCooldown } = scaling
  if (period === 20 && (target.metric === 'queue' || fromTheBalancer(target.metric)))
    return declined(
      `Scaling is not written, because it was chosen with points of 20 s, and CloudWatch has ${target.metric === 'queue' ? 'the length of a queue' : 'what a load balancer counts'} once a minute only. Run perf advise again with --policy ecs.`,
    )
  if (type === 'step' && target.metric === 'queue')
    return declined(
      'Scaling is not written, because the alarm of step scaling would see all messages, and the target is messages per instance. Use target tracking.',
    )
  if (type === 'step') {
    const threshold = inUnitsOfCloudWatch(target)
    return {
      kind: 'steps',
      out: { metric: metrics[target.metric], threshold, period, points: pointsOut, cooldown: scaleOutCooldown, steps: stepsOut(threshold) },
      in: stepsIn(scaling, capacityAtSize ?? capacity),
    }
  }
  return { kind: 'target tracking', metric: tracked(target.metric, period), target: inUnitsOfCloudWatch(target), scaleOutCooldown, scaleInCooldown }
}
