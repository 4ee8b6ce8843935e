/** Advice that was kept, read again before it is applied: a file may have been edited, so every value that is written to AWS is checked. */
import { z } from 'zod'
import { adviceFormat } from '../recommend.ts'
import type { Recommendation } from '../recommendation.ts'

const instances = z.int().min(0)
const seconds = z.int().min(0)

const deploymentSchema = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('ecs'), cluster: z.string(), service: z.string(), region: z.string(), account: z.string() }),
  z.looseObject({ kind: z.literal('kubernetes'), context: z.string(), namespace: z.string(), deployment: z.string() }),
])

const scalingSchema = z
  .looseObject({
    minimum: instances,
    maximum: instances,
    type: z.enum(['target-tracking', 'step']),
    target: z.looseObject({ metric: z.enum(['cpu', 'memory', 'requests', 'queue', 'p95']), value: z.number().positive() }),
    scaleInBelow: z.number(),
    scaleOutCooldown: seconds,
    scaleInCooldown: seconds,
    period: z.union([z.literal(20), z.literal(60)]),
    scheduled: z.array(z.looseObject({ name: z.string(), from: z.string(), until: z.string().optional(), minimum: instances, maximum: instances })),
    because: z.string(),
  })
  .refine(({ minimum, maximum }) => minimum <= maximum, 'the minimum is above the maximum')
  .refine(({ target: { metric, value } }) => (metric !== 'cpu' && metric !== 'memory') || value <= 1, 'a share of a task is at most 1')
  .refine(({ scheduled }) => scheduled.every(({ minimum, maximum }) => minimum <= maximum), 'a schedule has its minimum above its maximum')

const schema = z.looseObject({
  format: z.literal(adviceFormat),
  runs: z.array(z.string()).min(1),
  deployment: deploymentSchema.optional(),
  resourceLabel: z
    .string()
    .regex(/^app\/[^/\s]+\/[0-9a-f]+\/targetgroup\/[^/\s]+\/[0-9a-f]+$/)
    .optional(),
  capacity: z.number().optional(),
  scaling: scalingSchema.optional(),
  size: z
    .looseObject({ vcpu: z.number().positive(), gigabytes: z.number().positive(), architecture: z.enum(['x86', 'arm']), instances, because: z.string() })
    .optional(),
  declined: z.array(z.string()),
})

/** @throws {z.ZodError} */
export const applicable = (content: unknown): Recommendation => schema.parse(content) as unknown as Recommendation
