/** An account with one service of ECS in it, behind a load balancer and scaled: as AWS would tell of it. */
import type { ScalingActivity, ScalingPolicy, StepScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling'
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch'
import type { Task } from '@aws-sdk/client-ecs'
import { anEmptyWorld, arnOf, type World } from './world.ts'

export const cluster = 'shop'
export const service = 'web'
export const resource = {
  ServiceNamespace: 'ecs',
  ResourceId: `service/${cluster}/${service}`,
  ScalableDimension: 'ecs:service:DesiredCount',
} as const
/** Before anything that tests look at. */
const created = new Date('2026-01-01T00:00:00Z')

/** Seconds after it was asked for at which its image was begun to be pulled, was pulled, and it ran. */
type Moments = { readonly createdAt: Date; readonly pulling: number; readonly pulled: number; readonly started: number }

export const aTask = (world: World, index: number, { createdAt, pulling, pulled, started }: Moments): Task => {
  const after = (seconds: number): Date => new Date(createdAt.getTime() + seconds * 1000)
  return {
    taskArn: arnOf(world, 'ecs', `task/${cluster}/${index.toString(16).padStart(32, '0')}`),
    clusterArn: arnOf(world, 'ecs', `cluster/${cluster}`),
    taskDefinitionArn: arnOf(world, 'ecs', 'task-definition/web:7'),
    group: `service:${service}`,
    startedBy: 'ecs-svc/1',
    desiredStatus: 'RUNNING',
    lastStatus: 'RUNNING',
    launchType: 'FARGATE',
    createdAt,
    pullStartedAt: after(pulling),
    pullStoppedAt: after(pulled),
    startedAt: after(started),
  }
}

const policyArn = (world: World, name: string): string => arnOf(world, 'autoscaling', `scalingPolicy:1:resource/ecs/${resource.ResourceId}:policyName/${name}`)

/** On the service's CPU, above 60 % in 3 of 3 minutes; it asks the policy of that name. */
export const anAlarm = (world: World, AlarmName: string, policy: string, more: Partial<MetricAlarm> = {}): MetricAlarm => ({
  AlarmName,
  AlarmArn: arnOf(world, 'cloudwatch', `alarm:${AlarmName}`),
  ActionsEnabled: true,
  AlarmActions: [policyArn(world, policy)],
  StateValue: 'OK',
  StateTransitionedTimestamp: created,
  Namespace: 'AWS/ECS',
  MetricName: 'CPUUtilization',
  Dimensions: [
    { Name: 'ClusterName', Value: cluster },
    { Name: 'ServiceName', Value: service },
  ],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: 60,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'missing',
  ...more,
})

const namesOf = (policy: string): readonly [high: string, low: string] => [`TargetTracking-${policy}-AlarmHigh`, `TargetTracking-${policy}-AlarmLow`]

/** As AWS makes them for a policy of target tracking at 60 %. */
export const addAlarms = (world: World, policy: string): void => {
  const [high, low] = namesOf(policy)
  world.alarms.push(
    anAlarm(world, high, policy),
    anAlarm(world, low, policy, { Threshold: 54, ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 15, StateValue: 'ALARM' }),
  )
}

export const aPolicy = (world: World, name: string, more: Partial<ScalingPolicy> = {}): ScalingPolicy => ({
  ...resource,
  PolicyARN: policyArn(world, name),
  PolicyName: name,
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 60,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    ScaleOutCooldown: 60,
    ScaleInCooldown: 300,
  },
  Alarms: namesOf(name).map((AlarmName) => ({ AlarmName, AlarmARN: arnOf(world, 'cloudwatch', `alarm:${AlarmName}`) })),
  CreationTime: created,
  ...more,
})

/** Of so many tasks more from so far above 60 % on, asked by an alarm of one's own. */
export const aStepPolicy = (world: World, name: string, alarm: string, more: Partial<StepScalingPolicyConfiguration> = {}): ScalingPolicy => {
  const { TargetTrackingScalingPolicyConfiguration: _, ...policy } = aPolicy(world, name)
  return {
    ...policy,
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      Cooldown: 120,
      MetricAggregationType: 'Average',
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 20, ScalingAdjustment: 3 },
      ],
      ...more,
    },
    Alarms: [{ AlarmName: alarm, AlarmARN: arnOf(world, 'cloudwatch', `alarm:${alarm}`) }],
  }
}

export const anActivity = (index: number, at: Date, to: number): ScalingActivity => ({
  ...resource,
  ActivityId: String(index),
  Description: `Setting desired count to ${to}.`,
  Cause: `monitor alarm TargetTracking-cpu-AlarmHigh in state ALARM triggered policy cpu`,
  StartTime: at,
  EndTime: new Date(at.getTime() + 40_000),
  StatusCode: 'Successful',
})

