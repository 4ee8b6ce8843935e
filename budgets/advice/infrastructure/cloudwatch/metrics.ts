/** What CloudWatch knows of an alert's figure, in its own units, or why it does not. */
import type { Alert, Recommendation } from '../../recommendation.ts'
import { balancerOf, targetGroupOf } from '../ecs/policy.ts'

/** A value that stands there, or a parameter of the template. */
export type Value = string | { readonly Ref: string }

export type Dimensions = Readonly<Record<string, Value>>

export type Statistic = { readonly namespace: string; readonly name: string; readonly dimensions: Dimensions; readonly statistic: string }

/** One metric, or several in an expression. `factor`: from the alert's unit to CloudWatch's. */
export type Watched =
  | { readonly kind: 'metric'; readonly metric: Statistic; readonly factor: number; readonly needs?: string }
  | { readonly kind: 'expression'; readonly expression: string; readonly metrics: Readonly<Record<string, Statistic>>; readonly factor: number }

const perMinute = 60

type Placed = { readonly cluster: Value; readonly service: Value; readonly balancer: Value; readonly group: Value }

const placedIn = ({ deployment, resourceLabel }: Recommendation): Placed => ({
  cluster: deployment?.kind === 'ecs' ? deployment.cluster : { Ref: 'ClusterName' },
  service: deployment?.kind === 'ecs' ? deployment.service : { Ref: 'ServiceName' },
  balancer: resourceLabel === undefined ? { Ref: 'LoadBalancer' } : balancerOf(resourceLabel),
  group: resourceLabel === undefined ? { Ref: 'TargetGroup' } : targetGroupOf(resourceLabel),
})

const ofDatabases = ['postgres', 'mysql', 'mariadb', 'cloudwatch']

export const watchedBy = (alert: Alert, recommendation: Recommendation): Watched | { readonly without: string } => {
  const { cluster, service, balancer, group } = placedIn(recommendation)
  const ofService = { ClusterName: cluster, ServiceName: service }
  const ofBalancer = (name: string, statistic: string, dimensions: Dimensions): Statistic => ({ namespace: 'AWS/ApplicationELB', name, dimensions, statistic })
  const metric = (given: Statistic, factor: number, needs?: string): Watched => ({ kind: 'metric', metric: given, factor, ...(needs && { needs }) })
  const without = (because: string): { readonly without: string } => ({ without: `No alarm on "${alert.name}", because ${because}.` })
  switch (alert.metric) {
    case 'cpu':
      return metric({ namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions: ofService, statistic: 'Average' }, 100)
    case 'memory':
      return metric({ namespace: 'AWS/ECS', name: 'MemoryUtilization', dimensions: ofService, statistic: 'Maximum' }, 100)
    case 'p95':
      return metric(ofBalancer('TargetResponseTime', 'p95', { LoadBalancer: balancer, TargetGroup: group }), 1)
    case 'capacity':
      return recommendation.capacity === undefined
        ? without('what an instance can serve was not measured')
        : metric(ofBalancer('RequestCountPerTarget', 'Sum', { LoadBalancer: balancer, TargetGroup: group }), recommendation.capacity * perMinute)
    case 'errors':
      return {
        kind: 'expression',
        expression: 'IF(requests > 0, 100 * (FILL(failed, 0) + FILL(own, 0)) / requests, 0)',
        metrics: {
          requests: ofBalancer('RequestCount', 'Sum', { LoadBalancer: balancer }),
          failed: ofBalancer('HTTPCode_Target_5XX_Count', 'Sum', { LoadBalancer: balancer }),
          own: ofBalancer('HTTPCode_ELB_5XX_Count', 'Sum', { LoadBalancer: balancer }),
        },
        factor: 100,
      }
    case 'instances':
      return metric(
        { namespace: 'ECS/ContainerInsights', name: 'RunningTaskCount', dimensions: ofService, statistic: 'Maximum' },
        1,
        'RunningTaskCount is sent only where Container Insights is on for the cluster.',
      )
    case 'connections':
      return alert.limit !== undefined && alert.kind !== undefined && ofDatabases.includes(alert.kind)
        ? metric(
            { namespace: 'AWS/RDS', name: 'DatabaseConnections', dimensions: { DBInstanceIdentifier: { Ref: 'DatabaseInstance' } }, statistic: 'Maximum' },
            alert.limit,
            `The ${alert.limit} connections are those of the database that was measured: if yours allows another number, the thresholds change with it.`,
          )
        : without('no probe of a database told its limit')
    case 'queue':
      return alert.kind === 'sqs'
        ? metric(
            { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName: { Ref: 'QueueName' } }, statistic: 'Maximum' },
            1,
            'CloudWatch tells of a queue some minutes late.',
          )
        : without('CloudWatch knows the queues of SQS, and it was measured on another')
  }
}
