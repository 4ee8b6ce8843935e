import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DeployedAlarm } from '../../../../runner/deployments/alarm.ts'
import { ecsSource } from '../../../../runner/deployments/ecs/ecs.ts'
import { addAlarms, addMinutes, anActivity, aPolicy, aServiceWorld, aTask, cluster, resource, service } from '../../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../../support/aws-endpoint/endpoint.ts'
import { arnOf } from '../../../support/aws-endpoint/world.ts'

/** Ten minutes of load, an hour ago: CloudWatch has told all of it. */
const from = new Date(Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000)
const later = (minutes: number): Date => new Date(from.getTime() + minutes * 60_000)
const loads = [{ from: from.toISOString(), until: later(10).toISOString() }]
const never = new AbortController().signal

// The first use of each client loads it, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

let endpoint: Endpoint
beforeEach(async () => {
  endpoint = await startEndpoint(aServiceWorld(later(30)))
})
afterEach(() => endpoint.stop())

const source = (name = service) => ecsSource({ cluster, service: name, endpoint: endpoint.url, region: endpoint.world.region })
const read = async (during = loads, name = service) => (await source(name)).read(during, never)
const asks = (action: string): number => endpoint.asked.filter((each) => each.action === action).length

/** As `anAlarm` has it. */
const onCpu = (name: string, more: Partial<DeployedAlarm>): DeployedAlarm => ({
  name,
  watched: {
    kind: 'metric',
    namespace: 'AWS/ECS',
    name: 'CPUUtilization',
    dimensions: { ClusterName: 'shop', ServiceName: 'web' },
    statistic: 'Average',
  },
  period: 60,
  missingData: 'missing',
  state: 'OK',
  since: '2026-01-01T00:00:00.000Z',
  isActing: true,
  actions: ['arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:1:resource/ecs/service/shop/web:policyName/cpu'],
  ...more,
})

test('who is asked, before anything else is', async () => {
  const { announcement } = await source()
  expect(announcement).toBe(
    'AWS account 123456789012, region eu-central-1, as arn:aws:iam::123456789012:user/reader: ECS service shop/web is read, and not changed.',
  )
  expect(endpoint.asked.map(({ action }) => action)).toEqual(['sts:GetCallerIdentity'])
})