const addBalancer = (world: World): string => {
  const group = arnOf(world, 'elasticloadbalancing', 'targetgroup/web/6d0ecf831eec9f09')
  const balancer = arnOf(world, 'elasticloadbalancing', 'loadbalancer/app/shop/50dc6c495c0c9188')
  world.groups.push({ TargetGroupArn: group, TargetGroupName: 'web', HealthCheckIntervalSeconds: 15, HealthyThresholdCount: 5, LoadBalancerArns: [balancer] })
  const health = { TargetHealth: { State: 'healthy' } } as const
  world.health.set(group, [
    { Target: { Id: '10.0.0.1', Port: 80 }, ...health },
    { Target: { Id: '10.0.0.2', Port: 80 }, ...health },
  ])
  return group
}

/** A document of the price list, as it is published: prices are texts, within terms within a product. */
const aProduct = (usagetype: string, price: string): object => ({
  product: { productFamily: 'Compute', attributes: { servicecode: 'AmazonECS', usagetype, regionCode: 'eu-central-1' }, sku: usagetype },
  serviceCode: 'AmazonECS',
  terms: { OnDemand: { [`${usagetype}.T`]: { priceDimensions: { [`${usagetype}.T.D`]: { unit: 'hours', pricePerUnit: { USD: price } } } } } },
})
const addPrices = ({ prices }: World): void => {
  const products = [
    ['EUC1-Fargate-vCPU-Hours:perCPU', '0.0465600000'],
    ['EUC1-Fargate-GB-Hours', '0.0051100000'],
    ['EUC1-Fargate-ARM-vCPU-Hours:perCPU', '0.0372500000'],
    ['EUC1-Fargate-ARM-GB-Hours', '0.0040900000'],
    ['EUC1-Fargate-Windows-vCPU-Hours:perCPU', '0.1046500000'],
  ] as const
  for (const [usagetype, price] of products) prices.push({ regionCode: 'eu-central-1', document: aProduct(usagetype, price) })
}

/** What CloudWatch tells of so many minutes: CPU in percent, requests a minute, response times in seconds. */
export const addMinutes = (world: World, from: Date, minutes: number): void => {
  const each = (value: (minute: number) => number) => Array.from({ length: minutes }, (_, minute) => [from.getTime() + minute * 60_000, value(minute)] as const)
  const of = { namespace: 'AWS/ECS', dimensions: [`ClusterName=${cluster}`, `ServiceName=${service}`] }
  const front = { namespace: 'AWS/ApplicationELB', dimensions: ['LoadBalancer=app/shop/50dc6c495c0c9188'] }
  world.metrics.push(
    { ...of, metric: 'CPUUtilization', points: { Average: each((minute) => 40 + minute), Maximum: each((minute) => 45 + minute) } },
    { ...of, metric: 'MemoryUtilization', points: { Average: each(() => 30), Maximum: each(() => 31) } },
    { ...front, metric: 'RequestCount', points: { Sum: each(() => 3000) } },
    { ...front, metric: 'TargetResponseTime', points: { Average: each(() => 0.02), p95: each(() => 0.05) } },
  )
}

/** Two tasks of half a CPU and 1 GB on Graviton, scaled by CPU between 2 and 10; each took 41 to 62 s to start. */
export const aServiceWorld = (now: Date = new Date('2026-11-22T12:00:00Z')): World => {
  const world = anEmptyWorld()
  world.clusters.add(cluster)
  const group = addBalancer(world)
  world.taskDefinitions.push({
    taskDefinitionArn: arnOf(world, 'ecs', 'task-definition/web:7'),
    family: 'web',
    revision: 7,
    cpu: '512',
    memory: '1024',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
    containerDefinitions: [{ name: 'web', image: 'web:1', stopTimeout: 30 }],
  })
  world.services.push({
    serviceArn: arnOf(world, 'ecs', `service/${cluster}/${service}`),
    serviceName: service,
    clusterArn: arnOf(world, 'ecs', `cluster/${cluster}`),
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    launchType: 'FARGATE',
    schedulingStrategy: 'REPLICA',
    taskDefinition: arnOf(world, 'ecs', 'task-definition/web:7'),
    loadBalancers: [{ targetGroupArn: group, containerName: 'web', containerPort: 80 }],
  })
  const createdAt = new Date(now.getTime() - 3_600_000)
  world.tasks.push(
    aTask(world, 1, { createdAt, pulling: 14, pulled: 30.5, started: 41.2 }),
    aTask(world, 2, { createdAt, pulling: 15, pulled: 50, started: 62 }),
  )
  world.targets.push({ ...resource, MinCapacity: 2, MaxCapacity: 10, RoleARN: 'arn:aws:iam::123456789012:role/scaling', CreationTime: created })
  world.policies.push(aPolicy(world, 'cpu'))
  addAlarms(world, 'cpu')
  addPrices(world)
  return world
}
