/** The size of a task as properties to merge. */
import { type Field, field, fields } from '../commented-yaml.ts'
import type { EcsPlan, EcsSize } from '../ecs/plan.ts'
import { tagList } from './tags.ts'

export const sizeResources = ({ reasons, tags }: EcsPlan, { cpu, memory }: EcsSize): Field[] => [
  field(
    'TaskDefinition',
    fields(
      field('Type', 'AWS::ECS::TaskDefinition'),
      field(
        'Properties',
        fields(
          field('Cpu', String(cpu), reasons.size),
          field('Memory', String(memory), `MiB; ${reasons.size}`),
          field('RequiresCompatibilities', ['FARGATE'], 'The sizes are those of Fargate.'),
          field('NetworkMode', 'awsvpc'),
          field('Tags', tagList(tags), 'Beside your own. Activate them as cost allocation tags, so that the bill can be split by them.'),
        ),
      ),
    ),
  ),
  field(
    'Service',
    fields(
      field('Type', 'AWS::ECS::Service'),
      field('Properties', fields(field('PropagateTags', 'TASK_DEFINITION', 'So that what the tasks cost carries the tags of their definition.'))),
    ),
  ),
]
