import type { MetricAlarm } from '@aws-sdk/client-cloudwatch'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ecsSource } from '../../../../runner/deployments/ecs/ecs.ts'
import { addAlarms, anAlarm, aPolicy, aServiceWorld, aStepPolicy, cluster, service } from '../../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../../support/aws-endpoint/endpoint.ts'

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
  endpoint = await startEndpoint(aServiceWorld())
})
afterEach(() => endpoint.stop())

/** Without a load, so that there is nothing to say of CloudWatch's points. */
const read = async () => (await ecsSource({ cluster, service, endpoint: endpoint.url, region: endpoint.world.region })).read([], never)

test('steps are read with the alarm that they count from', async () => {
  const { world } = endpoint
  world.policies = [aStepPolicy(world, 'out', 'web-busy', { AdjustmentType: 'PercentChangeInCapacity', MinAdjustmentMagnitude: 2 })]
  world.alarms = [anAlarm(world, 'web-busy', 'out', { EvaluationPeriods: 5, DatapointsToAlarm: 3, ComparisonOperator: 'GreaterThanOrEqualToThreshold' })]
  const { policies, caveats } = await read()
  expect(policies).toMatchObject([
    {
      name: 'out',
      type: 'step',
      metric: 'alarm web-busy',
      scaleOutCooldown: 120,
      steps: {
        by: 'percent',
        least: 2,
        aggregation: 'Average',
        steps: [
          { from: 0, until: 20, change: 1 },
          { from: 20, change: 3 },
        ],
      },
      alarms: [{ name: 'web-busy', limit: { is: 'at least', threshold: 60 }, points: { needed: 3, of: 5 }, period: 60 }],
    },
  ])
  expect(caveats).toEqual([])
})

test('a policy without a word of its cooldown waits 300 s', async () => {
  const { world } = endpoint
  const { Cooldown: _, ...step } = aStepPolicy(world, 'out', 'web-busy').StepScalingPolicyConfiguration ?? {}
  world.policies = [{ ...aStepPolicy(world, 'out', 'web-busy'), StepScalingPolicyConfiguration: step }]
  expect((await read()).policies).toMatchObject([{ scaleOutCooldown: 300, scaleInCooldown: 300 }])
})

test('more names than a request may carry are asked for in several', async () => {
  const { world } = endpoint
  for (let index = 0; index < 60; index++) {
    world.policies.push(aPolicy(world, `p${index}`))
    addAlarms(world, `p${index}`)
  }
  const { policies, caveats } = await read()
  expect(policies.flatMap(({ alarms = [] }) => alarms)).toHaveLength(122)
  expect(caveats).toEqual([])
  const asked = endpoint.asked.filter(({ action }) => action === 'cloudwatch:DescribeAlarms')
  // A page holds fifty.
  expect(asked.map(({ input }) => input.AlarmNames.length)).toEqual([100, 100, 22])
})

