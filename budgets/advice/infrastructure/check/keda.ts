/**
 * A ScaledObject by rules of our own: those of the schema of KEDA 2.21 (the tests hold both against each other), and what that leaves to
 * KEDA's own programs: the metadata of each trigger, the length of names. It knows the triggers that perf writes and no others.
 */
import { parse } from 'yaml'
import { z } from 'zod'
import { boundsWrong, nameWrong } from './kubernetes.ts'

/** Of its own name: KEDA's autoscaler is called keda-hpa-NAME, and that may have 63 characters. */
export const longestName = 54

const number = z.string().regex(/^\d+(\.\d+)?$/, 'a number, as a string')
const whole = z.string().regex(/^[1-9]\d*$/, 'a whole number above 0, as a string')
const cron = z.string().regex(/^[\dA-Za-z*,/-]+( [\dA-Za-z*,/-]+){4}$/, 'five fields of cron')
const triggers = z
  .array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.enum(['cpu', 'memory']), metricType: z.literal('Utilization'), metadata: z.strictObject({ value: whole }) }),
      z.strictObject({
        type: z.literal('prometheus'),
        metricType: z.enum(['AverageValue', 'Value']),
        metadata: z.strictObject({ serverAddress: z.url(), query: z.string().min(1), threshold: number }),
      }),
      z.strictObject({ type: z.literal('cron'), metadata: z.strictObject({ timezone: z.string().min(1), start: cron, end: cron, desiredReplicas: whole }) }),
    ]),
  )
  .min(1)

const policies = z.array(z.strictObject({ type: z.enum(['Pods', 'Percent']), value: z.int().min(1), periodSeconds: z.int().min(1).max(1800) })).min(1)
const rules = z.strictObject({ stabilizationWindowSeconds: z.int().min(0).max(3600), selectPolicy: z.enum(['Max', 'Min', 'Disabled']).optional(), policies })

const scaledObject = z.strictObject({
  apiVersion: z.literal('keda.sh/v1alpha1'),
  kind: z.literal('ScaledObject'),
  metadata: z.strictObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.strictObject({
    scaleTargetRef: z.strictObject({ name: z.string() }),
    pollingInterval: z.int().min(1),
    minReplicaCount: z.int().min(0),
    maxReplicaCount: z.int().min(1),
    fallback: z.strictObject({ failureThreshold: z.int().min(1), replicas: z.int().min(0) }).optional(),
    advanced: z.strictObject({ horizontalPodAutoscalerConfig: z.strictObject({ behavior: z.strictObject({ scaleUp: rules, scaleDown: rules }) }) }),
    triggers,
  }),
})

export const wrongInScaledObject = (text: string): string[] => {
  const read = scaledObject.safeParse(parse(text))
  if (!read.success) return [`The ScaledObject is none: ${z.prettifyError(read.error)}`]
  const { metadata, spec } = read.data
  const scaled = spec.triggers.filter(({ type }) => type !== 'cron')
  return [
    ...[metadata.name, spec.scaleTargetRef.name, ...(metadata.namespace === undefined ? [] : [metadata.namespace])].flatMap(nameWrong),
    ...(metadata.name.length > longestName
      ? [`"${metadata.name}" has ${metadata.name.length} characters, and KEDA takes ${longestName} at most, because it calls its autoscaler keda-hpa-NAME.`]
      : []),
    ...boundsWrong(spec.minReplicaCount, spec.maxReplicaCount),
    ...(spec.fallback !== undefined && scaled.every(({ type }) => type !== 'prometheus')
      ? ['A fallback was written, and KEDA has none for triggers of CPU and memory.']
      : []),
    ...spec.triggers.flatMap((trigger) =>
      trigger.type === 'cron' && trigger.metadata.start === trigger.metadata.end
        ? [`A schedule begins and ends at ${trigger.metadata.start}. KEDA takes none that has no length.`]
        : [],
    ),
    ...spec.triggers.flatMap((trigger) =>
      trigger.type === 'cron' && Number(trigger.metadata.desiredReplicas) > spec.maxReplicaCount
        ? [`A schedule asks for ${trigger.metadata.desiredReplicas} replicas, and ${spec.maxReplicaCount} may be there at most.`]
        : [],
    ),
  ]
}
