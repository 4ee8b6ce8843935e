/** A KEDA ScaledObject in the words of deployments. It makes a HorizontalPodAutoscaler of its own, which then is no second one. */
import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node'
import type { DeployedPods, DeployedPolicy, DeployedSchedule } from '../deployment.ts'
import { type Autoscaling, scalesDeployment, waitsOf } from './autoscaler.ts'
import { behaviorOf } from './behavior.ts'
import { stoppedBy } from './conditions.ts'
import { quantityOf } from './quantity.ts'
import type { ScaledObject } from './scaled-object.ts'

/** What KEDA takes where a ScaledObject says nothing. */
const defaults = { minimum: 0, maximum: 100 } as const

/** Each kind of trigger names its target in its own way. */
const targetNames = ['value', 'threshold', 'targetValue', 'queueLength', 'lagThreshold', 'targetQueryValue', 'listLength', 'targetMetricValue'] as const

/** Those that stop it, as an annotation. */
const paused = ['autoscaling.keda.sh/paused', 'autoscaling.keda.sh/paused-replicas'] as const

type Trigger = ScaledObject['spec']['triggers'][number]

const unitOf = ({ type, metricType, metadata = {} }: Trigger): DeployedPods['unit'] => {
  const isResource = type === 'cpu' || type === 'memory'
  const aim = metricType ?? metadata.type ?? (isResource ? 'Utilization' : 'AverageValue')
  if (aim === 'Utilization') return 'percent'
  return aim === 'Value' ? 'all' : type === 'cpu' ? 'cores' : type === 'memory' ? 'bytes' : 'each'
}

const stopOf = ({ metadata: { annotations = {} }, status }: ScaledObject): string | undefined => {
  const annotation = paused.find((each) => annotations[each] !== undefined && annotations[each] !== 'false')
  if (annotation !== undefined) return `its annotation ${annotation} stops it`
  const ready = status?.conditions?.find(({ type, status: state }) => type === 'Ready' && state === 'False')
  return ready && `KEDA says that it is not ready (${ready.reason ?? 'no reason'})`
}

/** @param shared by all of its triggers */
const policyOf = (name: string, trigger: Trigger, shared: Omit<DeployedPods, 'unit'>): DeployedPolicy => {
  const { type, metadata = {} } = trigger
  const target = targetNames.map((each) => quantityOf(metadata[each])).find((value) => value !== undefined)
  const { containerName: container } = metadata
  return {
    name,
    type: 'keda',
    metric: type,
    ...(target !== undefined && { target }),
    ...waitsOf(shared.pace),
    pods: { unit: unitOf(trigger), ...(container !== undefined && { container }), ...shared },
  }
}

const scheduleOf = (name: string, { metadata = {} }: Trigger): DeployedSchedule => {
  const minimum = quantityOf(metadata.desiredReplicas)
  return { name, expression: `${metadata.start} to ${metadata.end}, ${metadata.timezone}`, ...(minimum !== undefined && { minimum }) }
}

export const hpaNameOf = ({ metadata, status, spec }: ScaledObject): string =>
  status?.hpaName ?? spec.advanced?.horizontalPodAutoscalerConfig?.name ?? `keda-hpa-${metadata.name}`

export const isOf =
  (deployment: string) =>
  ({ spec }: ScaledObject): boolean =>
    scalesDeployment(spec.scaleTargetRef, deployment)

/** A formula puts all triggers together, so that none of them has a target of its own. */
const byFormula = (name: string, formula: string, shared: Omit<DeployedPods, 'unit'>): DeployedPolicy => ({
  name,
  type: 'keda',
  metric: `the formula ${formula}`,
  ...waitsOf(shared.pace),
  pods: { unit: 'each', ...shared },
})

/** @param made the HorizontalPodAutoscaler that KEDA has made of it */
export const kedaScaling = (
  scaled: ScaledObject,
  made: V2HorizontalPodAutoscaler | undefined,
): Autoscaling & { readonly schedules: readonly DeployedSchedule[] } => {
  const { metadata, spec } = scaled
  const { advanced = {}, pollingInterval: polling, cooldownPeriod: cooldown } = spec
  const pace = behaviorOf(advanced.horizontalPodAutoscalerConfig?.behavior)
  const own = stopOf(scaled)
  const stopped = own ?? (made && stoppedBy(made))
  const shared = {
    ...(pace && { pace }),
    ...(stopped !== undefined && { stopped }),
    ...(polling !== undefined && { polling }),
    ...(cooldown !== undefined && { cooldown }),
  }
  const [crons, triggers] = [true, false].map((isCron) => spec.triggers.filter(({ type }) => (type === 'cron') === isCron)) as [Trigger[], Trigger[]]
  const formula = advanced.scalingModifiers?.formula || undefined // an empty one is none
  return {
    minimum: spec.minReplicaCount ?? defaults.minimum,
    maximum: spec.maxReplicaCount ?? defaults.maximum,
    policies: formula === undefined ? triggers.map((trigger) => policyOf(metadata.name, trigger, shared)) : [byFormula(metadata.name, formula, shared)],
    schedules: crons.map((trigger) => scheduleOf(metadata.name, trigger)),
    caveats:
      own === undefined
        ? []
        : [`ScaledObject ${metadata.name} does not scale now: ${own}. What is deployed is to scale. Mend that before its settings are changed.`],
  }
}
