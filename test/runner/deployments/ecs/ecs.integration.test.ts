/** What takes the SDK's patience, and what moto, which somebody else wrote, makes of our requests. */
import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling'
import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Deployment } from '../../../../runner/deployments/deployment.ts'
import { ecsSource } from '../../../../runner/deployments/ecs/ecs.ts'
import { addMinutes, aServiceWorld, cluster, service } from '../../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../../support/aws-endpoint/endpoint.ts'
import { hasMoto, type Moto, startMoto } from '../../../support/moto.ts'

const minute = 60_000
const begin = Math.floor(Date.now() / minute) * minute - 60 * minute
const loads = [{ from: new Date(begin).toISOString(), until: new Date(begin + 5 * minute).toISOString() }]
const never = new AbortController().signal

const needed = [
  'sts:GetCallerIdentity',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
]
const optional = [
  'application-autoscaling:DescribeScheduledActions',
  'application-autoscaling:DescribeScalingActivities',
  'ecs:ListTasks',
  'ecs:DescribeTasks',
  'cloudwatch:GetMetricData',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:DescribeAlarmsForMetric',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'pricing:GetProducts',
]

describe('an endpoint that fails', () => {
  beforeAll(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })

  /** Against an endpoint of its own, so that all of them wait at once. */
  const readFrom = async (prepare: (endpoint: Endpoint) => void): Promise<{ readonly deployment: Deployment; readonly asked: readonly string[] }> => {
    const world = aServiceWorld(new Date(begin))
    addMinutes(world, new Date(begin), 5)
    const endpoint = await startEndpoint(world)
    prepare(endpoint)
    try {
      const { read } = await ecsSource({ cluster, service, endpoint: endpoint.url, region: world.region })
      const { readAt, ...deployment } = await read(loads, never)
      return { deployment: deployment as Deployment, asked: endpoint.asked.map(({ action }) => action) }
    } finally {
      await endpoint.stop()
    }
  }

  test('each action throttled twice, in turn: what is read is the same', async () => {
    const { deployment } = await readFrom(() => {})
    expect(deployment.caveats).toEqual([])
    await Promise.all(
      [...needed, ...optional].map(async (action) => {
        const throttled = await readFrom(({ faults }) => faults.throttled.set(action, 2))
        expect(throttled.deployment, action).toEqual(deployment)
        expect(throttled.asked.filter((each) => each === action).length, action).toBeGreaterThanOrEqual(3)
      }),
    )
  })

  test('each action answered with a page and status 500, in turn: fatal when it is needed, said when it is not', async () => {
    const said = 'was answered with status 500 by something that does not speak as AWS does'
    await Promise.all([
      ...needed.map(async (action) => {
        const reading = readFrom(({ faults }) => faults.garbled.add(action))
        await expect(reading, action).rejects.toMatchObject({
          exitCode: 5,
          message: expect.stringMatching(new RegExp(`can't be read: ${action} on .* ${said}`)),
        })
      }),
      ...optional.map(async (action) => {
        const { deployment } = await readFrom(({ faults }) => faults.garbled.add(action))
        expect(deployment.caveats, action).toEqual([expect.stringMatching(new RegExp(`unknown, because ${action} on .* ${said}`))])
      }),
    ])
  })
})

