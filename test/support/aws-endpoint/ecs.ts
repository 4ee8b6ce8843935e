/** ECS as it is read: clusters, services, task definitions, tasks. */
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import { pageOf } from './page.ts'
import { goOn } from './roll-outs.ts'
import { arnOf, type World } from './world.ts'

const refusal = 'InvalidParameterException'
const nameIn = (arn: string): string => arn.split('/').at(-1) ?? arn
const refuse = (words: string): never => {
  throw new AwsFault(refusal, words)
}

const clusterArn = (world: World, cluster = 'default'): string => {
  const name = nameIn(cluster)
  if (!world.clusters.has(name)) throw new AwsFault('ClusterNotFoundException', 'Cluster not found.')
  return arnOf(world, 'ecs', `cluster/${name}`)
}

/** Name, name:revision or ARN; without a revision the newest active one. */
const definitionOf = (world: World, asked: string) => {
  const [family = '', revision] = nameIn(asked).split(':')
  const all = world.taskDefinitions.filter((each) => each.family === family).sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0))
  return revision === undefined ? all.filter(({ status }) => status !== 'INACTIVE').at(-1) : all.find((each) => each.revision === Number(revision))
}

export const ecsActions: Readonly<Record<string, Action>> = {
  'ecs:DescribeServices': ({ cluster, services, include }, world) => {
    const of = clusterArn(world, cluster)
    goOn(world)
    if (services.length === 0 || services.length > 10) refuse('services must have 1 to 10 members')
    const found = world.services.filter((each) => each.clusterArn === of && services.some((asked: string) => nameIn(asked) === each.serviceName))
    const missed = services.filter((asked: string) => !found.some(({ serviceName }) => serviceName === nameIn(asked)))
    return {
      services: include?.includes('TAGS') ? found : found.map(({ tags: _, ...service }) => service),
      failures: missed.map((asked: string) => ({ arn: arnOf(world, 'ecs', `service/${nameIn(of)}/${nameIn(asked)}`), reason: 'MISSING' })),
    }
  },

  'ecs:ListServices': ({ cluster, maxResults, nextToken }, world) => {
    const of = clusterArn(world, cluster)
    const arns = world.services.filter((each) => each.clusterArn === of).map(({ serviceArn }) => serviceArn)
    const { items, next } = pageOf(arns, world, { most: 100, usual: 10, refusal }, maxResults, nextToken)
    return { serviceArns: items, nextToken: next }
  },

  'ecs:ListClusters': ({ maxResults, nextToken }, world) => {
    const arns = [...world.clusters].map((name) => arnOf(world, 'ecs', `cluster/${name}`))
    const { items, next } = pageOf(arns, world, { most: 100, usual: 100, refusal }, maxResults, nextToken)
    return { clusterArns: items, nextToken: next }
  },

  'ecs:DescribeTaskDefinition': ({ taskDefinition, include }, world) => {
    const found = definitionOf(world, taskDefinition)
    if (found === undefined) throw new AwsFault('ClientException', 'Unable to describe task definition.')
    const { tags, ...definition } = found as typeof found & { tags?: unknown }
    return { taskDefinition: definition, tags: include?.includes('TAGS') ? (tags ?? []) : [] }
  },

  'ecs:ListTasks': ({ cluster, serviceName, family, startedBy, desiredStatus = 'RUNNING', maxResults, nextToken }, world) => {
    const of = clusterArn(world, cluster)
    if (startedBy !== undefined && (serviceName ?? family) !== undefined) refuse('startedBy must be the only filter')
    if (serviceName !== undefined && !world.services.some((each) => each.serviceName === nameIn(serviceName)))
      throw new AwsFault('ServiceNotFoundException', 'Service not found.')
    const arns = world.tasks
      .filter((task) => task.clusterArn === of && task.desiredStatus === desiredStatus)
      .filter(({ group }) => serviceName === undefined || group === `service:${nameIn(serviceName)}`)
      .filter((task) => startedBy === undefined || task.startedBy === startedBy)
      .map(({ taskArn }) => taskArn)
    const { items, next } = pageOf(arns, world, { most: 100, usual: 100, refusal }, maxResults, nextToken)
    return { taskArns: items, nextToken: next }
  },

  'ecs:DescribeTasks': ({ cluster, tasks }, world) => {
    clusterArn(world, cluster)
    if (tasks.length === 0 || tasks.length > 100) refuse('tasks must have 1 to 100 members')
    const found = world.tasks.filter(({ taskArn = '' }) => tasks.some((asked: string) => asked === taskArn || asked === nameIn(taskArn)))
    const missed = tasks.filter((asked: string) => !found.some(({ taskArn = '' }) => asked === taskArn || asked === nameIn(taskArn)))
    return { tasks: found, failures: missed.map((arn: string) => ({ arn, reason: 'MISSING' })) }
  },
}
