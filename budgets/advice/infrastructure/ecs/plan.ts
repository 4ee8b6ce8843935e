/** A recommendation in the words of Amazon ECS, once for every format: names, bounds, rule, schedule and size. */
import { type Declined, declined } from '../../../../runner/stats/few.ts'
import type { Recommendation } from '../../recommendation.ts'
import { type Reasons, reasonsOf } from '../derivation.ts'
import { serviceName } from '../names.ts'
import { type Tags, tagsOf } from '../tags.ts'
import { type Policy, policyOf } from './policy.ts'
import { type ScheduledAction, scheduledActions } from './schedule.ts'

export type EcsSize = {
  /** CPU units, 1024 of a vCPU. */
  readonly cpu: number
  /** MiB */
  readonly memory: number
  readonly architecture: 'X86_64' | 'ARM64'
}

export type EcsScaling = { readonly minimum: number; readonly maximum: number; readonly policy: Policy; readonly scheduled: readonly ScheduledAction[] }

export type EcsPlan = {
  /** Undefined: to be filled in. */
  readonly cluster: string | undefined
  readonly service: string | undefined
  readonly account: string | undefined
  readonly region: string | undefined
  /** `app/<balancer>/<id>/targetgroup/<group>/<id>`; undefined: to be filled in where it is needed. */
  readonly resourceLabel: string | undefined
  readonly scaling: EcsScaling | undefined
  readonly size: EcsSize | undefined
  readonly tags: Tags
  readonly reasons: Reasons
  /** What this format leaves out, beyond what the recommendation declined itself. */
  readonly declined: readonly string[]
}

const sizeOf = ({ size }: Recommendation): EcsSize | undefined =>
  size === undefined
    ? undefined
    : { cpu: Math.round(size.vcpu * 1024), memory: Math.round(size.gigabytes * 1024), architecture: size.architecture === 'arm' ? 'ARM64' : 'X86_64' }

const scalingOf = (recommendation: Recommendation): { readonly scaling: EcsScaling | undefined; readonly declined: readonly string[] } => {
  const { scaling } = recommendation
  if (scaling === undefined) return { scaling: undefined, declined: [] }
  const policy = policyOf(recommendation, scaling)
  if ('declined' in policy) return { scaling: undefined, declined: [policy.because] }
  const { actions, declined: without } = scheduledActions(recommendation, scaling)
  return {
    scaling: { minimum: scaling.minimum, maximum: scaling.maximum, policy, scheduled: actions },
    declined: [...(policy.kind === 'steps' && 'declined' in policy.in ? [policy.in.because] : []), ...without],
  }
}

/** @param format as it was asked for, for the sentence @returns declined when there is nothing to write */
export const ecsPlan = (recommendation: Recommendation, format: string): EcsPlan | Declined => {
  const { deployment, resourceLabel } = recommendation
  if (deployment?.kind === 'kubernetes')
    return declined(`--as ${format} writes for Amazon ECS, and ${deployment.deployment} is deployed on Kubernetes. Write --as hpa or --as keda.`)
  const size = sizeOf(recommendation)
  const { scaling, declined: without } = scalingOf(recommendation)
  if (scaling === undefined && size === undefined)
    return declined(
      `There is nothing to write as ${format}, because neither scaling nor a size is recommended. ${[...recommendation.declined, ...without].join(' ')}`.trimEnd(),
    )
  return {
    cluster: deployment?.cluster,
    service: serviceName(recommendation),
    account: deployment?.account,
    region: deployment?.region,
    resourceLabel,
    scaling,
    size,
    tags: tagsOf(recommendation),
    reasons: reasonsOf(recommendation),
    declined: without,
  }
}

/** Whether the rule watches what a load balancer counts, which is found by its resource label. */
export const needsLabel = ({ scaling }: Pick<EcsPlan, 'scaling'>): boolean => {
  const policy = scaling?.policy
  if (policy === undefined) return false
  if (policy.kind === 'target tracking') {
    const { metric } = policy
    return metric.kind === 'predefined' ? metric.needsLabel : metric.kind === 'statistic'
  }
  return [policy.out, policy.in].some((each) => 'metric' in each && each.metric.namespace === 'AWS/ApplicationELB')
}

export const needsQueue = ({ scaling }: Pick<EcsPlan, 'scaling'>): boolean =>
  scaling?.policy.kind === 'target tracking' && scaling.policy.metric.kind === 'backlog'

export const needsHighResolution = ({ scaling }: Pick<EcsPlan, 'scaling'>): boolean => {
  const policy = scaling?.policy
  if (policy === undefined) return false
  if (policy.kind === 'steps') return policy.out.period === 20
  return policy.metric.kind === 'predefined' && policy.metric.name.endsWith('HighResolution')
}
