/** What scales a Deployment, in the words of deployments: a HorizontalPodAutoscaler's metrics as policies. */
import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node'
import type { DeployedPods, DeployedPolicy } from '../deployment.ts'
import { behaviorOf } from './behavior.ts'
import { complaintsOf, stoppedBy } from './conditions.ts'
import { watchedMetric } from './metrics.ts'

export type Autoscaling = {
  readonly minimum?: number
  readonly maximum?: number
  readonly policies: readonly DeployedPolicy[]
  readonly caveats: readonly string[]
}

const nameOf = (scaler: V2HorizontalPodAutoscaler): string => scaler.metadata?.name ?? ''

/** What lets it wait before a step, s. An API server writes the usual 0 into whatever has a behavior of its own: it waits for nothing. */
export const waitsOf = (pace: DeployedPods['pace']): Pick<DeployedPolicy, 'scaleOutCooldown' | 'scaleInCooldown' | 'scalesIn'> => ({
  ...(pace?.out.window && { scaleOutCooldown: pace.out.window }),
  ...(pace?.in.window !== undefined && { scaleInCooldown: pace.in.window }),
  ...(pace?.in.select === 'none' && { scalesIn: false }),
})

/** @param rival another scales the same pods */
const policiesOf = (scaler: V2HorizontalPodAutoscaler, rival: boolean): DeployedPolicy[] => {
  const pace = behaviorOf(scaler.spec?.behavior)
  const stopped = rival ? 'another one scales the same pods, and Kubernetes then stops both' : stoppedBy(scaler)
  return (scaler.spec?.metrics ?? []).map((spec) => {
    const { metric, target, pods } = watchedMetric(spec)
    return {
      name: nameOf(scaler),
      type: 'horizontal-pod-autoscaler',
      metric,
      ...(target !== undefined && { target }),
      ...waitsOf(pace),
      pods: { ...pods, ...(pace && { pace }), ...(stopped !== undefined && { stopped }) },
    }
  })
}

export const scalesDeployment = (reference: { readonly kind?: string | undefined; readonly name: string } | undefined, deployment: string): boolean =>
  reference !== undefined && (reference.kind ?? 'Deployment') === 'Deployment' && reference.name === deployment

/** @param scalers those of one Deployment */
export const autoscalingOf = (scalers: readonly V2HorizontalPodAutoscaler[]): Autoscaling => {
  const [first, ...others] = scalers
  if (first?.spec === undefined) return { policies: [], caveats: [] }
  const rivals =
    others.length > 0
      ? [
          `${scalers.length} HorizontalPodAutoscalers scale this Deployment: ${scalers.map(nameOf).join(', ')}. Kubernetes stops all of them then, and expects one. Remove all but one.`,
        ]
      : []
  return {
    minimum: first.spec.minReplicas ?? 1,
    maximum: first.spec.maxReplicas,
    policies: scalers.flatMap((scaler) => policiesOf(scaler, others.length > 0)),
    caveats: [...rivals, ...scalers.flatMap(complaintsOf)],
  }
}
