/** A task definition of another size: as it is, but for the figures that the size is made of. */
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs'
import { SafetyError } from '../../errors/safety-error.ts'
import type { TaskSize } from './settings.ts'
import { gigabytesIn, vcpuIn } from './size.ts'

/** What AWS tells of a revision and does not take for another one. */
type Told = 'taskDefinitionArn' | 'revision' | 'status' | 'requiresAttributes' | 'compatibilities' | 'registeredAt' | 'registeredBy' | 'deregisteredAt'

/** A container that has the whole task keeps having it. */
const resizedContainer = (container: ContainerDefinition, old: TaskSize, size: TaskSize): ContainerDefinition => ({
  ...container,
  ...(container.cpu === old.cpu && { cpu: size.cpu }),
  ...(container.memory === old.memory && { memory: size.memory }),
  ...(container.memoryReservation === old.memory && { memoryReservation: size.memory }),
})

const refuse = (what: string): never => {
  throw new SafetyError(
    `Nothing was changed, because ${what}. A task holds what its containers are given. Give the containers less yourself and roll that out, or run perf apply without --size.`,
  )
}

/** What its containers take of the task's memory, whether or not they use it. */
const reservedBy = (containers: readonly ContainerDefinition[]): number =>
  containers.reduce((sum, container) => sum + (container.memoryReservation ?? container.memory ?? 0), 0)

const checkContainers = (containers: readonly ContainerDefinition[], { cpu, memory }: TaskSize): void => {
  const units = containers.reduce((sum, container) => sum + (container.cpu ?? 0), 0)
  if (units > cpu) refuse(`its containers are given ${units} CPU units, more than the ${cpu} that are recommended`)
  for (const { name = 'a container', memory: limit = 0, memoryReservation: reserved = 0 } of containers) {
    const given = Math.max(limit, reserved)
    if (given > memory) refuse(`container ${name} is given ${given} MiB, more than the ${memory} that are recommended`)
  }
}

export const taskSizeOf = ({ cpu = '', memory = '' }: Pick<TaskDefinition, 'cpu' | 'memory'>): TaskSize => ({
  cpu: Math.round((vcpuIn(cpu) ?? 0) * 1024),
  memory: Math.round((gigabytesIn(memory) ?? 0) * 1024),
})

/** @throws {SafetyError} when its containers need more than that */
export const resized = (definition: TaskDefinition, tags: readonly Tag[], size: TaskSize): RegisterTaskDefinitionCommandInput => {
  const {
    taskDefinitionArn,
    revision,
    status,
    requiresAttributes,
    compatibilities,
    registeredAt,
    registeredBy,
    deregisteredAt,
    ...kept
  }: TaskDefinition & Partial<Record<Told, unknown>> = definition
  const containers = (definition.containerDefinitions ?? []).map((container) => resizedContainer(container, taskSizeOf(definition), size))
  checkContainers(containers, size)
  const [before, reserved] = [reservedBy(definition.containerDefinitions ?? []), reservedBy(containers)]
  // More than the task has already is what AWS let pass.
  if (reserved > size.memory && before <= taskSizeOf(definition).memory)
    refuse(`its containers are given ${reserved} MiB together, more than the ${size.memory} that are recommended`)
  // AWS gives these itself, and refuses to be given them.
  const own = tags.filter(({ key = '' }) => !key.startsWith('aws:'))
  return {
    ...kept,
    family: definition.family,
    containerDefinitions: containers,
    cpu: String(size.cpu),
    memory: String(size.memory),
    ...(own.length > 0 && { tags: own }),
  }
}
