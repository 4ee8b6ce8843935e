/** The script that perf writes for the AWS CLI, run by bash against a stand-in for AWS, and what is there afterwards. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-application-auto-scaling'
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { execa } from 'execa'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { awsCli } from '../../../../budgets/advice/infrastructure/aws-cli.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { aRecommendation, hostileName, situations } from '../../../support/a-recommendation.ts'
import { hasMoto, type Moto, startMoto } from '../../../support/moto.ts'
import { hasAwsCli, pathWithPython } from '../../../support/python.ts'

const scratch = mkdtempSync(join(tmpdir(), 'perf-aws-cli-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const runScript = async (recommendation: Recommendation | undefined, env: Readonly<Record<string, string>>) => {
  const files = recommendation && awsCli(recommendation)
  if (files === undefined || 'because' in files) throw new Error('no script was written')
  writeFileSync(join(scratch, 'apply.sh'), files[0]?.text ?? '')
  return execa('bash', ['apply.sh'], { cwd: scratch, env, extendEnv: false, reject: false, stdin: 'ignore' })
}

describe.skipIf(!hasMoto || !hasAwsCli)('the AWS CLI on moto', () => {
  let moto: Moto
  const clients = () => {
    const settings = { endpoint: moto.url, region: moto.region, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } }
    return { ecs: new ECSClient(settings), scaling: new ApplicationAutoScalingClient(settings), alarms: new CloudWatchClient(settings) }
  }
  const environment = () => ({ ...moto.environment, PATH: pathWithPython, HOME: scratch })

  beforeAll(async () => {
    moto = await startMoto()
  })
  afterAll(() => moto?.stop())
  beforeEach(async () => {
    await moto.reset()
    const { ecs } = clients()
    await ecs.send(new CreateClusterCommand({ clusterName: 'prod' }))
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'shop',
        cpu: '1024',
        memory: '2048',
        networkMode: 'bridge',
        executionRoleArn: 'arn:aws:iam::123456789012:role/pull',
        containerDefinitions: [{ name: 'app', image: 'app:1', environment: [{ name: 'QUOTE', value: hostileName }], portMappings: [{ containerPort: 80 }] }],
        tags: [
          { key: 'owner', value: 'shop team' },
          { key: 'perf:sized-by', value: 'an earlier run' },
        ],
      }),
    )
    await ecs.send(new CreateServiceCommand({ cluster: 'prod', serviceName: 'shop', taskDefinition: 'shop:1', desiredCount: 2 }))
  })
  const target = { ServiceNamespace: 'ecs' as const, ResourceId: 'service/prod/shop' }

  test('the size is another, and all else of the definition is as it was', async () => {
    expect(await runScript(situations['size only'], environment())).toMatchObject({ exitCode: 0, stderr: '' })
    const { ecs } = clients()
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['shop'] }))
    expect(services?.[0]?.taskDefinition).toMatch(/shop:2$/)
    const before = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'shop:1' }))
    const after = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'shop:2', include: ['TAGS'] }))
    expect(after.taskDefinition).toMatchObject({ cpu: '512', memory: '1024', networkMode: 'bridge', executionRoleArn: 'arn:aws:iam::123456789012:role/pull' })
    expect(after.taskDefinition?.containerDefinitions).toEqual(before.taskDefinition?.containerDefinitions)
    expect(after.tags?.toSorted((a, b) => (a.key ?? '').localeCompare(b.key ?? ''))).toEqual([
      { key: 'owner', value: 'shop team' },
      { key: 'perf:service', value: 'shop' },
      { key: 'perf:sized-by', value: 'runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx' },
    ])
  })

  test('bounds, target and schedule are those that were recommended', async () => {
    const { scaling: of } = situations['scheduled and size'] ?? aRecommendation()
    const recommendation = aRecommendation({ size: undefined, scaling: of && { ...of, target: { metric: 'requests', value: 40 } } })
    expect(await runScript(recommendation, environment())).toMatchObject({ exitCode: 0, stderr: '' })
    const { scaling } = clients()
    expect((await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))).ScalableTargets).toMatchObject([
      { ResourceId: 'service/prod/shop', MinCapacity: 4, MaxCapacity: 13 },
    ])
    expect((await scaling.send(new DescribeScalingPoliciesCommand(target))).ScalingPolicies).toMatchObject([
      {
        PolicyName: 'perf-shop',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 2400,
          PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget', ResourceLabel: recommendation.resourceLabel },
          ScaleOutCooldown: 60,
          ScaleInCooldown: 300,
        },
      },
    ])
    const { ScheduledActions = [] } = await scaling.send(new DescribeScheduledActionsCommand(target))
    expect(
      ScheduledActions.map(({ Schedule, ScalableTargetAction }) => [Schedule, ScalableTargetAction?.MinCapacity, ScalableTargetAction?.MaxCapacity]),
    ).toEqual([
      ['at(2026-11-27T06:00:00)', 13, 20],
      ['at(2026-11-27T22:00:00)', 4, 13],
      ['cron(45 7 ? * MON-FRI *)', 6, 13],
      ['cron(0 20 ? * MON-FRI *)', 4, 13],
    ])
  })

  test('steps have an alarm for each direction that starts them', async () => {
    expect(await runScript({ ...(situations['p95 steps'] ?? aRecommendation()), size: undefined }, environment())).toMatchObject({ exitCode: 0, stderr: '' })
    const { scaling, alarms } = clients()
    const { ScalingPolicies = [] } = await scaling.send(new DescribeScalingPoliciesCommand(target))
    const { MetricAlarms = [] } = await alarms.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'perf-' }))
    expect(MetricAlarms.toSorted((a, b) => (a.AlarmName ?? '').localeCompare(b.AlarmName ?? ''))).toMatchObject([
      { AlarmName: 'perf-shop-in-alarm', MetricName: 'RequestCountPerTarget', Threshold: 1632, EvaluationPeriods: 15 },
      { AlarmName: 'perf-shop-out-alarm', MetricName: 'TargetResponseTime', ExtendedStatistic: 'p95', Threshold: 0.2, EvaluationPeriods: 3 },
    ])
    for (const direction of ['in', 'out'])
      expect(MetricAlarms.find(({ AlarmName }) => AlarmName === `perf-shop-${direction}-alarm`)?.AlarmActions).toEqual([
        ScalingPolicies.find(({ PolicyName }) => PolicyName === `perf-shop-${direction}`)?.PolicyARN,
      ])
  })

  test('in another account nothing is changed', async () => {
    const deployment = { kind: 'ecs', cluster: 'prod', service: 'shop', region: 'eu-central-1', account: '999999999999' } as const
    const { exitCode, stderr } = await runScript(aRecommendation({ deployment }), environment())
    expect([exitCode, stderr]).toEqual([1, 'These are credentials of account 123456789012, and the service is in 999999999999. Nothing was changed.'])
    expect((await clients().scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))).ScalableTargets).toEqual([])
  })
})

describe('what was not told', () => {
  test('must be given, before anything is asked or changed', async () => {
    const { exitCode, stderr } = await runScript(situations['scaling only, nothing told'], { PATH: process.env.PATH ?? '' })
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('CLUSTER: Set it to the name of the ECS cluster')
  })
})

describe('a hostile name', () => {
  test('reaches the AWS CLI as it is, and nothing of it is run', async () => {
    // An aws that keeps its arguments, each ended by a NUL, and answers with the account.
    const folder = mkdtempSync(join(scratch, 'aws-'))
    writeFileSync(join(folder, 'aws'), `#!/bin/sh\nprintf '%s\\0' "$@" >> ${join(folder, 'asked')}\necho 123456789012\n`, { mode: 0o755 })
    const { exitCode } = await runScript(situations['hostile names'], { PATH: `${folder}:${process.env.PATH ?? ''}` })
    expect(exitCode).toBe(0)
    const asked = readFileSync(join(folder, 'asked'), 'utf8').split('\0')
    expect(asked[asked.indexOf('--cluster') + 1]).toBe(hostileName)
    expect(asked[asked.indexOf('--resource-id') + 1]).toBe(`service/${hostileName}/${hostileName}`)
    expect(asked[asked.indexOf('--scheduled-action-name') + 1]).toMatch(/^[A-Za-z0-9-]+$/)
    expect(existsSync(join(scratch, 'x'))).toBe(false)
  })
})
