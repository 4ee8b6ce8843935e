/** The metrics of the ready-made sets: an ECS service, an Application Load Balancer, an RDS instance; and those that are named freely. */
import { z } from 'zod'
import type { Metric } from '../../aws/metric-data.ts'
import { ofLoadBalancer, ofService } from '../../aws/ready-metrics.ts'

const word = z.string().regex(/^[a-z][a-z0-9_.]*$/, 'names of series are lower case letters, digits, _ and .')

export const setFields = {
  ecs: z.strictObject({ cluster: z.string().min(1), service: z.string().min(1) }).optional(),
  alb: z
    .strictObject({
      loadBalancer: z.string().regex(/^app\/[^/]+\/[^/]+$/, 'the end of its ARN: app/<name>/<id>'),
      targetGroup: z
        .string()
        .regex(/^targetgroup\/[^/]+\/[^/]+$/, 'the end of its ARN: targetgroup/<name>/<id>')
        .optional(),
    })
    .optional(),
  rds: z
    .strictObject({
      instance: z.string().min(1),
      connections: z.int().min(1).optional().describe('the limit: max_connections of its parameter group, which CloudWatch does not know'),
    })
    .optional(),
  metrics: z
    .record(
      word,
      z.strictObject({
        namespace: z.string().min(1),
        metric: z.string().min(1),
        dimensions: z.record(z.string(), z.string()).default({}),
        statistic: z.string().min(1).default('Average').describe('Average, Sum, Maximum, Minimum, SampleCount, p95, …'),
        unit: z.string().min(1).default('count'),
        limit: z.number().positive().optional(),
      }),
    )
    .default({})
    .describe('any others, by the name of the series'),
}
const sets = z.object(setFields)
type Sets = z.output<typeof sets>

const percent = 0.01

const ofDatabase = ({ instance, connections }: NonNullable<Sets['rds']>): Metric[] => {
  const of = { namespace: 'AWS/RDS', dimensions: { DBInstanceIdentifier: instance } }
  return [
    { ...of, what: 'rds.connections', unit: 'count', limit: connections ?? null, metric: 'DatabaseConnections', statistic: 'Maximum', factor: 1 },
    { ...of, what: 'rds.cpu', unit: 'ratio', limit: 1, metric: 'CPUUtilization', statistic: 'Average', factor: percent },
  ]
}

/** @param period seconds that a sum is of */
export const metricsOf = ({ ecs, alb, rds, metrics }: Sets, period: number): Metric[] => [
  ...(ecs === undefined ? [] : ofService(ecs)),
  ...(alb === undefined ? [] : ofLoadBalancer(alb, period)),
  ...(rds === undefined ? [] : ofDatabase(rds)),
  ...Object.entries(metrics).map(([what, { limit, ...given }]): Metric => ({ what, limit: limit ?? null, factor: 1, ...given })),
]
