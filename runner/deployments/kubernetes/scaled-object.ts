/** As much of a KEDA ScaledObject as is read. It comes as it is, so its shape is checked here. */
import type { V2HorizontalPodAutoscalerBehavior } from '@kubernetes/client-node'
import { z } from 'zod'

export const keda = { group: 'keda.sh', version: 'v1alpha1', plural: 'scaledobjects' } as const

const rules = z.object({
  stabilizationWindowSeconds: z.number().optional(),
  selectPolicy: z.string().optional(),
  policies: z.array(z.object({ type: z.string(), value: z.number(), periodSeconds: z.number() })).optional(),
  tolerance: z.union([z.string(), z.number()]).transform(String).optional(),
})
const behavior = z.object({ scaleUp: rules.optional(), scaleDown: rules.optional() })

export const scaledObjectSchema = z.object({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string().optional(), name: z.string() }),
    minReplicaCount: z.number().optional(),
    maxReplicaCount: z.number().optional(),
    /** s; only of the last step, from one replica to none */
    cooldownPeriod: z.number().optional(),
    /** s */
    pollingInterval: z.number().optional(),
    advanced: z
      .object({
        horizontalPodAutoscalerConfig: z
          .object({ name: z.string().optional(), behavior: behavior.transform((read) => read as V2HorizontalPodAutoscalerBehavior).optional() })
          .optional(),
        scalingModifiers: z.object({ formula: z.string().optional() }).optional(),
      })
      .optional(),
    triggers: z.array(z.object({ type: z.string(), metricType: z.string().optional(), metadata: z.record(z.string(), z.string()).optional() })),
  }),
  status: z
    .object({
      hpaName: z.string().optional(),
      conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string().optional() })).optional(),
    })
    .optional(),
})
export type ScaledObject = z.infer<typeof scaledObjectSchema>
