/** The size as commands: the task definition that runs, registered again with another size, and the service told to use it. */
import { comment } from '../comment.ts'
import type { EcsPlan, EcsSize } from '../ecs/plan.ts'
import { command, quoted } from './shell.ts'

/** What register-task-definition takes of what describe-task-definition gives; those that may be absent must be absent then. */
const always = ['family', 'containerDefinitions']
const sometimes = [
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'volumes',
  'placementConstraints',
  'requiresCompatibilities',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'ephemeralStorage',
  'runtimePlatform',
  'enableFaultInjection',
]

const ours = 'perf:'

/** JMESPath: everything as it is, and our tags in place of those of an earlier size. */
const query = ({ tags }: EcsPlan): string => {
  const kept = [
    `taskDefinition.{${always.map((name) => `${name}: ${name}`).join(', ')}}`,
    ...sometimes.map((name) => `taskDefinition.${name} && {${name}: taskDefinition.${name}} || \`{}\``),
  ]
  const added = JSON.stringify(Object.entries(tags).map(([key, value]) => ({ key, value })))
  return `merge(${kept.join(', ')}, {tags: [tags[?!starts_with(key, \`"${ours}"\`)], \`${added}\`][]})`
}

export const sizeCommands = (plan: EcsPlan, { cpu, memory, architecture }: EcsSize): string =>
  [
    ...comment([`It was measured on ${architecture}. What the containers ask for must fit into it, or nothing is registered.`], '#'),
    'current=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query \'services[0].taskDefinition\' --output text)',
    `definition=$(${command(
      ['aws ecs describe-task-definition'],
      [
        ['--task-definition', '"$current"'],
        ['--include', 'TAGS'],
        ['--query', quoted(query(plan))],
        ['--output', 'json'],
      ],
    )})`,
    ...comment([plan.reasons.size], '#'),
    `resized=$(${command(
      ['aws ecs register-task-definition'],
      [
        ['--cli-input-json', '"$definition"'],
        ['--cpu', String(cpu)],
        ['--memory', String(memory)],
        ['--query', 'taskDefinition.taskDefinitionArn'],
        ['--output', 'text'],
      ],
    )})`,
    ...comment(['What the tasks cost carries the tags of their definition; activate them as cost allocation tags.'], '#'),
    command(
      ['aws ecs update-service'],
      [
        ['--cluster', '"$CLUSTER"'],
        ['--service', '"$SERVICE"'],
        ['--task-definition', '"$resized"'],
        ['--propagate-tags', 'TASK_DEFINITION'],
        ['--query', 'service.taskDefinition'],
        ['--output', 'text'],
      ],
    ),
  ].join('\n')
