/** The least that whoever runs the script must be allowed, as an IAM policy. */

import { oneLine } from '../comment.ts'
import type { EcsPlan } from '../ecs/plan.ts'

type Statement = { readonly Effect: 'Allow'; readonly Action: readonly string[]; readonly Resource: string | readonly string[]; readonly Condition?: unknown }

/** In an ARN an asterisk and a question mark stand for others. */
const part = (name: string | undefined): string => (name === undefined ? '*' : oneLine(name).replace(/[*?$]/g, ''))

const scalingStatements = ({ scaling, region, account }: EcsPlan): Statement[] =>
  scaling === undefined
    ? []
    : [
        {
          Effect: 'Allow',
          Action: ['RegisterScalableTarget', 'PutScalingPolicy', ...(scaling.scheduled.length > 0 ? ['PutScheduledAction'] : [])].map(
            (action) => `application-autoscaling:${action}`,
          ),
          Resource: `arn:aws:application-autoscaling:${part(region)}:${part(account)}:scalable-target/*`,
          Condition: { StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } },
        },
        ...(scaling.policy.kind === 'steps'
          ? [
              {
                Effect: 'Allow',
                Action: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
                Resource: `arn:aws:cloudwatch:${part(region)}:${part(account)}:alarm:perf-*`,
              } as const,
            ]
          : []),
        {
          Effect: 'Allow',
          Action: ['iam:CreateServiceLinkedRole'],
          Resource: 'arn:aws:iam::*:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*',
          Condition: { StringEquals: { 'iam:AWSServiceName': 'ecs.application-autoscaling.amazonaws.com' } },
        },
      ]

const sizeStatements = ({ size, region, account, cluster, service }: EcsPlan): Statement[] =>
  size === undefined
    ? []
    : [
        {
          Effect: 'Allow',
          Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
          Resource: `arn:aws:ecs:${part(region)}:${part(account)}:service/${part(cluster)}/${part(service)}`,
        },
        // Describing a definition knows no resources.
        { Effect: 'Allow', Action: ['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition', 'ecs:TagResource'], Resource: '*' },
        { Effect: 'Allow', Action: ['iam:PassRole'], Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } },
      ]

export const permissions = (plan: EcsPlan): { readonly Version: '2012-10-17'; readonly Statement: readonly Statement[] } => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['sts:GetCallerIdentity'], Resource: '*' }, ...sizeStatements(plan), ...scalingStatements(plan)],
})
