/** The rule of an autoscaler as Terraform resources: target tracking, or steps with an alarm for each direction. */
import type { EcsPlan } from '../ecs/plan.ts'
import { type AlarmedSteps, balancerOf, type Metric, type Policy, type TrackedMetric, targetGroupOf } from '../ecs/policy.ts'
import { type Attribute, attribute, type Block, block, Expression, type Value } from './hcl.ts'

type Filled = Metric['dimensions'][number]['value']

const variableOr = (value: string | undefined, name: string): Value => value ?? new Expression(`var.${name}`)

const filled = (plan: EcsPlan, what: Filled): Value => {
  const { resourceLabel } = plan
  if (what === 'cluster') return variableOr(plan.cluster, 'cluster')
  if (what === 'service') return variableOr(plan.service, 'service')
  if (what === 'queue') return new Expression('var.queue')
  if (what === 'load balancer') return resourceLabel === undefined ? new Expression('split("/targetgroup/", var.resource_label)[0]') : balancerOf(resourceLabel)
  return resourceLabel === undefined
    ? // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform fills it
      new Expression('"targetgroup/${split("/targetgroup/", var.resource_label)[1]}"')
    : targetGroupOf(resourceLabel)
}

const statistic = (plan: EcsPlan, id: string, metric: Metric, isTracked = false): Block =>
  block(
    'metrics',
    [],
    [
      attribute('id', id),
      attribute('return_data', isTracked),
      block(
        'metric_stat',
        [],
        [
          attribute('stat', metric.statistic),
          block(
            'metric',
            [],
            [
              attribute('namespace', metric.namespace),
              attribute('metric_name', metric.name),
              ...metric.dimensions.map(({ name, value }) => block('dimensions', [], [attribute('name', name), attribute('value', filled(plan, value))])),
            ],
          ),
        ],
      ),
    ],
  )

const customized = (...metrics: readonly Block[]): Block => block('customized_metric_specification', [], metrics)

const trackedBlock = (plan: EcsPlan, metric: TrackedMetric): Block => {
  if (metric.kind === 'statistic') return customized(statistic(plan, 'tracked', metric.metric, true))
  if (metric.kind === 'predefined')
    return block(
      'predefined_metric_specification',
      [],
      [
        attribute('predefined_metric_type', metric.name),
        ...(metric.needsLabel ? [attribute('resource_label', variableOr(plan.resourceLabel, 'resource_label'))] : []),
      ],
    )
  return customized(
    statistic(plan, 'waiting', metric.waiting),
    statistic(plan, 'running', metric.running),
    block(
      'metrics',
      [],
      [attribute('id', 'each'), attribute('label', 'Messages per task'), attribute('expression', 'waiting / running'), attribute('return_data', true)],
    ),
  )
}

const alarm = (plan: EcsPlan, steps: AlarmedSteps, name: string, direction: 'out' | 'in'): Block => {
  const { metric } = steps
  return block(
    'resource',
    ['aws_cloudwatch_metric_alarm', `${name}_${direction}`],
    [
      attribute('alarm_name', new Expression(`"\${aws_appautoscaling_policy.${name}_${direction}.name}-alarm"`)),
      attribute('namespace', metric.namespace),
      attribute('metric_name', metric.name),
      attribute(/^p\d/.test(metric.statistic) ? 'extended_statistic' : 'statistic', metric.statistic),
      attribute('comparison_operator', direction === 'out' ? 'GreaterThanThreshold' : 'LessThanThreshold'),
      attribute('threshold', steps.threshold, direction === 'out' ? plan.reasons.target : plan.reasons.scaleIn),
      attribute('period', steps.period, plan.reasons.period),
      attribute('evaluation_periods', steps.points),
      attribute('alarm_actions', [new Expression(`aws_appautoscaling_policy.${name}_${direction}.arn`)]),
      attribute('dimensions', Object.fromEntries(metric.dimensions.map(({ name: each, value }) => [each, filled(plan, value)]))),
      attribute('tags', plan.tags),
    ],
  )
}

const stepBlocks = (plan: EcsPlan, steps: AlarmedSteps, name: string, direction: 'out' | 'in', whose: readonly Attribute[]): Block[] => [
  block(
    'resource',
    ['aws_appautoscaling_policy', `${name}_${direction}`],
    [
      attribute('name', `perf-${name}-${direction}`),
      attribute('policy_type', 'StepScaling'),
      ...whose,
      block(
        'step_scaling_policy_configuration',
        [],
        [
          attribute('adjustment_type', 'PercentChangeInCapacity'),
          attribute('metric_aggregation_type', 'Average'),
          attribute('min_adjustment_magnitude', 1),
          attribute('cooldown', steps.cooldown, direction === 'out' ? plan.reasons.scaleOutCooldown : plan.reasons.scaleInCooldown),
          ...steps.steps.map(({ from, until, change }) =>
            block(
              'step_adjustment',
              [],
              [
                ...(from === undefined ? [] : [attribute('metric_interval_lower_bound', from)]),
                ...(until === undefined ? [] : [attribute('metric_interval_upper_bound', until)]),
                attribute('scaling_adjustment', change),
              ],
            ),
          ),
        ],
      ),
    ],
  ),
  alarm(plan, steps, name, direction),
]

export const policyBlocks = (plan: EcsPlan, policy: Policy, name: string, whose: readonly Attribute[]): Block[] => {
  const { reasons } = plan
  if (policy.kind === 'steps')
    return [...stepBlocks(plan, policy.out, name, 'out', whose), ...('declined' in policy.in ? [] : stepBlocks(plan, policy.in, name, 'in', whose))]
  return [
    block(
      'resource',
      ['aws_appautoscaling_policy', name],
      [
        attribute('name', `perf-${name}`),
        attribute('policy_type', 'TargetTrackingScaling'),
        ...whose,
        block(
          'target_tracking_scaling_policy_configuration',
          [],
          [
            attribute('target_value', policy.target, reasons.target),
            attribute('scale_out_cooldown', policy.scaleOutCooldown, reasons.scaleOutCooldown),
            attribute('scale_in_cooldown', policy.scaleInCooldown, reasons.scaleInCooldown),
            trackedBlock(plan, policy.metric),
          ],
        ),
      ],
    ),
  ]
}
