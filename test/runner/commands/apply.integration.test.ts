import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ApplicationAutoScaling, type PutScalingPolicyCommandInput } from '@aws-sdk/client-application-auto-scaling'
import { ECS } from '@aws-sdk/client-ecs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Recommendation } from '../../../budgets/advice/recommendation.ts'
import { recommendation as aChange, scaling as advised } from '../../support/a-change.ts'
import { type Applying, applyingTo } from '../../support/apply-here.ts'
import { hasMoto, type Moto, startMoto } from '../../support/moto.ts'

const of = { ServiceNamespace: 'ecs', ResourceId: 'service/shop/web', ScalableDimension: 'ecs:service:DesiredCount' } as const
const recommendation: Recommendation = {
  ...aChange,
  scaling: { ...advised, scheduled: [{ name: 'launch', from: '2030-11-27T07:00:00', until: '2030-11-27T10:00:00', minimum: 13, maximum: 20 }] },
  size: { vcpu: 1, gigabytes: 2, architecture: 'x86', instances: 5, because: 'It fits.' },
}

describe.skipIf(!hasMoto)('perf apply on moto', () => {
  let moto: Moto
  let ecs: ECS
  let scaling: ApplicationAutoScaling
  let applying: Applying
  beforeAll(async () => {
    moto = await startMoto({ MOTO_ECS_SERVICE_RUNNING: '2' })
    // Newer than what is deployed below.
    applying = await applyingTo(moto.environment, { startedAt: '2030-01-01T00:00:00.000Z' })
    applying.advise(recommendation)
    ecs = new ECS({})
    scaling = new ApplicationAutoScaling({})
  })
  afterAll(async () => {
    ecs?.destroy()
    scaling?.destroy()
    applying?.end()
    await moto?.stop()
  })
  beforeEach(async () => {
    await ecs.createCluster({ clusterName: 'shop' })
    const containers = [{ name: 'web', image: 'web:1', memory: 1024, environment: [{ name: 'LEVEL', value: 'info' }] }]
    const revision = { family: 'web', cpu: '512', memory: '1024', networkMode: 'bridge', requiresCompatibilities: ['FARGATE'] } as const
    await ecs.registerTaskDefinition({ ...revision, requiresCompatibilities: ['FARGATE'], containerDefinitions: containers })
    await ecs.createService({ cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 2, launchType: 'FARGATE' })
  })
  afterEach(() => moto.reset())

  const scaled = async (...policies: Partial<PutScalingPolicyCommandInput>[]): Promise<void> => {
    await scaling.registerScalableTarget({ ...of, MinCapacity: 2, MaxCapacity: 10 })
    for (const policy of policies) await scaling.putScalingPolicy({ ...of, PolicyName: 'cpu', ...policy })
  }
  const tracking = (value: number): Partial<PutScalingPolicyCommandInput> => ({
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: value,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      ScaleOutCooldown: 30,
      ScaleInCooldown: 600,
    },
  })
  /** As a plain client of the SDK reads it. */
  const read = async () => {
    const [{ ScalableTargets = [] }, { ScalingPolicies = [] }, { ScheduledActions = [] }, { services = [] }] = await Promise.all([
      scaling.describeScalableTargets(of),
      scaling.describeScalingPolicies(of),
      scaling.describeScheduledActions(of),
      ecs.describeServices({ cluster: 'shop', services: ['web'] }),
    ])
    const definition = await ecs.describeTaskDefinition({ taskDefinition: services[0]?.taskDefinition })
    return {
      bounds: ScalableTargets.map(({ MinCapacity, MaxCapacity }) => [MinCapacity, MaxCapacity]),
      policies: Object.fromEntries(
        ScalingPolicies.map(({ PolicyName = '', PolicyType, TargetTrackingScalingPolicyConfiguration, StepScalingPolicyConfiguration }) => [
          PolicyName,
          { PolicyType, TargetTrackingScalingPolicyConfiguration, StepScalingPolicyConfiguration },
        ]),
      ),
      schedules: Object.fromEntries(
        ScheduledActions.map(({ ScheduledActionName = '', Schedule, ScalableTargetAction }) => [ScheduledActionName, { Schedule, ScalableTargetAction }]),
      ),
      size: [definition.taskDefinition?.cpu, definition.taskDefinition?.memory],
      containers: definition.taskDefinition?.containerDefinitions,
      desired: services[0]?.desiredCount,
      revisions: (await ecs.listTaskDefinitions({ status: 'ACTIVE' })).taskDefinitionArns,
    }
  }
  const rollbackFile = (): string =>
    join(
      'perf-results',
      readdirSync(join(applying.cwd, 'perf-results'))
        .filter((name) => name.startsWith('rollback-'))
        .sort()
        .at(-1) ?? '',
    )
  let minute = 0
  const apply = async (...argv: string[]): Promise<void> => {
    minute += 1 // so that each file has a name of its own
    const { code, stderr } = await applying.apply([...argv, '--yes'], { now: () => new Date(Date.UTC(2030, 0, 1, 0, minute)) })
    expect([code, stderr]).toEqual([0, ''])
  }

  test('bounds, policy and schedules: applied, read back by another client, put back', async () => {
    await scaled(tracking(75))
    const before = await read()
    await apply('advice.json')
    const file = rollbackFile()
    expect(await read()).toMatchObject({
      bounds: [[4, 13]],
      policies: {
        cpu: { TargetTrackingScalingPolicyConfiguration: { TargetValue: 50, ScaleOutCooldown: 60, ScaleInCooldown: 300 } },
      },
      schedules: {
        'launch-begins': { Schedule: 'at(2030-11-27T07:00:00)', ScalableTargetAction: { MinCapacity: 13, MaxCapacity: 20 } },
        'launch-ends': { Schedule: 'at(2030-11-27T10:00:00)', ScalableTargetAction: { MinCapacity: 4, MaxCapacity: 13 } },
      },
      size: ['512', '1024'],
    })
    await apply('--rollback', file)
    expect(await read()).toEqual(before)
  })

  test('with the size: a revision that differs in its size alone, and the old one again', async () => {
    await scaled(tracking(75))
    const before = await read()
    await apply('advice.json', '--size')
    const file = rollbackFile()
    const after = await read()
    expect(after).toMatchObject({ size: ['1024', '2048'], bounds: [[5, 13]] })
    expect(after.containers).toEqual(before.containers?.map((container) => ({ ...container, memory: 2048 })))
    await apply('--rollback', file)
    expect(await read()).toEqual(before)
  })

  test('of a service that nothing scaled: nothing scales it again', async () => {
    const before = await read()
    await apply('advice.json')
    const file = rollbackFile()
    expect(await read()).toMatchObject({ bounds: [[4, 13]], policies: { 'scale-surgeon-ECSServiceAverageCPUUtilization': {} } })
    await apply('--rollback', file)
    expect(await read()).toEqual(before)
    expect(before.bounds).toEqual([])
  })

  test('what the advice does not speak of stays: steps, another schedule', async () => {
    await scaled(tracking(75), {
      PolicyName: 'steps',
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        Cooldown: 60,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
      },
    })
    const night = { Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 4 } }
    await scaling.putScheduledAction({ ...of, ScheduledActionName: 'night', ...night })
    const before = await read()
    await apply('advice.json')
    const file = rollbackFile()
    expect(await read()).toMatchObject({ policies: { steps: before.policies.steps }, schedules: { night } })
    await apply('--rollback', file)
    expect(await read()).toEqual(before)
  })

  test('put back twice: the second time there is nothing to do', async () => {
    await scaled(tracking(75))
    await apply('advice.json')
    const file = rollbackFile()
    await apply('--rollback', file)
    const { code, stdout } = await applying.apply(['--rollback', file, '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('Nothing has to be changed')
  })
})
