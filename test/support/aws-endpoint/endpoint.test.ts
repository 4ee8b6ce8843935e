import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { AwsClients } from '../../../runner/aws/clients.ts'
import { anActivity, aPolicy, aServiceWorld, aTask, cluster, service } from './a-service.ts'
import { type Endpoint, startEndpoint } from './endpoint.ts'

let endpoint: Endpoint
let aws: AwsClients
beforeAll(async () => {
  endpoint = await startEndpoint(aServiceWorld())
  for (const [name, value] of Object.entries(endpoint.environment)) vi.stubEnv(name, value)
  aws = new AwsClients({})
  const { world } = endpoint
  for (let index = 10; index < 130; index++) world.tasks.push(aTask(world, index, { createdAt: new Date(0), pulling: 1, pulled: 2, started: 3 }))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws.close()
  await endpoint.stop()
})

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `s${index}`)

test('what AWS refuses is refused', async () => {
  const { library, client } = await aws.open('ecs')
  await expect(client.send(new library.DescribeServicesCommand({ cluster, services: names(11) }))).rejects.toThrow('1 to 10')
  await expect(client.send(new library.DescribeTasksCommand({ cluster, tasks: names(101) }))).rejects.toThrow('1 to 100')
  await expect(client.send(new library.ListTasksCommand({ cluster, maxResults: 101 }))).rejects.toThrow('between 1 and 100')
  await expect(client.send(new library.ListTasksCommand({ cluster, startedBy: 'a', family: 'b' }))).rejects.toThrow('only filter')
  await expect(client.send(new library.DescribeServicesCommand({ cluster: 'other', services: ['web'] }))).rejects.toBeInstanceOf(
    library.ClusterNotFoundException,
  )
})

test('a name that nothing has is a failure within the answer', async () => {
  const { library, client } = await aws.open('ecs')
  const { services, failures } = await client.send(new library.DescribeServicesCommand({ cluster, services: [service, 'wbe'] }))
  expect(services?.map(({ serviceName }) => serviceName)).toEqual([service])
  expect(failures).toMatchObject([{ reason: 'MISSING' }])
})

test('pages hold what they may, and moments are moments', async () => {
  const { library, client } = await aws.open('ecs')
  const first = await client.send(new library.ListTasksCommand({ cluster }))
  expect(first.taskArns).toHaveLength(100)
  const { taskArns = [] } = await client.send(new library.ListTasksCommand({ cluster, nextToken: first.nextToken }))
  expect(taskArns).toHaveLength(22)
  const { tasks = [] } = await client.send(new library.DescribeTasksCommand({ cluster, tasks: taskArns }))
  expect(tasks[0]?.startedAt).toEqual(new Date(3000))
})

test('a page holds ten policies and fifty activities', async () => {
  const { world } = endpoint
  for (let index = 0; index < 60; index++) {
    world.policies.push(aPolicy(world, `p${index}`))
    world.activities.push(anActivity(index, new Date(index * 1000), 4))
  }
  const { library, client } = await aws.open('scaling')
  const asked = { ServiceNamespace: 'ecs', ResourceId: `service/${cluster}/${service}` } as const
  const { ScalingPolicies } = await client.send(new library.DescribeScalingPoliciesCommand(asked))
  expect(ScalingPolicies).toHaveLength(10)
  const { ScalingActivities } = await client.send(new library.DescribeScalingActivitiesCommand(asked))
  expect(ScalingActivities).toHaveLength(50)
})

test('denied and throttled actions fail by the names that the services use', async () => {
  endpoint.faults.denied.add('elasticloadbalancing:DescribeTargetGroups')
  endpoint.faults.throttled.set('application-autoscaling:DescribeScalableTargets', 1)
  const balancing = await aws.open('balancing')
  await expect(balancing.client.send(new balancing.library.DescribeTargetGroupsCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' })
  const scaling = await aws.open('scaling')
  const { ScalableTargets, $metadata } = await scaling.client.send(new scaling.library.DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))
  expect(ScalableTargets).toMatchObject([{ MinCapacity: 2, MaxCapacity: 10 }])
  expect($metadata.attempts).toBe(2)
})
