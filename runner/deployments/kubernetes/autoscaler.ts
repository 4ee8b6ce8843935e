/** What scales a Deployment, in the words of deployments: a HorizontalPodAutoscaler's metrics as policies. */
import type { V2HorizontalPodAutoscaler, V2MetricSpec, V2MetricTarget } from '@kubernetes/client-node'
import type { DeployedPolicy } from '../deployment.ts'
import { quantityOf } from './quantity.ts'

export type Autoscaling = {
  readonly minimum?: number
  readonly maximum?: number
  readonly policies: readonly DeployedPolicy[]
  readonly caveats: readonly string[]
}

const targetOf = ({ averageUtilization, averageValue, value }: V2MetricTarget): number | undefined =>
  averageUtilization ?? quantityOf(averageValue) ?? quantityOf(value)

/** Its name as Kubernetes has it, and what of it is aimed at. */
const metricOf = ({
  resource,
  containerResource,
  pods,
  object,
  external,
}: V2MetricSpec): { readonly metric: string; readonly target: V2MetricTarget } | undefined => {
  if (resource !== undefined) return { metric: resource.name, target: resource.target }
  if (containerResource !== undefined) return { metric: `${containerResource.name} of ${containerResource.container}`, target: containerResource.target }
  const other = pods ?? object ?? external
  return other && { metric: other.metric.name, target: other.target }
}

const nameOf = (scaler: V2HorizontalPodAutoscaler): string => scaler.metadata?.name ?? ''

const policiesOf = (scaler: V2HorizontalPodAutoscaler): DeployedPolicy[] =>
  (scaler.spec?.metrics ?? []).flatMap((spec) => {
    const known = metricOf(spec)
    const { scaleUp, scaleDown } = scaler.spec?.behavior ?? {}
    const target = known && targetOf(known.target)
    return {
      name: nameOf(scaler),
      type: 'horizontal-pod-autoscaler' as const,
      metric: known?.metric ?? spec.type,
      ...(target !== undefined && { target }),
      // An API server writes the usual 0 into whatever has a behavior of its own: it waits for nothing.
      ...(scaleUp?.stabilizationWindowSeconds && { scaleOutCooldown: scaleUp.stabilizationWindowSeconds }),
      ...(scaleDown?.stabilizationWindowSeconds !== undefined && { scaleInCooldown: scaleDown.stabilizationWindowSeconds }),
    }
  })

/** What it says of itself: without its metrics it does not scale, and at a bound it would go further. */
const complaintsOf = (scaler: V2HorizontalPodAutoscaler): string[] =>
  (scaler.status?.conditions ?? []).flatMap(({ type, status, reason = '', message = '' }) => {
    const said = `${reason}: ${message.replace(/\.$/, '')}`
    if ((type === 'ScalingActive' || type === 'AbleToScale') && status === 'False')
      return [`HorizontalPodAutoscaler ${nameOf(scaler)} does not scale now (${said}). It needs its metrics to. Mend that before its settings are changed.`]
    if (type === 'ScalingLimited' && status === 'True' && reason.startsWith('TooMany'))
      return [
        `HorizontalPodAutoscaler ${nameOf(scaler)} is at its maximum and wants more (${said}). A bound is to be reached seldom. Look at the recommended maximum.`,
      ]
    return []
  })

export const scalesDeployment = (reference: { readonly kind?: string | undefined; readonly name: string } | undefined, deployment: string): boolean =>
  reference !== undefined && (reference.kind ?? 'Deployment') === 'Deployment' && reference.name === deployment

/** @param scalers those of one Deployment */
export const autoscalingOf = (scalers: readonly V2HorizontalPodAutoscaler[]): Autoscaling => {
  const [first] = scalers
  if (first?.spec === undefined) return { policies: [], caveats: [] }
  const rivals =
    scalers.length > 1
      ? [
          `${scalers.length} HorizontalPodAutoscalers scale this Deployment: ${scalers.map(nameOf).join(', ')}. Each undoes what another does, so Kubernetes expects one. Remove all but one.`,
        ]
      : []
  return {
    minimum: first.spec.minReplicas ?? 1,
    maximum: first.spec.maxReplicas,
    policies: scalers.flatMap(policiesOf),
    caveats: [...rivals, ...scalers.flatMap(complaintsOf)],
  }
}
