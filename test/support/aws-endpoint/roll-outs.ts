/** Roll-outs of services: begun by UpdateService, and gone on with whenever somebody looks. */
import type { Deployment, Service } from '@aws-sdk/client-ecs'
import { arnOf, type World } from './world.ts'

const begun = 'ecs-svc/begun-'

export const rolledOut = (service: Service, taskDefinition: string): Service => ({
  ...service,
  taskDefinition,
  deployments: [
    {
      id: `${begun}${taskDefinition}`,
      status: 'PRIMARY',
      taskDefinition,
      rolloutState: 'IN_PROGRESS',
      createdAt: new Date(),
      desiredCount: service.desiredCount,
      runningCount: 0,
      failedTasks: 0,
    },
    ...(service.deployments ?? [{ id: 'ecs-svc/old', status: 'PRIMARY', taskDefinition: service.taskDefinition, rolloutState: 'COMPLETED' }]).map((each) => ({
      ...each,
      status: 'ACTIVE',
    })),
  ],
})

const isBegun = ({ id, status, rolloutState }: Deployment): boolean => status === 'PRIMARY' && rolloutState === 'IN_PROGRESS' && id?.startsWith(begun) === true

/** A task of it that came to nothing. */
const addStopped = (world: World, service: Service, { taskDefinition }: Deployment): void => {
  world.tasks.push({
    taskArn: arnOf(world, 'ecs', `task/stopped/${world.tasks.length}`),
    clusterArn: service.clusterArn,
    group: `service:${service.serviceName}`,
    taskDefinitionArn: taskDefinition,
    desiredStatus: 'STOPPED',
    lastStatus: 'STOPPED',
    stoppedAt: new Date(world.tasks.length),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'web', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
  })
}

const wentBack = (service: Service, own: Deployment, old: Deployment): Service => ({
  ...service,
  taskDefinition: old.taskDefinition,
  deployments: [
    { ...old, status: 'PRIMARY', rolloutState: 'COMPLETED' },
    { ...own, status: 'ACTIVE', rolloutState: 'FAILED', rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.' },
  ],
})

/** @example goOn(world) // with rollOuts 'end': the new deployment is the only one */
export const goOn = (world: World): void => {
  world.services = world.services.map((service) => {
    const own = service.deployments?.find(isBegun)
    const old = service.deployments?.find(({ status }) => status === 'ACTIVE')
    if (own === undefined || world.rollOuts === 'hang') return service
    if (world.rollOuts === 'end') return { ...service, deployments: [{ ...own, rolloutState: 'COMPLETED', runningCount: own.desiredCount }] }
    addStopped(world, service, own)
    if (world.rollOuts === 'go back' && old !== undefined) return wentBack(service, own, old)
    return { ...service, deployments: [{ ...own, failedTasks: 3 }, ...(old === undefined ? [] : [old])] }
  })
}
