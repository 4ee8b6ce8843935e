/** Bounds, rule and schedule of an autoscaler as Terraform resources. */
import { type EcsPlan, type EcsScaling, needsLabel, needsQueue } from '../ecs/plan.ts'
import { attribute, type Block, block, Expression } from './hcl.ts'
import { policyBlocks } from './policy.ts'

const labelPattern = '^app/[^/]+/[0-9a-f]+/targetgroup/[^/]+/[0-9a-f]+$'

const variable = (name: string, description: string, isGiven: boolean): Block[] =>
  isGiven ? [] : [block('variable', [name], [attribute('type', new Expression('string')), attribute('description', description)])]

const labelVariable = block(
  'variable',
  ['resource_label'],
  [
    attribute('type', new Expression('string')),
    attribute('description', 'app/<balancer>/<id>/targetgroup/<group>/<id>: the ends of both ARNs'),
    block(
      'validation',
      [],
      [
        attribute('condition', new Expression(`can(regex("${labelPattern}", var.resource_label))`)),
        attribute('error_message', 'A resource label is app/<balancer>/<id>/targetgroup/<group>/<id>.'),
      ],
    ),
  ],
  ['Which load balancer and target group was not told, so it must be given.'],
)

/** What was not told is asked for. */
const variables = (plan: EcsPlan): Block[] => [
  ...variable('cluster', 'Name of the ECS cluster', plan.cluster !== undefined),
  ...variable('service', 'Name of the ECS service', plan.service !== undefined),
  ...(needsLabel(plan) && plan.resourceLabel === undefined ? [labelVariable] : []),
  ...variable('queue', 'Name of the SQS queue that the service empties', !needsQueue(plan)),
]

const resourceId = ({ cluster, service }: EcsPlan): string | Expression =>
  cluster !== undefined && service !== undefined
    ? `service/${cluster}/${service}`
    : // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform fills it
      new Expression('"service/${var.cluster}/${var.service}"')

const scheduledBlocks = ({ scheduled }: EcsScaling, name: string, whose: readonly ReturnType<typeof attribute>[]): Block[] =>
  scheduled.map((action, at) =>
    block(
      'resource',
      ['aws_appautoscaling_scheduled_action', `${name}_${at + 1}`],
      [
        attribute('name', action.name),
        ...whose,
        attribute('schedule', action.schedule),
        attribute('timezone', 'UTC'),
        block('scalable_target_action', [], [attribute('min_capacity', action.minimum, action.because), attribute('max_capacity', action.maximum)]),
      ],
    ),
  )

const changesTarget = ['aws_appautoscaling_policy', 'aws_appautoscaling_scheduled_action']

/** AWS refuses a change of a scalable target while another goes on, and the provider does not try again: so each waits for the one before it. */
const inTurn = (blocks: readonly Block[]): Block[] => {
  let before: string | undefined
  return blocks.map((each) => {
    if (!changesTarget.includes(each.labels[0] ?? '')) return each
    const waiting = before === undefined ? [] : [attribute('depends_on', [new Expression(before)], 'AWS takes one change of a scalable target at a time.')]
    before = each.labels.join('.')
    return { ...each, body: [...each.body, ...waiting] }
  })
}

export const scalingBlocks = (plan: EcsPlan, scaling: EcsScaling, name: string): Block[] => {
  const { reasons, tags } = plan
  const target = `aws_appautoscaling_target.${name}`
  const whose = ['service_namespace', 'scalable_dimension', 'resource_id'].map((each) => attribute(each, new Expression(`${target}.${each}`)))
  return inTurn([
    ...variables(plan),
    block(
      'resource',
      ['aws_appautoscaling_target', name],
      [
        attribute('service_namespace', 'ecs'),
        attribute('scalable_dimension', 'ecs:service:DesiredCount'),
        attribute('resource_id', resourceId(plan)),
        attribute('min_capacity', scaling.minimum, reasons.minimum),
        attribute('max_capacity', scaling.maximum, reasons.maximum),
        attribute('tags', tags),
      ],
    ),
    ...policyBlocks(plan, scaling.policy, name, whose),
    ...scheduledBlocks(scaling, name, whose),
  ])
}