describe.skipIf(!hasMoto)('moto', () => {
  let moto: Moto
  let deployment: Deployment
  let label: string
  beforeAll(async () => {
    moto = await startMoto({ MOTO_ECS_SERVICE_RUNNING: '3' })
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value)
    // It lacks two actions, and answers those the same however often it is asked.
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2')
    label = await furnish(moto)
    const { read } = await ecsSource({ cluster, service })
    deployment = await read(loads, never)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await moto?.stop()
  })

  test('what was made there is what is read', () => {
    expect(deployment).toMatchObject({
      name: { kind: 'ecs', cluster, service, region: 'eu-central-1', account: '123456789012' },
      architecture: 'arm',
      size: { vcpu: 0.5, gigabytes: 1 },
      instances: { desired: 3, minimum: 2, maximum: 10 },
      policies: [
        { name: 'cpu', type: 'target-tracking', metric: 'ECSServiceAverageCPUUtilization', target: 60, scaleOutCooldown: 60, scaleInCooldown: 300 },
        {
          name: 'busy',
          type: 'step',
          metric: 'alarm web-busy',
          scaleOutCooldown: 120,
          steps: {
            by: 'percent',
            least: 2,
            steps: [
              { from: 0, until: 15, change: 50 },
              { from: 15, change: 100 },
            ],
          },
        },
      ],
      schedules: [{ name: 'launch', expression: 'cron(0 8 * * ? *)', minimum: 6, maximum: 20 }],
      afterStart: { seconds: 10 },
      resourceLabel: label,
    })
  })

  test('the alarms that ask a policy are told with it, those that AWS makes and those that somebody made', () => {
    const [tracking, steps] = deployment.policies
    expect(tracking?.alarms?.map(({ name }) => /Alarm(High|Low)/.exec(name)?.[1])).toEqual(['High', 'Low'])
    expect(tracking?.alarms).toMatchObject([
      { watched: { namespace: 'AWS/ECS', name: 'CPUUtilization', statistic: 'Average' }, period: 60, points: { needed: 3, of: 3 }, limit: { is: 'above' } },
      { watched: { name: 'CPUUtilization' }, period: 60, points: { needed: 15, of: 15 }, limit: { is: 'below' } },
    ])
    expect(steps?.alarms).toMatchObject([
      { name: 'web-busy', period: 60, points: { needed: 2, of: 3 }, limit: { is: 'at least', threshold: 75 }, missingData: 'notBreaching', isActing: true },
    ])
  })

  test('an alarm that tells somebody is told beside them', () => {
    expect(deployment.watching?.map(({ name }) => name)).toEqual(['web-on-call'])
  })

  test('CPU in percent is a share, by the minute', () => {
    const cpu = deployment.series.find(({ name }) => name === 'ecs.cpu_max')
    expect(cpu?.points).toEqual([0, 1, 2].map((index) => ({ at: new Date(begin + index * minute).toISOString(), value: (50 + index) / 100 })))
  })

  test('what it lacks is said, and fails nothing', () => {
    expect(deployment.startUps).toEqual([])
    expect(deployment.caveats).toContainEqual(expect.stringContaining('What scaled it is unknown, because application-autoscaling:DescribeScalingActivities'))
    expect(deployment.caveats).toContainEqual(expect.stringContaining("AWS's present price is unknown, because pricing:GetProducts"))
    expect(deployment.caveats).toContainEqual(expect.stringContaining('Start-up times are unknown'))
  })

  test('a service that it does not have is missing', async () => {
    const { read } = await ecsSource({ cluster, service: 'wbe' })
    await expect(read(loads, never)).rejects.toThrow('Cluster shop has no service "wbe" (account 123456789012, eu-central-1). There is web.')
  })
})

