/** The size of a task as constants. */
import { comment } from '../comment.ts'
import type { EcsPlan, EcsSize } from '../ecs/plan.ts'
import { literal } from './typescript.ts'

const line = (sentence: string): string => comment([sentence], '//').join('\n')

export const sizeText = ({ reasons, tags }: EcsPlan, { cpu, memory, architecture }: EcsSize): string =>
  [
    line(`Spread it into the task definition: new FargateTaskDefinition(this, 'Task', { ...recommendedSize }). It was measured on ${architecture}.`),
    line(reasons.size),
    `export const recommendedSize = { cpu: ${cpu}, memoryLimitMiB: ${memory} }`,
    '',
    line(
      'Tags.of(taskDefinition).add(key, value) for each, and propagateTags: PropagatedTagSource.TASK_DEFINITION in the service. Activate them as cost allocation tags, so that the bill can be split by them.',
    ),
    `export const costTags = { ${Object.entries(tags)
      .map(([key, value]) => `${literal(key)}: ${literal(value)}`)
      .join(', ')} }`,
  ].join('\n')
