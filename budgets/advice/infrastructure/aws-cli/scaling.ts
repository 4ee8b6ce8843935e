/** Bounds, rule and schedule as commands. */

import { dimensions } from '../cloudformation/parameters.ts'
import { policyConfiguration, stepConfiguration } from '../cloudformation/policy.ts'
import { tagList } from '../cloudformation/tags.ts'
import { comment } from '../comment.ts'
import type { EcsPlan, EcsScaling } from '../ecs/plan.ts'
import type { AlarmedSteps } from '../ecs/policy.ts'
import { identifier } from '../names.ts'
import { command, jsonWord, quoted, type Variables } from './shell.ts'

/** Names that were told stand in variables too, so the script says each of them once. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: what the template says
const variables: Variables = {
  ClusterName: '$CLUSTER',
  ServiceName: '$SERVICE',
  LoadBalancer: '$LOAD_BALANCER',
  TargetGroup: '$TARGET_GROUP',
  QueueName: '$QUEUE',
  '${LoadBalancer}/${TargetGroup}': '$LOAD_BALANCER/$TARGET_GROUP',
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: to here

type Option = readonly [name: string, word: string]

const whose: readonly Option[] = [
  ['--service-namespace', 'ecs'],
  ['--scalable-dimension', 'ecs:service:DesiredCount'],
  ['--resource-id', '"service/$CLUSTER/$SERVICE"'],
]

const quietly: readonly Option[] = [['--output', 'text']]

const stepCommands = (plan: EcsPlan, steps: AlarmedSteps, name: string, direction: 'out' | 'in'): string => {
  const { reasons } = plan
  const isOut = direction === 'out'
  const put = command(
    ['aws application-autoscaling put-scaling-policy'],
    [
      ...whose,
      ['--policy-name', quoted(`perf-${name}-${direction}`)],
      ['--policy-type', 'StepScaling'],
      ['--step-scaling-policy-configuration', jsonWord(stepConfiguration(steps), variables)],
      ['--query', 'PolicyARN'],
      ...quietly,
    ],
  )
  const alarm = command(
    ['aws cloudwatch put-metric-alarm'],
    [
      ['--alarm-name', quoted(`perf-${name}-${direction}-alarm`)],
      ['--namespace', steps.metric.namespace],
      ['--metric-name', steps.metric.name],
      ['--dimensions', jsonWord(dimensions(plan, steps.metric), variables)],
      [/^p\d/.test(steps.metric.statistic) ? '--extended-statistic' : '--statistic', steps.metric.statistic],
      ['--comparison-operator', isOut ? 'GreaterThanThreshold' : 'LessThanThreshold'],
      ['--threshold', String(steps.threshold)],
      ['--period', String(steps.period)],
      ['--evaluation-periods', String(steps.points)],
      ['--alarm-actions', '"$policy"'],
      ['--tags', jsonWord(tagList(plan.tags), variables)],
    ],
  )
  const why = [
    `Cooldown: ${isOut ? reasons.scaleOutCooldown : reasons.scaleInCooldown}.`,
    `Threshold: ${isOut ? reasons.target : reasons.scaleIn}.`,
    `Period: ${reasons.period}.`,
  ]
  return [...comment(why, '#'), `policy=$(${put})`, alarm].join('\n')
}

const policyCommands = (plan: EcsPlan, { policy }: EcsScaling, name: string): string[] => {
  if (policy.kind === 'steps')
    return [stepCommands(plan, policy.out, name, 'out'), ...('declined' in policy.in ? [] : [stepCommands(plan, policy.in, name, 'in')])]
  const { target, scaleOutCooldown, scaleInCooldown } = plan.reasons
  return [
    [
      ...comment([`TargetValue: ${target}.`, `ScaleOutCooldown: ${scaleOutCooldown}.`, `ScaleInCooldown: ${scaleInCooldown}.`], '#'),
      command(
        ['aws application-autoscaling put-scaling-policy'],
        [
          ...whose,
          ['--policy-name', quoted(`perf-${name}`)],
          ['--policy-type', 'TargetTrackingScaling'],
          ['--target-tracking-scaling-policy-configuration', jsonWord(policyConfiguration(plan, policy), variables)],
          ['--query', 'PolicyARN'],
          ...quietly,
        ],
      ),
    ].join('\n'),
  ]
}

export const scalingCommands = (told: EcsPlan, scaling: EcsScaling): string => {
  const plan = { ...told, cluster: undefined, service: undefined, resourceLabel: undefined }
  const { reasons } = told
  const name = identifier(told.service)
  const bounds = command(
    ['aws application-autoscaling register-scalable-target'],
    [...whose, ['--min-capacity', String(scaling.minimum)], ['--max-capacity', String(scaling.maximum)], ...quietly],
  )
  const scheduled = scaling.scheduled.map((action) =>
    [
      ...comment([action.because], '#'),
      command(
        ['aws application-autoscaling put-scheduled-action'],
        [
          ...whose,
          ['--scheduled-action-name', quoted(action.name)],
          ['--schedule', quoted(action.schedule)],
          ['--timezone', 'UTC'],
          ['--scalable-target-action', `MinCapacity=${action.minimum},MaxCapacity=${action.maximum}`],
          ...quietly,
        ],
      ),
    ].join('\n'),
  )
  return [
    [...comment([`At least: ${reasons.minimum}.`, `At most: ${reasons.maximum}.`], '#'), bounds].join('\n'),
    ...policyCommands(plan, scaling, name),
    ...scheduled,
  ].join('\n\n')
}
