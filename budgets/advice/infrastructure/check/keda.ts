/**
 * A ScaledObject against a schema of our own, made from KEDA's documentation (keda.sh, 2.18): the one that KEDA itself checks with is
 * installed with its operator only. It knows the triggers that perf writes and no others.
 */
import { parse } from 'yaml'
import { z } from 'zod'
import { boundsWrong, nameWrong } from './kubernetes.ts'

const number = z.string().regex(/^\d+(\.\d+)?$/, 'a number, as a string')
const cron = z.string().regex(/^[\dA-Za-z*,/-]+( [\dA-Za-z*,/-]+){4}$/, 'five fields of cron')
const triggers = z
  .array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.enum(['cpu', 'memory']), metricType: z.enum(['Utilization', 'AverageValue']), metadata: z.strictObject({ value: number }) }),
      z.strictObject({
        type: z.literal('prometheus'),
        metricType: z.enum(['AverageValue', 'Value']),
        metadata: z.strictObject({ serverAddress: z.url(), query: z.string().min(1), threshold: number }),
      }),
      z.strictObject({ type: z.literal('cron'), metadata: z.strictObject({ timezone: z.string().min(1), start: cron, end: cron, desiredReplicas: number }) }),
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
    ...boundsWrong(spec.minReplicaCount, spec.maxReplicaCount),
    ...(spec.fallback !== undefined && scaled.every(({ type }) => type !== 'prometheus')
      ? ['A fallback was written, and KEDA has none for triggers of CPU and memory.']
      : []),
    ...spec.triggers.flatMap((trigger) =>
      trigger.type === 'cron' && Number(trigger.metadata.desiredReplicas) > spec.maxReplicaCount
        ? [`A schedule asks for ${trigger.metadata.desiredReplicas} replicas, and ${spec.maxReplicaCount} may be there at most.`]
        : [],
    ),
  ]
}
