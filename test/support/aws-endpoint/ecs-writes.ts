/** ECS as it is changed: revisions of task definitions, in sizes that Fargate has, and which of them a service uses. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
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

/** Roll-outs under way end so: the new deployment is the only one. */
export const endRollOuts = (world: World): void => {
  for (const service of world.services)
    service.deployments = (service.deployments ?? []).filter(({ status }) => status === 'PRIMARY').map((each) => ({ ...each, rolloutState: 'COMPLETED' }))
}

const rolledOut = (service: Service, taskDefinition: string): Service => ({
  ...service,
  taskDefinition,
  deployments: [
    { id: `ecs-svc/${Date.now()}`, status: 'PRIMARY', taskDefinition, rolloutState: 'IN_PROGRESS', createdAt: new Date() },
    ...(service.deployments ?? []).map((each) => ({ ...each, status: 'ACTIVE' })),
  ],
})

export const ecsWrites: Readonly<Record<string, Action>> = {
  'ecs:RegisterTaskDefinition': (input, world) => {
    if (input.requiresCompatibilities?.includes('FARGATE')) checkSize(input.cpu, input.memory)
    const revision = Math.max(0, ...world.taskDefinitions.filter(({ family }) => family === input.family).map((each) => each.revision ?? 0)) + 1
    const taskDefinitionArn = arnOf(world, 'ecs', `task-definition/${input.family}:${revision}`)
    const definition = { ...input, revision, taskDefinitionArn, status: 'ACTIVE' } as TaskDefinition
    world.taskDefinitions.push(definition)
    return { taskDefinition: definition, tags: input.tags ?? [] }
  },

  'ecs:UpdateService': ({ cluster, service: name, taskDefinition }, world) => {
    const service = world.services.find(({ serviceName, clusterArn }) => serviceName === name && clusterArn?.endsWith(`cluster/${cluster}`))
    if (service === undefined) throw new AwsFault('ServiceNotFoundException', 'Service not found.')
    const arn = definitionAt(world, taskDefinition)?.taskDefinitionArn
    if (arn === undefined) throw new AwsFault('ClientException', 'TaskDefinition not found.')
    const updated = rolledOut(service, arn)
    world.services = world.services.map((each) => (each === service ? updated : each))
    return { service: updated }
  },
}