describe('what an alarm looks at', () => {
  const watchedIn = async () => (await read()).policies[0]?.alarms?.[0]?.watched
  const stat = (MetricName: string, Stat: string) => ({ Metric: { Namespace: 'AWS/ECS', MetricName, Dimensions: [] }, Period: 60, Stat })

  const queries: readonly (readonly [title: string, alarm: Partial<MetricAlarm>, watched: object])[] = [
    [
      'an expression over metrics',
      {
        Metrics: [
          { Id: 'e', Expression: 'm1 / m2' },
          { Id: 'm1', MetricStat: stat('A', 'Sum') },
        ],
      },
      { kind: 'expression', words: 'm1 / m2' },
    ],
    [
      'one metric that is written as a query',
      { Metrics: [{ Id: 'm1', MetricStat: stat('CPUUtilization', 'p90') }] },
      { kind: 'metric', name: 'CPUUtilization', statistic: 'p90' },
    ],
    [
      'a band that CloudWatch has learnt',
      {
        ThresholdMetricId: 'ad1',
        Metrics: [
          { Id: 'm1', MetricStat: stat('A', 'Average') },
          { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' },
        ],
      },
      { kind: 'band', words: 'ANOMALY_DETECTION_BAND(m1, 2)' },
    ],
  ]
  test.each(queries)('%s', async (_, more, expected) => {
    const { world } = endpoint
    const { Namespace: __, MetricName: ___, Statistic: ____, Period: _____, ...bare } = anAlarm(world, 'web-busy', 'out')
    world.policies = [aStepPolicy(world, 'out', 'web-busy')]
    world.alarms = [{ ...bare, ...more }]
    expect(await watchedIn()).toMatchObject(expected)
  })

  test('an alarm over other alarms', async () => {
    const { world } = endpoint
    world.policies = [aStepPolicy(world, 'out', 'web-ill')]
    world.compositeAlarms = [{ AlarmName: 'web-ill', AlarmRule: 'ALARM(a) OR ALARM(b)', StateValue: 'OK', ActionsEnabled: true, AlarmActions: ['arn:x'] }]
    expect(await watchedIn()).toEqual({ kind: 'composite', words: 'ALARM(a) OR ALARM(b)' })
  })
})

describe('what keeps a policy from acting is said', () => {
  test.each([
    [
      'actions that are switched off',
      { ActionsEnabled: false },
      /^The alarm web-busy never fires, because its actions are switched off, so policy out does not act on it\. Switch/,
    ],
    [
      'a metric that nobody sends',
      { StateValue: 'INSUFFICIENT_DATA' },
      /^The alarm web-busy never fires, because CloudWatch has no data for it since 2026-01-01T00:00:00\.000Z, so policy out does not act on it\. Compare/,
    ],
  ] as const)('%s', async (_, more, sentence) => {
    const { world } = endpoint
    world.policies = [aStepPolicy(world, 'out', 'web-busy')]
    world.alarms = [anAlarm(world, 'web-busy', 'out', more)]
    expect((await read()).caveats).toEqual([expect.stringMatching(sentence)])
  })

  test('alarms that were deleted meanwhile', async () => {
    endpoint.world.alarms = endpoint.world.alarms.filter(({ AlarmName }) => AlarmName !== 'TargetTracking-cpu-AlarmHigh')
    const { policies, caveats } = await read()
    expect(policies[0]).toMatchObject({ goneAlarms: ['TargetTracking-cpu-AlarmHigh'], alarms: [{ name: 'TargetTracking-cpu-AlarmLow' }] })
    expect(caveats).toEqual([expect.stringMatching(/^The alarm TargetTracking-cpu-AlarmHigh of policy cpu is not there any more, so it never asks\./)])
  })

  test('a policy that no alarm asks', async () => {
    const { world } = endpoint
    world.policies = [{ ...aStepPolicy(world, 'out', 'x'), Alarms: [] }]
    expect((await read()).caveats).toEqual([expect.stringMatching(/^Policy out never acts, because no alarm asks it to\./)])
  })

  test('alarms that may not be read are unknown, and not missing', async () => {
    endpoint.faults.denied.add('cloudwatch:DescribeAlarms')
    const { policies, caveats } = await read()
    expect(policies[0]).not.toHaveProperty('alarms')
    expect(policies[0]).not.toHaveProperty('goneAlarms')
    expect(caveats.filter((each) => each.startsWith('Policy') || each.startsWith('The alarm TargetTracking'))).toEqual([])
  })
})

test('alarms that tell somebody are those on the metrics of this service and its balancer that ask no policy', async () => {
  const { world } = endpoint
  const topic = { AlarmActions: ['arn:aws:sns:eu-central-1:123456789012:on-call'] }
  const balancer = { Name: 'LoadBalancer', Value: 'app/shop/50dc6c495c0c9188' }
  world.alarms.push(
    anAlarm(world, 'cpu-high', 'none', { Threshold: 85, ...topic }),
    anAlarm(world, 'cpu-of-another', 'none', {
      ...topic,
      Dimensions: [
        { Name: 'ClusterName', Value: cluster },
        { Name: 'ServiceName', Value: 'api' },
      ],
    }),
    anAlarm(world, 'slow', 'none', { ...topic, Namespace: 'AWS/ApplicationELB', MetricName: 'TargetResponseTime', Dimensions: [balancer] }),
    anAlarm(world, 'slow-group', 'none', {
      ...topic,
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'TargetResponseTime',
      Dimensions: [{ Name: 'TargetGroup', Value: 'targetgroup/web/6d0ecf831eec9f09' }, balancer],
    }),
  )
  expect((await read()).watching?.map(({ name }) => name)).toEqual(['cpu-high', 'slow', 'slow-group'])
})
