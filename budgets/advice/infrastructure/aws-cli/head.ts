/** The beginning of the script: why, what it may do, where, and that this is the right account. */
import { comment } from '../comment.ts'
import { type EcsPlan, needsHighResolution, needsLabel, needsQueue } from '../ecs/plan.ts'
import { balancerOf, targetGroupOf } from '../ecs/policy.ts'
import { containerInsightsSentence, highResolutionSentence, roleSentence } from '../ecs/rights.ts'
import { permissions } from './permissions.ts'
import { quoted } from './shell.ts'

const given = (variable: string, value: string | undefined, what: string): string =>
  value === undefined ? `: "\${${variable}:?Set it to ${what}}"` : `${variable}=${quoted(value)}`

const labelLines = ({ resourceLabel }: EcsPlan): string[] => [
  given('LOAD_BALANCER', resourceLabel && balancerOf(resourceLabel), 'the end of the ARN of the load balancer: app/<name>/<id>'),
  given('TARGET_GROUP', resourceLabel && targetGroupOf(resourceLabel), 'the end of the ARN of the target group: targetgroup/<name>/<id>'),
]

const accountLines = (account: string): string[] => [
  `expected=${quoted(account)}`,
  'account=$(aws sts get-caller-identity --query Account --output text)',
  'if [ "$account" != "$expected" ]; then',
  '  echo "These are credentials of account $account, and the service is in $expected. Nothing was changed." >&2',
  '  exit 1',
  'fi',
]

export const headText = (plan: EcsPlan, head: readonly string[]): string => {
  const { cluster, service, region, account } = plan
  return [
    '#!/usr/bin/env bash',
    ...comment(head, '#'),
    '#',
    ...comment(
      [
        'Running it changes the service; perf apply shows a diff, asks, and can roll back.',
        roleSentence,
        ...(needsHighResolution(plan) ? [highResolutionSentence] : []),
        ...(needsQueue(plan) ? [containerInsightsSentence] : []),
        'Who runs it needs these rights and no others:',
      ],
      '#',
    ),
    ...JSON.stringify(permissions(plan), null, 2)
      .split('\n')
      .map((line) => `#   ${line}`),
    'set -euo pipefail',
    'export AWS_PAGER=',
    ...(region === undefined ? [] : [`export AWS_REGION=${quoted(region)} AWS_DEFAULT_REGION=${quoted(region)}`]),
    given('CLUSTER', cluster, 'the name of the ECS cluster'),
    given('SERVICE', service, 'the name of the ECS service'),
    ...(needsLabel(plan) ? labelLines(plan) : []),
    ...(needsQueue(plan) ? [given('QUEUE', undefined, 'the name of the SQS queue that the service empties')] : []),
    ...(account === undefined ? [] : accountLines(account)),
  ].join('\n')
}
