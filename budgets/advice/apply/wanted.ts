/** The settings that a recommendation asks for, as ECS has them, beside those that are there: what it does not speak of stays. */
import type { PolicySettings, ScheduleSettings, Settings, TaskSize } from '../../../runner/deployments/ecs/settings.ts'
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { type EcsPlan, type EcsScaling, needsLabel } from '../infrastructure/ecs/plan.ts'
import type { Recommendation } from '../recommendation.ts'

export type Wanted = {
  readonly settings: Settings
  /** Undefined: the size stays. */
  readonly size: TaskSize | undefined
  /** What stays, and why: whole sentences. */
  readonly notes: readonly string[]
}

export type Now = {
  readonly settings: Settings
  readonly size: TaskSize
  readonly architecture: 'X86_64' | 'ARM64' | undefined
  /** Whether perf brought this size by the same advice: it is not the one that was measured. */
  readonly isResized: boolean
}

type Tracked = { readonly metric: string; readonly policy: PolicySettings }

const metricIn = ({ configuration }: PolicySettings): unknown =>
  (configuration.PredefinedMetricSpecification as { readonly PredefinedMetricType?: unknown } | undefined)?.PredefinedMetricType

const trackedOf = ({ policy }: EcsScaling, label: string | undefined): Tracked | Declined => {
  if (policy.kind !== 'target tracking' || policy.metric.kind !== 'predefined')
    return declined(
      'Nothing was applied, because the recommended rule is none that tracks a metric of ECS itself. perf apply writes those only. Use perf advise --as aws-cli.',
    )
  const { name } = policy.metric
  if (name.endsWith('HighResolution'))
    return declined(
      'Nothing was applied, because the rule reads points of 20 s, which the service sends only once its monitoring asks for them. perf apply does not change that. Run perf advise again with --policy ecs, or use --as aws-cli.',
    )
  return {
    metric: name,
    policy: {
      type: 'TargetTrackingScaling',
      configuration: {
        TargetValue: policy.target,
        PredefinedMetricSpecification: { PredefinedMetricType: name, ...(policy.metric.needsLabel && { ResourceLabel: label }) },
        ScaleOutCooldown: policy.scaleOutCooldown,
        ScaleInCooldown: policy.scaleInCooldown,
      },
    },
  }
}

/** AWS has one policy for each metric, so one that is there takes the new values under its own name. */
const nameFor = ({ policies }: Settings, metric: string): string =>
  Object.entries(policies).find(([, policy]) => metricIn(policy) === metric)?.[0] ?? `scale-surgeon-${metric}`

const atLeast = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }, instances: number) => ({
  minimum: Math.max(minimum, instances),
  maximum: Math.max(maximum, instances),
})

/** A schedule that ends brings back bounds, too: no fewer instances than the size needs. */
const schedulesOf = ({ scheduled }: EcsScaling, instances: number): Record<string, ScheduleSettings> =>
  Object.fromEntries(scheduled.map(({ name, schedule, ...bounds }) => [name, { expression: schedule, ...atLeast(bounds, instances) }]))

const othersSentence = (names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        `${names.length === 1 ? 'Policy' : 'Policies'} ${names.join(', ')} ${names.length === 1 ? 'stays' : 'stay'} as now: of several policies the one that asks for the most tasks counts.`,
      ]

const isAlike = (one: TaskSize, other: TaskSize): boolean => one.cpu === other.cpu && one.memory === other.memory

const sizeFor = (plan: EcsPlan, { size, architecture }: Now, isAsked: boolean): TaskSize | undefined | Declined => {
  const recommended = plan.size
  if (!isAsked) return undefined
  if (recommended === undefined)
    return declined(
      'Nothing was applied, because --size was asked for and no size is recommended. Leave --size out, or measure what the advice says is missing.',
    )
  if (architecture !== undefined && architecture !== recommended.architecture)
    return declined(
      `Nothing was applied, because the size is recommended for ${recommended.architecture} and the tasks run on ${architecture}. Another processor needs another image. Run perf advise with --architecture as it is deployed.`,
    )
  return isAlike(recommended, size) ? undefined : { cpu: recommended.cpu, memory: recommended.memory }
}

const sizeNote = ({ size: recommended }: EcsPlan, { size }: Now, isAsked: boolean): string[] =>
  isAsked || recommended === undefined || isAlike(recommended, size)
    ? []
    : [`Tasks of ${recommended.cpu} CPU units and ${recommended.memory} MiB are recommended, too. Add --size to change the size as well.`]

/** @param label of the load balancer, where it is known @param isSizeAsked whether the size may be changed, too */
export const wantedOf = (
  recommendation: Recommendation,
  plan: EcsPlan,
  now: Now,
  { label, isSizeAsked }: { label: string | undefined; isSizeAsked: boolean },
): Wanted | Declined => {
  const { scaling } = plan
  if (scaling === undefined)
    return declined(
      `Nothing was applied, because no scaling is recommended: ${[...recommendation.declined, ...plan.declined].join(' ') || 'the advice has none.'}`,
    )
  if (needsLabel(plan) && label === undefined)
    return declined(
      'Nothing was applied, because the target counts requests per task, and no load balancer in front of the service could be read. Its label is app/<balancer>/<id>/targetgroup/<group>/<id>. Run perf advise with --ecs.',
    )
  const tracked = trackedOf(scaling, label)
  if ('declined' in tracked) return tracked
  const size = sizeFor(plan, now, isSizeAsked)
  if (size !== undefined && 'declined' in size) return size
  const { settings } = now
  const isOther = size !== undefined || now.isResized
  const instances = isOther ? (recommendation.size?.instances ?? 0) : 0
  // Requests per task were measured at one size: for another one they are not known.
  const isTargetKnown = !isOther || !needsLabel(plan)
  const name = nameFor(settings, tracked.metric)
  return {
    settings: {
      ...settings,
      bounds: atLeast(scaling, instances),
      policies: { ...settings.policies, ...(isTargetKnown && { [name]: tracked.policy }) },
      schedules: { ...settings.schedules, ...schedulesOf(scaling, instances) },
    },
    size,
    notes: [
      ...othersSentence(Object.keys(settings.policies).filter((each) => each !== name || !isTargetKnown)),
      ...(isTargetKnown
        ? []
        : [
            'No target is set: requests per task were measured at another size, and this one holds another number. Measure again at the new size, and apply that.',
          ]),
      ...sizeNote(plan, now, isSizeAsked),
    ],
  }
}