describe('a service behind a load balancer, scaled by its CPU', () => {
  test('is read whole, without a caveat', async () => {
    const { world } = endpoint
    addMinutes(world, from, 10)
    world.activities.push(anActivity(2, later(6), 4), anActivity(1, later(-90), 3))
    world.schedules.push({
      ...resource,
      ScheduledActionName: 'launch',
      ScheduledActionARN: 'arn:launch',
      Schedule: 'cron(0 8 * * ? *)',
      Timezone: 'Europe/Berlin',
      ScalableTargetAction: { MinCapacity: 6 },
      CreationTime: new Date(0),
    })
    const { readAt, series, ...deployment } = await read()
    expect(Date.parse(readAt)).toBeGreaterThan(from.getTime())
    expect(deployment).toEqual({
      name: { kind: 'ecs', cluster: 'shop', service: 'web', region: 'eu-central-1', account: '123456789012' },
      architecture: 'arm',
      size: { vcpu: 0.5, gigabytes: 1 },
      instances: { desired: 2, running: 2, minimum: 2, maximum: 10 },
      policies: [
        {
          name: 'cpu',
          type: 'target-tracking',
          metric: 'ECSServiceAverageCPUUtilization',
          target: 60,
          scaleOutCooldown: 60,
          scaleInCooldown: 300,
          alarms: [
            onCpu('TargetTracking-cpu-AlarmHigh', { limit: { is: 'above', threshold: 60 }, points: { needed: 3, of: 3 }, state: 'OK' }),
            onCpu('TargetTracking-cpu-AlarmLow', { limit: { is: 'below', threshold: 54 }, points: { needed: 15, of: 15 }, state: 'ALARM' }),
          ],
        },
      ],
      watching: [],
      schedules: [{ name: 'launch', expression: 'cron(0 8 * * ? *) Europe/Berlin', minimum: 6 }],
      startUps: [41.2, 62],
      pulls: [16.5, 35],
      afterStart: { seconds: 15, because: 'one health check of the load balancer, whose moment AWS does not tell' },
      // The other one is of an hour and a half before the load.
      activities: [
        {
          at: later(6).toISOString(),
          until: new Date(later(6).getTime() + 40_000).toISOString(),
          to: 4,
          cause: 'monitor alarm TargetTracking-cpu-AlarmHigh in state ALARM triggered policy cpu',
        },
      ],
      resourceLabel: 'app/shop/50dc6c495c0c9188/targetgroup/web/6d0ecf831eec9f09',
      price: { vcpuHour: 0.03725, gigabyteHour: 0.00409, currency: 'USD' },
      caveats: [],
    })
    expect(series.map(({ name, unit, points }) => [name, unit, points.length])).toEqual([
      ['ecs.cpu', 'ratio', 10],
      ['ecs.cpu_max', 'ratio', 10],
      ['ecs.memory', 'ratio', 10],
      ['ecs.memory_max', 'ratio', 10],
      ['alb.response_time', 'ms', 10],
      ['alb.response_time_p95', 'ms', 10],
      ['alb.requests', '/s', 10],
    ])
    expect(series[1]?.points[0]).toEqual({ at: from.toISOString(), value: 0.45 })
    expect(series[5]?.points[9]).toEqual({ at: later(9).toISOString(), value: 50 })
    expect(series[6]?.points[0]?.value).toBe(50)
  })

  test('is asked for nothing that changes it', async () => {
    await read()
    for (const { action } of endpoint.asked) expect(action).toMatch(/:(Get|Describe|List)/)
  })

  test('prices are asked for where the price list is served', async () => {
    await read()
    expect(endpoint.asked.find(({ action }) => action === 'pricing:GetProducts')?.region).toBe('eu-central-1')
    const elsewhere = await ecsSource({ cluster, service, endpoint: endpoint.url, region: 'us-west-2' })
    await elsewhere.read(loads, never)
    expect(endpoint.asked.findLast(({ action }) => action === 'pricing:GetProducts')?.region).toBe('us-east-1')
  })
})

test('pages of everything are read to the end, and requests stay within what AWS takes', async () => {
  const { world } = endpoint
  addMinutes(world, from, 10)
  world.pageSize = 4
  world.pointsPerPage = 3
  for (let index = 10; index < 240; index++) world.tasks.push(aTask(world, index, { createdAt: from, pulling: 1, pulled: 2, started: index }))
  for (let index = 0; index < 21; index++) {
    world.policies.push(aPolicy(world, `p${index}`))
    addAlarms(world, `p${index}`)
    world.activities.push(anActivity(index, later(index / 10), index))
    world.schedules.push({
      ...resource,
      ScheduledActionName: `s${index}`,
      ScheduledActionARN: 'arn',
      Schedule: 'at(2026-12-01T08:00:00)',
      CreationTime: from,
    })
  }
  const deployment = await read()
  expect(deployment.caveats).toEqual([])
  expect(deployment.startUps).toHaveLength(232)
  expect(deployment.policies).toHaveLength(22)
  expect(deployment.policies.flatMap(({ alarms = [] }) => alarms)).toHaveLength(44)
  expect(deployment.schedules).toHaveLength(21)
  expect(deployment.activities.map(({ to }) => to)).toEqual(Array.from({ length: 21 }, (_, index) => index))
  expect(deployment.series.every(({ points }) => points.length === 10)).toBe(true)
  expect(deployment.price?.gigabyteHour).toBe(0.00409)
  expect([asks('ecs:DescribeTasks'), asks('cloudwatch:GetMetricData'), asks('cloudwatch:DescribeAlarms'), asks('pricing:GetProducts')]).toEqual([3, 4, 11, 2])
})

