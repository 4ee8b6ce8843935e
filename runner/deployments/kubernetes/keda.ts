/** A KEDA ScaledObject in the words of deployments. It makes a HorizontalPodAutoscaler of its own, which then is no second one. */
import { z } from 'zod'
import type { DeployedPolicy, DeployedSchedule } from '../deployment.ts'
import { type Autoscaling, scalesDeployment } from './autoscaler.ts'
import { quantityOf } from './quantity.ts'

export const keda = { group: 'keda.sh', version: 'v1alpha1', plural: 'scaledobjects' } as const

export const scaledObjectSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string().optional(), name: z.string() }),
    minReplicaCount: z.number().optional(),
    maxReplicaCount: z.number().optional(),
    /** s; only of the last step, from one replica to none */
    cooldownPeriod: z.number().optional(),
    triggers: z.array(z.object({ type: z.string(), metadata: z.record(z.string(), z.string()).optional() })),
  }),
  status: z.object({ hpaName: z.string().optional() }).optional(),
})
export type ScaledObject = z.infer<typeof scaledObjectSchema>

/** What KEDA takes where a ScaledObject says nothing. */
const defaults = { minimum: 0, maximum: 100 } as const

/** Each kind of trigger names its target in its own way. */
const targetNames = ['value', 'threshold', 'targetValue', 'queueLength', 'lagThreshold', 'targetQueryValue', 'listLength', 'targetMetricValue'] as const

type Trigger = ScaledObject['spec']['triggers'][number]

const policyOf = (name: string, { type, metadata = {} }: Trigger): DeployedPolicy => {
  const target = targetNames.map((each) => quantityOf(metadata[each])).find((value) => value !== undefined)
  return { name, type: 'keda', metric: type, ...(target !== undefined && { target }) }
}

const scheduleOf = (name: string, { metadata = {} }: Trigger): DeployedSchedule => {
  const minimum = quantityOf(metadata.desiredReplicas)
  return { name, expression: `${metadata.start} to ${metadata.end}, ${metadata.timezone}`, ...(minimum !== undefined && { minimum }) }
}

export const hpaNameOf = ({ metadata, status }: ScaledObject): string => status?.hpaName ?? `keda-hpa-${metadata.name}`

export const isOf =
  (deployment: string) =>
  ({ spec }: ScaledObject): boolean =>
    scalesDeployment(spec.scaleTargetRef, deployment)

export const kedaScaling = ({ metadata: { name }, spec }: ScaledObject): Autoscaling & { readonly schedules: readonly DeployedSchedule[] } => ({
  minimum: spec.minReplicaCount ?? defaults.minimum,
  maximum: spec.maxReplicaCount ?? defaults.maximum,
  policies: spec.triggers.filter(({ type }) => type !== 'cron').map((trigger) => policyOf(name, trigger)),
  schedules: spec.triggers.filter(({ type }) => type === 'cron').map((trigger) => scheduleOf(name, trigger)),
  caveats: [],
})
