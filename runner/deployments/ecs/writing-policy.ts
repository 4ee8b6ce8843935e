/** What whoever changes a service of ECS must be allowed beside reading it, and nothing else. */
import { policyOf } from '../../aws/policy.ts'
import { arnOf, type Place } from './place.ts'

type Where = Pick<Place, 'arn' | 'region' | 'account' | 'cluster' | 'service'>

const scaling = ['RegisterScalableTarget', 'PutScalingPolicy', 'DeleteScalingPolicy', 'PutScheduledAction', 'DeleteScheduledAction', 'DeregisterScalableTarget']

/** What is changed beside the scaling. */
export type Touched = {
  /** Of the tasks, which a new revision hands on; undefined: no revision is rolled out. */
  readonly roles: readonly string[] | undefined
  /** Whether the revision takes over tags. */
  readonly hasTags: boolean
  /** Whether the number of tasks is set. */
  readonly isDesiredSet: boolean
}

export const writingPolicy = (where: Where, { roles, hasTags, isDesiredSet }: Touched): string => {
  const { region, account, cluster, service, arn } = where
  const partition = arn.split(':')[1] || 'aws'
  return policyOf([
    {
      actions: scaling.map((action) => `application-autoscaling:${action}`),
      resources: ['*'],
      condition: { StringEquals: { 'application-autoscaling:service-namespace': 'ecs', 'aws:RequestedRegion': region } },
    },
    // Target tracking makes and removes its alarms as whoever puts the policy.
    {
      actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms'],
      resources: [`arn:${partition}:cloudwatch:${region}:${account}:alarm:TargetTracking-service/${cluster}/${service}-*`],
    },
    {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [`arn:${partition}:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*`],
      condition: { StringEquals: { 'iam:AWSServiceName': 'ecs.application-autoscaling.amazonaws.com' } },
    },
    ...(roles === undefined && !isDesiredSet ? [] : [{ actions: ['ecs:UpdateService'], resources: [arnOf(where, `service/${cluster}/${service}`)] }]),
    ...(roles === undefined ? [] : [{ actions: ['ecs:RegisterTaskDefinition', 'ecs:DeregisterTaskDefinition'], resources: ['*'] }]),
    ...(roles === undefined || !hasTags
      ? []
      : [
          {
            actions: ['ecs:TagResource'],
            resources: [arnOf(where, 'task-definition/*')],
            condition: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
          },
        ]),
    ...(roles === undefined || roles.length === 0
      ? []
      : [{ actions: ['iam:PassRole'], resources: roles, condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } }]),
  ])
}