/** Makes what `aServiceWorld` describes. @returns the label that request counts need */
const furnish = async ({ url }: Moto): Promise<string> => {
  const [ecs, scaling, watch, balancing] = [
    new ECSClient({}),
    new ApplicationAutoScalingClient({}),
    new CloudWatchClient({}),
    new ElasticLoadBalancingV2Client({}),
  ]
  const { Subnets, Group } = await networkOf(url)
  const { LoadBalancers: [balancer] = [] } = await balancing.send(new CreateLoadBalancerCommand({ Name: 'shop', Subnets, SecurityGroups: [Group] }))
  const { TargetGroups: [group] = [] } = await balancing.send(
    new CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: balancer?.VpcId, TargetType: 'ip', HealthCheckIntervalSeconds: 10 }),
  )
  await balancing.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: group?.TargetGroupArn }],
    }),
  )
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }))
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      cpu: '512',
      memory: '1024',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      containerDefinitions: [{ name: 'web', image: 'web:1', portMappings: [{ containerPort: 80 }] }],
    }),
  )
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName: service,
      taskDefinition: 'web',
      desiredCount: 3,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: Subnets, securityGroups: [Group] } },
      loadBalancers: [{ targetGroupArn: group?.TargetGroupArn, containerName: 'web', containerPort: 80 }],
    }),
  )
  const Dimensions = Object.entries({ ClusterName: cluster, ServiceName: service }).map(([Name, Value]) => ({ Name, Value }))
  const scalable = { ServiceNamespace: 'ecs', ResourceId: `service/${cluster}/${service}`, ScalableDimension: 'ecs:service:DesiredCount' } as const
  await scaling.send(new RegisterScalableTargetCommand({ ...scalable, MinCapacity: 2, MaxCapacity: 10 }))
  await scaling.send(
    new PutScalingPolicyCommand({
      ...scalable,
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 60,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
      },
    }),
  )
  const { PolicyARN = '' } = await scaling.send(
    new PutScalingPolicyCommand({
      ...scalable,
      PolicyName: 'busy',
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'PercentChangeInCapacity',
        MinAdjustmentMagnitude: 2,
        Cooldown: 120,
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 15, ScalingAdjustment: 50 },
          { MetricIntervalLowerBound: 15, ScalingAdjustment: 100 },
        ],
      },
    }),
  )
  const onCpu = { Namespace: 'AWS/ECS', MetricName: 'CPUUtilization', Statistic: 'Average', Period: 60, Dimensions } as const
  await watch.send(
    new PutMetricAlarmCommand({
      ...onCpu,
      AlarmName: 'web-busy',
      AlarmActions: [PolicyARN],
      Threshold: 75,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    }),
  )
  await watch.send(
    new PutMetricAlarmCommand({
      ...onCpu,
      AlarmName: 'web-on-call',
      AlarmActions: ['arn:aws:sns:eu-central-1:123456789012:on-call'],
      Threshold: 90,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 5,
    }),
  )
  await scaling.send(
    new PutScheduledActionCommand({
      ...scalable,
      ScheduledActionName: 'launch',
      Schedule: 'cron(0 8 * * ? *)',
      ScalableTargetAction: { MinCapacity: 6, MaxCapacity: 20 },
    }),
  )
  for (let index = 0; index < 3; index++)
    await watch.send(
      new PutMetricDataCommand({
        Namespace: 'AWS/ECS',
        MetricData: [{ MetricName: 'CPUUtilization', Dimensions, Timestamp: new Date(begin + index * minute + 5000), Value: 50 + index }],
      }),
    )
  for (const client of [ecs, scaling, watch, balancing]) client.destroy()
  const end = (arn = ''): string => arn.split(':').at(-1) ?? ''
  return `${end(balancer?.LoadBalancerArn).replace('loadbalancer/', '')}/${end(group?.TargetGroupArn)}`
}

/** The subnets and the group that moto has from the beginning; without the client of EC2, which nothing else here needs. */
const networkOf = async (url: string): Promise<{ readonly Subnets: string[]; readonly Group: string }> => {
  const ask = async (action: string): Promise<string> => {
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/eu-central-1/ec2/aws4_request',
      'content-type': 'application/x-www-form-urlencoded',
    }
    return (await fetch(url, { method: 'POST', headers, body: `Action=${action}&Version=2016-11-15` })).text()
  }
  const Subnets = [...(await ask('DescribeSubnets')).matchAll(/<subnetId>([^<]+)/g)].map(([, id = '']) => id)
  const [, Group = ''] = /<groupId>([^<]+)/.exec(await ask('DescribeSecurityGroups')) ?? []
  return { Subnets, Group }
}
