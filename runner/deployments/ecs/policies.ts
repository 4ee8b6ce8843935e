/** Policies of Application Auto Scaling in the words of deployments, with the alarms that ask them, and what keeps them from acting. */
import type { ScalingPolicy, StepScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling'
import { type DeployedAlarm, silenceOf } from '../alarm.ts'
import type { DeployedPolicy, DeployedSteps } from '../deployment.ts'

const types: Readonly<Record<string, DeployedPolicy['type']>> = { TargetTrackingScaling: 'target-tracking', StepScaling: 'step' }

/** ECS waits so long where a policy says nothing, s. */
const usualCooldown = 300

export const alarmNamesOf = (policies: readonly ScalingPolicy[]): string[] => [
  ...new Set(policies.flatMap(({ Alarms = [] }) => Alarms.flatMap(({ AlarmName }) => AlarmName ?? []))),
]

const metricOf = ({ TargetTrackingScalingPolicyConfiguration: tracking, PolicyType }: ScalingPolicy, names: readonly string[]): string => {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: own } = tracking ?? {}
  if (predefined !== undefined) return predefined.PredefinedMetricType ?? 'unknown'
  if (own !== undefined) return own.MetricName === undefined ? 'an expression' : `${own.Namespace} ${own.MetricName}`
  return names.length === 0 ? (PolicyType ?? 'unknown') : `alarm ${names.join(', ')}`
}

const ways: Readonly<Record<string, DeployedSteps['by']>> = { ChangeInCapacity: 'instances', PercentChangeInCapacity: 'percent', ExactCapacity: 'exactly' }

const stepsOf = ({ AdjustmentType, StepAdjustments = [], MinAdjustmentMagnitude, MetricAggregationType }: StepScalingPolicyConfiguration) => ({
  by: ways[AdjustmentType ?? ''] ?? 'instances',
  steps: StepAdjustments.map(({ MetricIntervalLowerBound: from, MetricIntervalUpperBound: until, ScalingAdjustment: change = 0 }) => ({
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    change,
  })),
  ...(MinAdjustmentMagnitude !== undefined && { least: MinAdjustmentMagnitude }),
  aggregation: MetricAggregationType ?? 'Average',
})

/** Its action is the policy; target tracking adds a word of its own. */
const asks = ({ actions }: DeployedAlarm, { PolicyARN: arn }: ScalingPolicy): boolean =>
  arn !== undefined && actions.some((action) => action === arn || action.startsWith(`${arn}:`))

/** @param alarms all that were found, by name; undefined: they could not be read */
export const policyOf = (policy: ScalingPolicy, alarms: ReadonlyMap<string, DeployedAlarm> | undefined): DeployedPolicy => {
  const { TargetTrackingScalingPolicyConfiguration: tracking, StepScalingPolicyConfiguration: step } = policy
  const names = alarmNamesOf([policy])
  const asking = alarms && [...alarms.values()].filter((alarm) => names.includes(alarm.name) || asks(alarm, policy))
  const gone = alarms === undefined ? [] : names.filter((name) => !alarms.has(name))
  return {
    name: policy.PolicyName ?? '',
    type: types[policy.PolicyType ?? ''] ?? 'other',
    metric: metricOf(policy, names.length === 0 ? (asking ?? []).map(({ name }) => name) : names),
    ...(tracking?.TargetValue !== undefined && { target: tracking.TargetValue }),
    ...(tracking && { scaleOutCooldown: tracking.ScaleOutCooldown ?? usualCooldown, scaleInCooldown: tracking.ScaleInCooldown ?? usualCooldown }),
    ...(step && { scaleOutCooldown: step.Cooldown ?? usualCooldown, scaleInCooldown: step.Cooldown ?? usualCooldown, steps: stepsOf(step) }),
    ...(tracking?.DisableScaleIn === true && { scalesIn: false }),
    ...(asking && { alarms: asking }),
    ...(gone.length > 0 && { goneAlarms: gone }),
  }
}

const ofAlarm = (policy: DeployedPolicy, alarm: DeployedAlarm): string[] => {
  const silence = silenceOf(alarm)
  return silence === undefined
    ? []
    : [
        `The alarm ${alarm.name} never fires, because ${silence}, so policy ${policy.name} does not act on it. ${alarm.state === 'INSUFFICIENT_DATA' && alarm.isActing ? 'Compare its metric and dimensions with what CloudWatch lists' : 'Switch its actions on'}.`,
      ]
}

/** What keeps policies from acting: alarms that never fire, that are gone, or that there are none of. */
export const alarmCaveatsOf = (policies: readonly DeployedPolicy[]): string[] =>
  policies.flatMap((policy) => {
    const { name, alarms, goneAlarms = [], type } = policy
    if (alarms === undefined || type === 'other') return []
    return [
      ...alarms.flatMap((alarm) => ofAlarm(policy, alarm)),
      ...goneAlarms.map(
        (gone) =>
          `The alarm ${gone} of policy ${name} is not there any more, so it never asks. Put the policy again: ${type === 'step' ? 'its alarm is yours to make' : 'AWS then makes its alarms anew'}.`,
      ),
      ...(alarms.length + goneAlarms.length === 0
        ? [`Policy ${name} never acts, because no alarm asks it to. Make an alarm whose action is the policy, or delete the policy.`]
        : []),
    ]
  })
