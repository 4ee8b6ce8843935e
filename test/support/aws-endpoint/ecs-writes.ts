/** ECS as it is changed: revisions of task definitions, in sizes that Fargate has, and which of them a service uses. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import type { Members } from './protocols.ts'
import { rolledOut } from './roll-outs.ts'
import { arnOf, type World } from './world.ts'

/** MiB by CPU units: least, most, step. */
const sizes: Readonly<Record<string, readonly [number, number, number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
}

const checkSize = (cpu: string, memory: string): void => {
  const [least, most, step] = sizes[cpu] ?? [1, 0, 1]
  const size = Number(memory)
  if (size < least || size > most || size % step !== 0)
    throw new AwsFault('ClientException', `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`)
}

const definitionAt = (world: World, name: string): TaskDefinition | undefined =>
  world.taskDefinitions.find(({ taskDefinitionArn, family, revision }) => name === taskDefinitionArn || name === `${family}:${revision}`)

const checkContainers = ({ cpu, memory, containerDefinitions = [] }: Members): void => {
  const sum = (name: string): number => containerDefinitions.reduce((all: number, container: Members) => all + (container[name] ?? 0), 0)
  if (sum('cpu') > Number(cpu)) throw new AwsFault('ClientException', 'The sum of the cpu of the containers is greater than the cpu of the task.')
  const reserved = containerDefinitions.reduce((all: number, container: Members) => all + (container.memoryReservation ?? container.memory ?? 0), 0)
  if (reserved > Number(memory)) throw new AwsFault('ClientException', 'The memory of the containers is greater than the memory of the task.')
}

export const ecsWrites: Readonly<Record<string, Action>> = {
  'ecs:RegisterTaskDefinition': (input, world) => {
    if (input.requiresCompatibilities?.includes('FARGATE')) checkSize(input.cpu, input.memory)
    checkContainers(input)
    if (input.tags?.some(({ key }: Members) => key.startsWith('aws:'))) throw new AwsFault('InvalidParameterException', 'Tag keys must not begin with aws:')
    const revision = Math.max(0, ...world.taskDefinitions.filter(({ family }) => family === input.family).map((each) => each.revision ?? 0)) + 1
    const taskDefinitionArn = arnOf(world, 'ecs', `task-definition/${input.family}:${revision}`)
    const definition = { ...input, revision, taskDefinitionArn, status: 'ACTIVE', registeredAt: new Date() } as TaskDefinition
    world.taskDefinitions.push(definition)
    return { taskDefinition: definition, tags: input.tags ?? [] }
  },

  'ecs:DeregisterTaskDefinition': ({ taskDefinition }, world) => {
    const definition = definitionAt(world, taskDefinition)
    if (definition === undefined) throw new AwsFault('ClientException', 'The specified task definition does not exist.')
    const inactive: TaskDefinition = { ...definition, status: 'INACTIVE' }
    world.taskDefinitions = world.taskDefinitions.map((each) => (each === definition ? inactive : each))
    return { taskDefinition: inactive }
  },

  'ecs:UpdateService': ({ cluster, service: name, taskDefinition, desiredCount }, world) => {
    const service = world.services.find(({ serviceName, clusterArn }) => serviceName === name && clusterArn?.endsWith(`cluster/${cluster}`))
    if (service === undefined) throw new AwsFault('ServiceNotFoundException', 'Service not found.')
    const definition = taskDefinition === undefined ? undefined : definitionAt(world, taskDefinition)
    if (taskDefinition !== undefined && definition === undefined) throw new AwsFault('ClientException', 'TaskDefinition not found.')
    if (definition?.status === 'INACTIVE') throw new AwsFault('ClientException', 'TaskDefinition is inactive')
    const counted: Service = { ...service, ...(desiredCount !== undefined && { desiredCount }) }
    const updated = definition === undefined ? counted : rolledOut(counted, definition.taskDefinitionArn ?? '')
    world.services = world.services.map((each) => (each === service ? updated : each))
    return { service: updated }
  },
}
