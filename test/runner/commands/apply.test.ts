import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeable, prose, recommendation, scaling } from '../../support/a-change.ts'
import { type Applying, applyingTo } from '../../support/apply-here.ts'
import { aServiceWorld } from '../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../support/aws-endpoint/endpoint.ts'
import type { World } from '../../support/aws-endpoint/world.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/apply.ts'

let endpoint: Endpoint
let applying: Applying
beforeEach(async () => {
  endpoint = await startEndpoint(aServiceWorld())
  applying = await applyingTo(endpoint.environment)
  applying.advise(recommendation)
})
afterEach(async () => {
  applying.end()
  await endpoint.stop()
})

const apply = (...args: Parameters<Applying['apply']>) => applying.apply(...args)
const writes = (): string[] => endpoint.asked.map(({ action }) => action).filter((action) => !/:(Describe|List|Get)/.test(action))
const rollbackFiles = (): string[] => readdirSync(join(applying.cwd, 'perf-results')).filter((name) => name.startsWith('rollback-'))
describe('what is shown before anything is written', () => {
  test('account, region, who asks, every value now and then, the cost', async () => {
    const { code, stdout } = await apply(['advice.json', '--dry-run'])
    expect(code).toBe(0)
    // What it costs is the prices' matter: twice as many tasks cost twice as much.
    const [, before, after] = /Cost: ([\d.]+) → ([\d.]+) USD a month/.exec(stdout) ?? []
    expect(Number(after) / Number(before)).toBeCloseTo(2, 2)
    expect(stdout.replace(/Cost: .*\n.*\n/, '').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:4566')).toMatchInlineSnapshot(`
      "Requests go to http://127.0.0.1:4566, which is not AWS: AWS_ENDPOINT_URL or the
      profile says so.
      Change ECS service shop/web in account 123456789012, region eu-central-1, as
      arn:aws:iam::123456789012:user/reader, by the advice from broken:
        minimum: 2 → 4
        maximum: 10 → 13
        policy cpu
          TargetValue: 60 → 50
        scheduled action launch-begins
          expression: none → at(2026-11-27T07:00:00)
          minimum: none → 13
          maximum: none → 20
        scheduled action launch-ends
          expression: none → at(2026-11-27T10:00:00)
          minimum: none → 4
          maximum: none → 13
      What scheduled actions start beyond that comes on top.
      Tasks of 1024 CPU units and 2048 MiB are recommended, too. Add --size to change
      the size as well.
      2 tasks are wanted now: 2 more start at once.
      "
    `)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('a dry run writes nothing, to AWS or to disk', async () => {
    await apply(['advice.json', '--dry-run'])
    expect(writes()).toEqual([])
    expect(rollbackFiles()).toEqual([])
  })
})

describe('consent', () => {
  test('no is no: exit 4, nothing written', async () => {
    const asked: string[] = []
    const confirm = async (question: string) => {
      asked.push(question)
      return false
    }
    const { code, stdout, stderr } = await apply(['advice.json'], { isInputTerminal: true, confirm })
    expect(code).toBe(4)
    expect(asked).toEqual([`Change ECS service shop/web (account 123456789012, eu-central-1, at ${endpoint.url}) so?`])
    expect(stdout).toContain('minimum: 2 → 4')
    expect(stderr).toContain('It was declined. Nothing was written.'.replace('It', 'it'))
    expect(writes()).toEqual([])
    expect(rollbackFiles()).toEqual([])
  })

  test('without a terminal and without --yes: exit 4, nothing written, and nobody asked', async () => {
    const { code, stderr } = await apply(['advice.json'], { confirm: async () => true })
    expect(code).toBe(4)
    expect(stderr).toContain('there is no terminal to ask at')
    expect(writes()).toEqual([])
  })

  test('a yes is for what was shown: a change meanwhile is refused', async () => {
    const confirm = async () => {
      endpoint.world.targets = endpoint.world.targets.map((target) => ({ ...target, MaxCapacity: 40 }))
      return true
    }
    const { code, stderr } = await apply(['advice.json'], { isInputTerminal: true, confirm })
    expect(code).toBe(4)
    expect(stderr).toContain('somebody else has changed it since it was shown (maximum: 10 → 40)')
    expect(writes()).toEqual([])
  })
})

describe('applying', () => {
  test('bounds first, then the policy under the name that it has, then schedules; read back', async () => {
    const { code, stdout } = await apply()
    expect(code).toBe(0)
    expect(writes().map((action) => action.split(':')[1])).toEqual(['RegisterScalableTarget', 'PutScalingPolicy', 'PutScheduledAction', 'PutScheduledAction'])
    expect(changeable(endpoint.world)).toMatchObject({
      bounds: [[4, 13]],
      policies: [{ PolicyName: 'cpu', tracking: { TargetValue: 50, ScaleOutCooldown: 60, ScaleInCooldown: 300 } }],
      schedules: [
        { ScheduledActionName: 'launch-begins', Schedule: 'at(2026-11-27T07:00:00)', ScalableTargetAction: { MinCapacity: 13, MaxCapacity: 20 } },
        { ScheduledActionName: 'launch-ends', Schedule: 'at(2026-11-27T10:00:00)', ScalableTargetAction: { MinCapacity: 4, MaxCapacity: 13 } },
      ],
    })
    expect(prose(stdout)).toContain('Read back: every value is as written.')
  })

  test('what was there is on disk before the first write', async () => {
    let seen: string[] | undefined
    endpoint.world.targets = new Proxy(endpoint.world.targets, {})
    const before = changeable(endpoint.world)
    Object.defineProperty(endpoint.faults, 'denied', {
      value: new Proxy(endpoint.faults.denied, {
        get: (set, key) =>
          key === 'has'
            ? (name: string) => {
                if (/Register|Put/.test(name)) seen ??= rollbackFiles()
                return set.has(name)
              }
            : Reflect.get(set, key),
      }),
    })
    await apply()
    expect(seen).toHaveLength(1)
    const saved = JSON.parse(readFileSync(join(applying.cwd, 'perf-results', seen?.[0] ?? ''), 'utf8'))
    expect(saved).toMatchObject({ format: 2, account: '123456789012', before: { bounds: { minimum: 2, maximum: 10 }, definition: before.definition } })
  })

  test('twice is once: the second time there is nothing to change', async () => {
    await apply()
    const first = writes().length
    const { code, stdout } = await apply()
    expect(code).toBe(0)
    expect(prose(stdout)).toContain('Nothing has to be changed')
    expect(writes()).toHaveLength(first)
  })

  test('requests per task take the label of the load balancer, and a policy of their own beside the other', async () => {
    applying.advise({ ...recommendation, scaling: { ...scaling, target: { metric: 'requests', value: 40 }, scheduled: [] } })
    const { code, stdout } = await apply()
    expect(code).toBe(0)
    expect(endpoint.world.policies.map(({ PolicyName }) => PolicyName)).toEqual(['cpu', 'scale-surgeon-ALBRequestCountPerTarget'])
    expect(endpoint.world.policies[1]?.TargetTrackingScalingPolicyConfiguration).toMatchObject({
      TargetValue: 2400,
      PredefinedMetricSpecification: { ResourceLabel: 'app/shop/50dc6c495c0c9188/targetgroup/web/6d0ecf831eec9f09' },
    })
    expect(prose(stdout)).toContain('Policy cpu stays as now')
  })

  test('a service that nothing scales gets its target', async () => {
    Object.assign(endpoint.world, { targets: [], policies: [] })
    expect((await apply()).code).toBe(0)
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[4, 13]], policies: [{ PolicyName: 'scale-surgeon-ECSServiceAverageCPUUtilization' }] })
  })

  test('bounds that go down go down last', async () => {
    Object.assign(endpoint.world.targets[0] ?? {}, { MinCapacity: 8, MaxCapacity: 12 })
    await apply()
    const bounds = endpoint.asked.filter(({ action }) => action.endsWith('RegisterScalableTarget')).map(({ input }) => [input.MinCapacity, input.MaxCapacity])
    expect(bounds).toEqual([
      [8, 13],
      [4, 13],
    ])
    expect(writes().at(-1)).toBe('application-autoscaling:RegisterScalableTarget')
  })
})

describe('the size', () => {
  test('stays without --size, and that is said', async () => {
    const { stdout } = await apply()
    expect(writes()).not.toContain('ecs:UpdateService')
    expect(prose(stdout)).toContain('Tasks of 1024 CPU units and 2048 MiB are recommended, too. Add --size')
  })

  test('with --size: a new revision, then the service, after the bounds went up', async () => {
    const { code } = await apply(['advice.json', '--yes', '--size'])
    expect(code).toBe(0)
    expect(writes().filter((action) => action.startsWith('ecs:'))).toEqual(['ecs:RegisterTaskDefinition', 'ecs:UpdateService'])
    expect(writes().indexOf('application-autoscaling:RegisterScalableTarget')).toBeLessThan(writes().indexOf('ecs:UpdateService'))
    expect(endpoint.world.taskDefinitions.at(-1)).toMatchObject({
      family: 'web',
      revision: 8,
      cpu: '1024',
      memory: '2048',
      containerDefinitions: [{ name: 'web' }],
    })
    // Five of that size serve the height, which is more than the four of the present one.
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[5, 13]], definition: expect.stringMatching(/web:8$/) })
  })

  test('another processor is refused', async () => {
    applying.advise({ ...recommendation, size: { vcpu: 1, gigabytes: 2, architecture: 'x86', instances: 5, because: '' } })
    const { code, stderr } = await apply(['advice.json', '--yes', '--size'])
    expect(code).toBe(4)
    expect(stderr).toContain('recommended for X86_64 and the tasks run on ARM64')
    expect(writes()).toEqual([])
  })
})

describe('refused, with nothing written', () => {
  const refused = async (words: string, argv?: readonly string[]): Promise<void> => {
    const { code, stderr } = await apply(argv)
    expect(prose(stderr)).toContain(words)
    expect(code).toBe(4)
    expect(writes()).toEqual([])
    expect(rollbackFiles()).toEqual([])
  }

  test('scaling that was declined', async () => {
    applying.advise({ ...recommendation, scaling: undefined, declined: ['No target recommended, because it was not measured.'] })
    await refused('No target recommended, because it was not measured.')
  })

  test('advice older than what is deployed', async () => {
    const deployments = [{ id: 'd', status: 'PRIMARY', rolloutState: 'COMPLETED' as const, createdAt: new Date('2030-01-01T00:00:00Z') }]
    endpoint.world.services = endpoint.world.services.map((service) => ({ ...service, deployments }))
    await refused('Run broken of the advice is older than what is deployed, which was rolled out at 2030-01-01T00:00:00.000Z.')
  })

  test('a roll-out under way', async () => {
    const deployments = [{ id: 'd', status: 'PRIMARY', rolloutState: 'IN_PROGRESS' as const }]
    endpoint.world.services = endpoint.world.services.map((service) => ({ ...service, deployments }))
    await refused('A roll-out is under way.')
  })

  test('a run that can not be read', async () => {
    applying.advise({ ...recommendation, runs: ['gone'] })
    await refused("Run gone can't be read")
  })

  test('another account than is meant', async () => {
    await refused('Account 123456789012 was reached (as arn:aws:iam::123456789012:user/reader), and 999999999999 is meant.', [
      'advice.json',
      '--yes',
      '--account',
      '999999999999',
    ])
    expect(endpoint.asked.map(({ action }) => action)).toEqual(['sts:GetCallerIdentity'])
  })

  test('another account than the advice is for', async () => {
    applying.advise({ ...recommendation, deployment: { kind: 'ecs', cluster: 'shop', service: 'web', region: 'eu-central-1', account: '999999999999' } })
    await refused('and 999999999999 is meant')
  })

  test('another service than the advice is for', async () => {
    await refused('The advice is for shop/web, and --ecs names shop/api.', ['advice.json', '--yes', '--ecs', 'shop/api'])
  })

  test('points of 20 s, which the service does not send by itself', async () => {
    applying.advise({ ...recommendation, scaling: { ...scaling, period: 20 } })
    await refused('the rule reads points of 20 s')
  })

  test('a rule that tracks no metric of ECS', async () => {
    applying.advise({ ...recommendation, scaling: { ...scaling, target: { metric: 'p95', value: 0.2 } } })
    await refused('the recommended rule is none that tracks a metric of ECS itself')
  })
})

test('advice from an INVALID run is refused', async () => {
  applying.end()
  applying = await applyingTo(endpoint.environment, { validity: 'INVALID' })
  applying.advise(recommendation)
  const { code, stderr } = await apply()
  expect(code).toBe(4)
  expect(stderr).toContain('Run broken of the advice is INVALID.')
  expect(writes()).toEqual([])
})

describe('usage', () => {
  test.each([
    [[], 'What is to be applied is not said.'],
    [['broken'], 'There is no advice beside broken.'],
    [['nowhere.json'], "nowhere.json can't be read."],
    [['--rollback', 'nowhere.json'], "can't be read (ENOENT)"],
  ])('%j', async (argv, words) => {
    const { code, stderr } = await apply(argv)
    expect(code).toBe(2)
    expect(prose(stderr)).toContain(words)
    expect(endpoint.asked).toEqual([])
  })

  test.each([
    ['a minimum above the maximum', { ...scaling, minimum: 20 }],
    ['half an instance', { ...scaling, minimum: 1.5 }],
    ['a target of 300 % CPU', { ...scaling, target: { metric: 'cpu' as const, value: 3 } }],
    ['a negative number', { ...scaling, minimum: -1 }],
  ])('edited advice with %s is not applied', async (_, edited) => {
    applying.advise({ ...recommendation, scaling: edited })
    const { code, stderr } = await apply()
    expect(code).toBe(2)
    expect(stderr).toContain("advice.json can't be applied:")
    expect(endpoint.asked).toEqual([])
  })
})

describe('a write that fails', () => {
  const everyWrite = ['RegisterScalableTarget', 'PutScalingPolicy', 'PutScheduledAction', 'RegisterTaskDefinition', 'UpdateService'] as const
  const service = (action: string) => (/Task|Service$/.test(action) ? 'ecs' : 'application-autoscaling')

  test.each(everyWrite)('%s denied: what was written is said, with the way back and the policy', async (action) => {
    const before = changeable(endpoint.world)
    const name = `${service(action)}:${action}`
    endpoint.faults.denied.add(name)
    const { code, stderr } = await apply(['advice.json', '--yes', '--size'])
    expect(code).toBe(5)
    const said = prose(stderr)
    expect(said).toContain(`${name} on`)
    expect(said).toContain('is not allowed')
    expect(said).toMatch(/"Action": \[ ("[^"]+", )*"application-autoscaling:RegisterScalableTarget"/)
    // Where nothing was written there is nothing to put back; otherwise that brings back all.
    if (changeable(endpoint.world).bounds[0]?.[0] === 2) {
      expect(said).toContain('Written: nothing.')
      expect(said).toContain('Nothing has to be put back.')
      return
    }
    expect(said).toMatch(/Written: bounds 5 to 13/)
    const file = /perf apply --rollback (\S+\.json)/.exec(said)?.[1] ?? ''
    endpoint.faults.denied.clear()
    expect((await apply(['--rollback', file, '--yes'])).code).toBe(0)
    expect(changeable(endpoint.world)).toEqual(before)
  })

  test('every write throttled once: waited out', async () => {
    for (const action of everyWrite) endpoint.faults.throttled.set(`${service(action)}:${action}`, 1)
    expect((await apply(['advice.json', '--yes', '--size'])).code).toBe(0)
    expect([...endpoint.faults.throttled.values()].every((left) => left === 0)).toBe(true)
  })

  test('throttled without end: exit 5, and it is known not to be written', async () => {
    endpoint.faults.throttled.set('application-autoscaling:PutScalingPolicy', 1000)
    const { code, stderr } = await apply()
    expect(code).toBe(5)
    expect(prose(stderr)).toContain('was throttled, 2 times in a row')
    expect(prose(stderr)).toContain('Written: bounds 4 to 13. Not written: policy cpu, scheduled action launch-begins, scheduled action launch-ends.')
  })

  test('an answer that can not be understood: it may have been written', async () => {
    endpoint.faults.garbled.add('application-autoscaling:PutScalingPolicy')
    const { code, stderr } = await apply()
    expect(code).toBe(5)
    expect(prose(stderr)).toContain('Perhaps written: policy cpu.')
  })

  test.each([
    'ecs:DescribeServices',
    'application-autoscaling:DescribeScalableTargets',
    'application-autoscaling:DescribeScalingPolicies',
    'application-autoscaling:DescribeScheduledActions',
    'ecs:DescribeTaskDefinition',
  ])('%s denied: nothing is changed without knowing what is there', async (action) => {
    endpoint.faults.denied.add(action)
    const { code, stderr } = await apply()
    expect(code).toBe(5)
    expect(prose(stderr)).toContain(`${action} on`)
    expect(writes()).toEqual([])
  })

  test('what does not hold is said', async () => {
    // Something that sets the maximum back, as a pipeline of somebody else's may.
    const { world } = endpoint
    let targets = world.targets
    Object.defineProperty(world, 'targets', {
      get: () => targets,
      set: (next: World['targets']) => {
        targets = next.map((target) => ({ ...target, MaxCapacity: 10 }))
      },
    })
    const { code, stderr } = await apply()
    expect(code).toBe(5)
    expect(prose(stderr)).toContain('All was written, and read back it differs: maximum: 10 → 13')
  })
})
