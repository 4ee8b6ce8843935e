/** The size of a task, for an override file. */
import type { EcsPlan, EcsSize } from '../ecs/plan.ts'
import { attribute, type Block, block } from './hcl.ts'

/** Terraform's schema has CPU units and MiB as strings. Tags and runtime_platform are left alone: an override would take the place of all that they hold. */
export const sizeBlocks = ({ reasons }: EcsPlan, { cpu, memory }: EcsSize, name: string): Block[] => [
  block(
    'resource',
    ['aws_ecs_task_definition', name],
    [attribute('cpu', String(cpu), reasons.size), attribute('memory', String(memory), `MiB; ${reasons.size}`)],
  ),
  block(
    'resource',
    ['aws_ecs_service', name],
    [attribute('propagate_tags', 'TASK_DEFINITION', 'So that what the tasks cost carries the tags of their definition.')],
  ),
]
