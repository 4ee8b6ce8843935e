/** The rule of an autoscaler as resources of CloudFormation: target tracking, or steps with an alarm for each direction. */
import { type Content, type Field, type Fields, field, fields } from '../commented-yaml.ts'
import type { EcsPlan } from '../ecs/plan.ts'
import type { AlarmedSteps, Metric, Policy, Step, TrackedMetric } from '../ecs/policy.ts'
import { dimensions, label } from './parameters.ts'
import { tagList } from './tags.ts'

const reference = (name: string): Content => fields(field('Ref', name))

const statistic = (plan: EcsPlan, id: string, metric: Metric, isTracked = false): Content =>
  fields(
    field('Id', id),
    field('ReturnData', isTracked),
    field(
      'MetricStat',
      fields(
        field('Stat', metric.statistic),
        field('Metric', fields(field('Namespace', metric.namespace), field('MetricName', metric.name), field('Dimensions', dimensions(plan, metric)))),
      ),
    ),
  )

const customized = (...metrics: readonly Content[]): Field => field('CustomizedMetricSpecification', fields(field('Metrics', metrics)))

const tracked = (plan: EcsPlan, metric: TrackedMetric): Field => {
  if (metric.kind === 'statistic') return customized(statistic(plan, 'tracked', metric.metric, true))
  if (metric.kind === 'predefined')
    return field(
      'PredefinedMetricSpecification',
      fields(field('PredefinedMetricType', metric.name), metric.needsLabel ? field('ResourceLabel', label(plan)) : []),
    )
  return customized(
    statistic(plan, 'waiting', metric.waiting),
    statistic(plan, 'running', metric.running),
    fields(field('Id', 'each'), field('Label', 'Messages per task'), field('Expression', 'waiting / running'), field('ReturnData', true)),
  )
}

const stepOf = ({ from, until, change }: Step): Content =>
  fields(
    from === undefined ? [] : field('MetricIntervalLowerBound', from),
    until === undefined ? [] : field('MetricIntervalUpperBound', until),
    field('ScalingAdjustment', change),
  )

const scalingPolicy = (name: string, type: string, configuration: Field): Content =>
  fields(
    field('Type', 'AWS::ApplicationAutoScaling::ScalingPolicy'),
    field('Properties', fields(field('PolicyName', name), field('PolicyType', type), field('ScalingTargetId', reference('ScalableTarget')), configuration)),
  )

const alarm = (plan: EcsPlan, { metric, threshold, period, points }: AlarmedSteps, direction: 'Out' | 'In'): Content =>
  fields(
    field('Type', 'AWS::CloudWatch::Alarm'),
    field(
      'Properties',
      fields(
        field('Namespace', metric.namespace),
        field('MetricName', metric.name),
        field('Dimensions', dimensions(plan, metric)),
        field(/^p\d/.test(metric.statistic) ? 'ExtendedStatistic' : 'Statistic', metric.statistic),
        field('ComparisonOperator', direction === 'Out' ? 'GreaterThanThreshold' : 'LessThanThreshold'),
        field('Threshold', threshold, direction === 'Out' ? plan.reasons.target : plan.reasons.scaleIn),
        field('Period', period, plan.reasons.period),
        field('EvaluationPeriods', points),
        field('AlarmActions', [reference(`Scale${direction}`)]),
        field('Tags', tagList(plan.tags)),
      ),
    ),
  )

export const stepConfiguration = (steps: AlarmedSteps, because?: string): Fields =>
  fields(
    field('AdjustmentType', 'PercentChangeInCapacity'),
    field('MetricAggregationType', 'Average'),
    field('MinAdjustmentMagnitude', 1),
    field('Cooldown', steps.cooldown, because),
    field('StepAdjustments', steps.steps.map(stepOf)),
  )

const stepResources = (plan: EcsPlan, steps: AlarmedSteps, name: string, direction: 'Out' | 'In'): Field[] => {
  const { scaleOutCooldown, scaleInCooldown } = plan.reasons
  const configuration = stepConfiguration(steps, direction === 'Out' ? scaleOutCooldown : scaleInCooldown)
  const policyName = `perf-${name}-${direction.toLowerCase()}`
  return [
    field(`Scale${direction}`, scalingPolicy(policyName, 'StepScaling', field('StepScalingPolicyConfiguration', configuration))),
    field(`Scale${direction}Alarm`, alarm(plan, steps, direction)),
  ]
}

export const policyConfiguration = (plan: EcsPlan, policy: Policy & { readonly kind: 'target tracking' }): Fields =>
  fields(
    field('TargetValue', policy.target, plan.reasons.target),
    field('ScaleOutCooldown', policy.scaleOutCooldown, plan.reasons.scaleOutCooldown),
    field('ScaleInCooldown', policy.scaleInCooldown, plan.reasons.scaleInCooldown),
    tracked(plan, policy.metric),
  )

export const policyResources = (plan: EcsPlan, policy: Policy, name: string): Field[] => {
  if (policy.kind === 'steps')
    return [...stepResources(plan, policy.out, name, 'Out'), ...('declined' in policy.in ? [] : stepResources(plan, policy.in, name, 'In'))]
  const configuration = field('TargetTrackingScalingPolicyConfiguration', policyConfiguration(plan, policy))
  return [field('TrackTarget', scalingPolicy(`perf-${name}`, 'TargetTrackingScaling', configuration))]
}
