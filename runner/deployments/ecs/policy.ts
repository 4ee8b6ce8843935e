/** What whoever reads a service of ECS must be allowed, and nothing else. */
import { policyOf } from '../../aws/policy.ts'
import { arnOf, type Place } from './place.ts'

/** sts:GetCallerIdentity needs no permission. */
export const readingPolicy = (place: Pick<Place, 'arn' | 'region' | 'account' | 'cluster' | 'service'>): string => {
  const { cluster, service, region } = place
  const everything = ['*'] // these actions know no resources
  return policyOf([
    { actions: ['ecs:DescribeServices'], resources: [arnOf(place, `service/${cluster}/${service}`)] },
    { actions: ['ecs:DescribeTasks'], resources: [arnOf(place, `task/${cluster}/*`)] },
    {
      actions: ['ecs:ListTasks', 'ecs:ListServices'],
      resources: everything,
      condition: { ArnEquals: { 'ecs:cluster': arnOf(place, `cluster/${cluster}`) } },
    },
    {
      actions: [
        'ecs:DescribeTaskDefinition',
        'application-autoscaling:DescribeScalableTargets',
        'application-autoscaling:DescribeScalingPolicies',
        'application-autoscaling:DescribeScheduledActions',
        'application-autoscaling:DescribeScalingActivities',
        'cloudwatch:GetMetricData',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:DescribeAlarmsForMetric',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
      ],
      resources: everything,
      condition: { StringEquals: { 'aws:RequestedRegion': region } },
    },
    { actions: ['pricing:GetProducts'], resources: everything },
  ])
}
