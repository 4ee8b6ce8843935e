/** A task definition of another size: as it is, but for the figures that the size is made of. */
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs'
import { DeploymentError } from '../../errors/deployment-error.ts'
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

const refuse = (name: string, what: string): never => {
  throw new DeploymentError(
    `The size was not changed, because ${name} ${what}. A task holds what its containers are given. Change the containers yourself, and run perf apply without --size.`,
  )
}

const checkContainers = (containers: readonly ContainerDefinition[], size: TaskSize): void => {
  const cpu = containers.reduce((sum, container) => sum + (container.cpu ?? 0), 0)
  if (cpu > size.cpu) refuse('its containers', `are given ${cpu} CPU units, more than ${size.cpu}`)
  for (const { name = 'a container', memory = 0, memoryReservation = 0 } of containers)
    if (Math.max(memory, memoryReservation) > size.memory)
      refuse(`container ${name}`, `is given ${Math.max(memory, memoryReservation)} MiB, more than ${size.memory}`)
}

export const taskSizeOf = ({ cpu = '', memory = '' }: Pick<TaskDefinition, 'cpu' | 'memory'>): TaskSize => ({
  cpu: Math.round((vcpuIn(cpu) ?? 0) * 1024),
  memory: Math.round((gigabytesIn(memory) ?? 0) * 1024),
})

/** @throws {DeploymentError} when its containers need more than that */
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
  return {
    ...kept,
    family: definition.family,
    containerDefinitions: containers,
    cpu: String(size.cpu),
    memory: String(size.memory),
    ...(tags.length > 0 && { tags: [...tags] }),
  }
}