describe('what is not there is said', () => {
  test('a service that is missing, with the names of those that are there', async () => {
    const [{ serviceArn, ...web }] = endpoint.world.services as [(typeof endpoint.world.services)[0]]
    for (let index = 0; index < 12; index++) endpoint.world.services.push({ ...web, serviceArn: `${serviceArn}${index}`, serviceName: `web${index}` })
    await expect(read(loads, 'wbe')).rejects.toThrow(
      /^Cluster shop has no service "wbe" \(account 123456789012, eu-central-1\)\. There are web, web0, web1, web10, .*\. Correct --ecs, --region or --profile\.$/,
    )
  })

  test('a cluster that is missing', async () => {
    const away = await ecsSource({ cluster: 'shp', service, endpoint: endpoint.url, region: 'eu-central-1' })
    await expect(away.read(loads, never)).rejects.toThrow(/ecs:DescribeServices on .*service\/shp\/web found no such cluster; a cluster is known by its name/)
  })

  test('no load balancer: nothing is asked about one', async () => {
    const [web] = endpoint.world.services
    if (web) web.loadBalancers = []
    const { resourceLabel, afterStart } = await read()
    expect([resourceLabel, afterStart]).toEqual([undefined, undefined])
    expect(endpoint.asked.filter(({ action }) => action.startsWith('elasticloadbalancing'))).toEqual([])
  })

  test('nothing that scales it', async () => {
    endpoint.world.targets = []
    endpoint.world.policies = []
    const { instances, policies, caveats } = await read()
    expect(instances).toEqual({ desired: 2, running: 2 })
    expect(policies).toEqual([])
    expect(caveats).toContainEqual(expect.stringContaining('Nothing scales the service'))
  })

  test('no task that tells when it started', async () => {
    for (const task of endpoint.world.tasks) delete task.startedAt
    const { startUps, caveats } = await read()
    expect(startUps).toEqual([])
    expect(caveats).toContainEqual(expect.stringContaining('Start-up times are unknown: of 2 tasks that ECS still knows none tells both'))
  })

  test('tasks that could not start, and a target that is ill', async () => {
    const { world } = endpoint
    const failed = aTask(world, 9, { createdAt: from, pulling: 1, pulled: 2, started: 3 })
    delete failed.startedAt
    world.tasks.push({ ...failed, desiredStatus: 'STOPPED', stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: no such image' })
    const ill = { State: 'unhealthy', Reason: 'Target.ResponseCodeMismatch', Description: 'Health checks failed with these codes: [502]' } as const
    for (const targets of world.health.values()) targets.push({ Target: { Id: '10.0.0.3' }, TargetHealth: ill })
    const { startUps, caveats } = await read()
    expect(startUps).toEqual([41.2, 62])
    expect(caveats).toContainEqual(expect.stringContaining('1 of 3 tasks never started (TaskFailedToStart: CannotPullContainerError: no such image)'))
    expect(caveats).toContainEqual(expect.stringContaining('1 of 3 targets are not healthy now (Target.ResponseCodeMismatch: Health checks failed'))
  })

  test('points of a load that did not reach it, and of one that is too short', async () => {
    expect((await read()).caveats).toContainEqual(expect.stringContaining('did that run reach this service?'))
    const short = [{ from: later(0.2).toISOString(), until: later(0.9).toISOString() }]
    expect((await read(short)).caveats).toContainEqual(expect.stringContaining('no whole period of 60 s'))
  })

  test('start-ups of an earlier revision only', async () => {
    const [web] = endpoint.world.services
    const [definition] = endpoint.world.taskDefinitions
    endpoint.world.taskDefinitions.push({ ...definition, revision: 8, taskDefinitionArn: arnOf(endpoint.world, 'ecs', 'task-definition/web:8') })
    if (web) web.taskDefinition = arnOf(endpoint.world, 'ecs', 'task-definition/web:8')
    const { startUps, caveats } = await read()
    expect(startUps).toEqual([41.2, 62])
    expect(caveats).toContainEqual(expect.stringContaining('of earlier revisions'))
  })

  test('policies that are suspended', async () => {
    const [target] = endpoint.world.targets
    if (target) target.SuspendedState = { DynamicScalingOutSuspended: true, DynamicScalingInSuspended: true }
    expect((await read()).caveats).toContainEqual(expect.stringContaining('Scaling out, in is suspended'))
  })
})

const resources: Readonly<Record<string, string>> = {
  'ecs:DescribeServices': 'arn:aws:ecs:eu-central-1:123456789012:service/shop/web',
  'ecs:ListTasks': 'arn:aws:ecs:eu-central-1:123456789012:cluster/shop',
  'ecs:DescribeTasks': 'arn:aws:ecs:eu-central-1:123456789012:task/shop/*',
}
const needed = [
  'sts:GetCallerIdentity',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
]
const optional: readonly (readonly [action: string, unknown: string])[] = [
  ['application-autoscaling:DescribeScheduledActions', 'Scheduled actions are unknown'],
  ['application-autoscaling:DescribeScalingActivities', 'What scaled it is unknown'],
  ['ecs:ListTasks', 'Start-up times are unknown'],
  ['ecs:DescribeTasks', 'Start-up times are unknown'],
  ['cloudwatch:GetMetricData', 'What CloudWatch measured is unknown'],
  ['cloudwatch:DescribeAlarms', 'The alarms of its policies are unknown'],
  ['cloudwatch:DescribeAlarmsForMetric', 'Other alarms on its metrics are unknown'],
  ['elasticloadbalancing:DescribeTargetGroups', 'The load balancer is unknown'],
  ['elasticloadbalancing:DescribeTargetHealth', 'The health of the targets is unknown'],
  ['pricing:GetProducts', "AWS's present price is unknown"],
]

/** The policy that stands at the end of a text. */
const policyIn = (text: string): { readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: readonly string[] }[] } =>
  JSON.parse(text.slice(text.indexOf('{ "Version"')))

describe('an action that is denied', () => {
  test.each(needed)('%s is needed: fatal at once, with its resource and the policy to paste', async (action) => {
    endpoint.faults.denied.add(action)
    const refused = await read().then(
      () => undefined,
      (error: Error) => error,
    )
    expect(refused).toMatchObject({ name: 'DeploymentError', exitCode: 5 })
    expect(refused?.message).toContain(`${action} on ${resources[action] ?? '*'} is not allowed (AccessDenied`)
    expect(asks(action)).toBe(1)
    // Nobody can deny who one is but by a policy that says so.
    if (action !== 'sts:GetCallerIdentity') expect(policyIn(refused?.message ?? '').Statement.flatMap(({ Action }) => Action)).toContain(action)
  })

  test.each(optional)('%s is done without, and %s', async (action, unknown) => {
    endpoint.faults.denied.add(action)
    const { size, policies, caveats } = await read()
    expect(size).toEqual({ vcpu: 0.5, gigabytes: 1 })
    expect(policies).toHaveLength(1)
    expect(caveats).toContainEqual(expect.stringContaining(`${unknown}, because ${action} on ${resources[action] ?? '*'} is not allowed (AccessDenied`))
    expect(policyIn(caveats.at(-1) ?? '').Statement.flatMap(({ Action }) => Action)).toContain(action)
  })

  test('all that is asked for stands in the policy, and nothing else but the names for a hint', async () => {
    endpoint.faults.denied.add('pricing:GetProducts')
    const { caveats } = await read()
    const asked = new Set(endpoint.asked.map(({ action }) => action))
    asked.delete('sts:GetCallerIdentity')
    asked.add('ecs:ListServices')
    expect(
      policyIn(caveats.at(-1) ?? '')
        .Statement.flatMap(({ Action }) => Action)
        .sort(),
    ).toEqual([...asked].sort())
  })
})

test('a role is taken on before anything is asked', async () => {
  const arn = 'arn:aws:iam::210987654321:role/perf-read'
  endpoint.world.roles.set(arn, 'ASIAROLE')
  const role = { arn, session: 'perf-run-7' }
  const { announcement, read: readIt } = await ecsSource({ cluster, service, endpoint: endpoint.url, region: 'eu-central-1', role })
  expect(announcement).toContain('as arn:aws:sts::210987654321:assumed-role/perf-read/perf-run-7')
  await readIt(loads, never)
  const others = endpoint.asked.filter(({ action }) => action !== 'sts:AssumeRole')
  expect(new Set(others.map(({ key }) => key))).toEqual(new Set(['ASIAROLE']))
})

test('Ctrl-C ends the reading', async () => {
  const reading = new AbortController()
  const { read: readIt } = await source()
  reading.abort()
  await expect(readIt(loads, reading.signal)).rejects.toThrow("can't be read")
  expect(asks('pricing:GetProducts')).toBe(0)
})
