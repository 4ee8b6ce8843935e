/** Parameters of a template for what was not told, and the values that refer to them. */
import { type Content, type Field, field, fields } from '../commented-yaml.ts'
import { type EcsPlan, needsLabel, needsQueue } from '../ecs/plan.ts'
import { balancerOf, type Metric, targetGroupOf } from '../ecs/policy.ts'

const parameter = (name: string, description: string, pattern: string): Field =>
  field(name, fields(field('Type', 'String'), field('Description', description), field('AllowedPattern', pattern)))

const ecsName = '[A-Za-z0-9_-]+'

export const parameters = (plan: EcsPlan): Field[] => [
  ...(plan.cluster === undefined ? [parameter('ClusterName', 'Name of the ECS cluster', ecsName)] : []),
  ...(plan.service === undefined ? [parameter('ServiceName', 'Name of the ECS service', ecsName)] : []),
  ...(needsLabel(plan) && plan.resourceLabel === undefined
    ? [
        parameter('LoadBalancer', 'Full name of the load balancer, the end of its ARN: app/<name>/<id>', 'app/[^/]+/[0-9a-f]+'),
        parameter('TargetGroup', 'Full name of the target group, the end of its ARN: targetgroup/<name>/<id>', 'targetgroup/[^/]+/[0-9a-f]+'),
      ]
    : []),
  ...(needsQueue(plan) ? [parameter('QueueName', 'Name of the SQS queue that the service empties', '[A-Za-z0-9_.-]+')] : []),
]

const reference = (name: string): Content => fields(field('Ref', name))
/** Only ever of text that stands here: a name that was told could hold what Fn::Sub fills. */
const filledIn = (text: string): Content => fields(field('Fn::Sub', text))

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation fills them
export const resourceId = ({ cluster, service }: EcsPlan): Content =>
  cluster !== undefined && service !== undefined ? `service/${cluster}/${service}` : filledIn('service/${ClusterName}/${ServiceName}')

export const label = ({ resourceLabel }: EcsPlan): Content => resourceLabel ?? filledIn('${LoadBalancer}/${TargetGroup}')
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: to here

const filled = (plan: EcsPlan, what: Metric['dimensions'][number]['value']): Content => {
  const { resourceLabel } = plan
  if (what === 'cluster') return plan.cluster ?? reference('ClusterName')
  if (what === 'service') return plan.service ?? reference('ServiceName')
  if (what === 'queue') return reference('QueueName')
  if (what === 'load balancer') return resourceLabel === undefined ? reference('LoadBalancer') : balancerOf(resourceLabel)
  return resourceLabel === undefined ? reference('TargetGroup') : targetGroupOf(resourceLabel)
}

export const dimensions = (plan: EcsPlan, metric: Metric): Content =>
  metric.dimensions.map(({ name, value }) => fields(field('Name', name), field('Value', filled(plan, value))))
