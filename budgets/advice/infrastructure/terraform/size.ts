/** The size of a task, for an override file. */
import type { EcsPlan, EcsSize } from '../ecs/plan.ts'
import { attribute, type Block, block } from './hcl.ts'

/** Terraform's schema has CPU units and MiB as strings. */
export const sizeBlocks = ({ reasons, tags }: EcsPlan, { cpu, memory, architecture }: EcsSize, name: string): Block[] => [
  block('resource', ['aws_ecs_task_definition', name], [
    attribute('cpu', String(cpu), reasons.size),
    attribute('memory', String(memory), `MiB; ${reasons.size}`),
    attribute('tags', tags, 'Activate them as cost allocation tags, so that the bill can be split by them.'),
    block('runtime_platform', [], [attribute('cpu_architecture', architecture, 'As it was measured: another one has not been.')]),
  ]),
  block('resource', ['aws_ecs_service', name], [
    attribute('propagate_tags', 'TASK_DEFINITION', 'So that what the tasks cost carries the tags of their definition.'),
  ]),
]
