import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeable, prose, recommendation } from '../../support/a-change.ts'
import { type Applying, applyingTo } from '../../support/apply-here.ts'
import { aPolicy, aServiceWorld } from '../../support/aws-endpoint/a-service.ts'
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
const isWrite = (action: string): boolean => !/:(Describe|List|Get)/.test(action)
const writes = (): string[] => endpoint.asked.map(({ action }) => action).filter(isWrite)
const rollbackFiles = (): string[] =>
  readdirSync(join(applying.cwd, 'perf-results'))
    .filter((name) => name.startsWith('rollback-'))
    .sort((a, b) => a.length - b.length || a.localeCompare(b))
const first = (): string => `perf-results/${rollbackFiles()[0]}`
const saved = (file = first()) => JSON.parse(readFileSync(join(applying.cwd, file), 'utf8'))
const edit = (changes: object, file = first()): void => writeFileSync(join(applying.cwd, file), JSON.stringify({ ...saved(file), ...changes }))
const desired = (): number | undefined => endpoint.world.services[0]?.desiredCount
const active = (): string[] =>
  endpoint.world.taskDefinitions.filter(({ status }) => status !== 'INACTIVE').map(({ family, revision }) => `${family}:${revision}`)
const unscaled = (world: World): void => {
  Object.assign(world, { targets: [], policies: [] })
}
const applied = async (argv: readonly string[] = []): Promise<void> => {
  const { code, stderr } = await apply(['advice.json', '--yes', ...argv])
  expect([code, stderr]).toEqual([0, ''])
}
const rolledBack = async (file = first()): Promise<string> => {
  const { code, stdout, stderr } = await apply(['--rollback', file, '--yes'])
  expect([code, stderr]).toEqual([0, ''])
  return prose(stdout)
}

describe('there and back', () => {
  const roundTrip = async (world: (world: World) => void = () => {}, argv: readonly string[] = []): Promise<void> => {
    world(endpoint.world)
    const before = changeable(endpoint.world)
    await applied(argv)
    expect(changeable(endpoint.world)).not.toEqual(before)
    await rolledBack()
    expect(changeable(endpoint.world)).toEqual(before)
    expect(active()).toEqual(['web:7'])
    expect(await rolledBack()).toContain('Nothing has to be changed')
  }

  test('bounds, policy and schedules', () => roundTrip())
  test('with the size', () => roundTrip(undefined, ['--size']))
  test('of a service that nothing scaled: there is no target again', () => roundTrip(unscaled))
  test('with a policy of steps and a schedule of somebody else’s, which stay', () =>
    roundTrip((world) => {
      const steps = { AdjustmentType: 'ChangeInCapacity' as const, Cooldown: 60, StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }] }
      const { TargetTrackingScalingPolicyConfiguration: _, ...policy } = aPolicy(world, 'steps', {
        PolicyType: 'StepScaling',
        StepScalingPolicyConfiguration: steps,
      })
      world.policies.unshift(policy)
    }))

  test('asks too', async () => {
    await applied()
    const before = writes().length
    const { code } = await apply(['--rollback', first()], { isInputTerminal: true, confirm: async () => false })
    expect(code).toBe(4)
    expect(writes()).toHaveLength(before)
  })

  test('says what it costs, too', async () => {
    await applied(['--size'])
    const { stdout } = await apply(['--rollback', first(), '--dry-run'])
    const [, before, after] = /Cost: ([\d.]+) → ([\d.]+) USD a month/.exec(stdout) ?? []
    // From five tasks of twice the size to two.
    expect(Number(before) / Number(after)).toBeCloseTo(5, 1)
  })
})

describe('the number of tasks', () => {
  test('is put back where nothing scales the service again', async () => {
    unscaled(endpoint.world)
    await applied()
    expect(desired()).toBe(4)
    expect(await rolledBack()).toContain('wanted tasks: 4 → 2')
    expect(desired()).toBe(2)
  })

  test('is left where policies see to it, and that is said', async () => {
    await applied()
    expect(await rolledBack()).toContain('4 tasks are wanted now and 2 were then. That number follows the policies, and is not put back.')
    expect(desired()).toBe(4)
  })

  test('that load has made stays, because fewer may not carry it, and how to lower it is said', async () => {
    unscaled(endpoint.world)
    await applied()
    Object.assign(endpoint.world.services[0] ?? {}, { desiredCount: 9 })
    expect(await rolledBack()).toContain('aws ecs update-service --cluster shop --service web --desired-count 2 --region eu-central-1')
    expect(desired()).toBe(9)
  })

  test('that has become less goes up again before anything is taken away', async () => {
    unscaled(endpoint.world)
    Object.assign(endpoint.world.services[0] ?? {}, { desiredCount: 8 })
    await applied()
    Object.assign(endpoint.world.services[0] ?? {}, { desiredCount: 4 })
    await rolledBack()
    expect(desired()).toBe(8)
    expect(writes().indexOf('ecs:UpdateService')).toBeLessThan(writes().indexOf('application-autoscaling:DeregisterScalableTarget'))
  })

  test('above the old maximum is warned of', async () => {
    await applied()
    Object.assign(endpoint.world.services[0] ?? {}, { desiredCount: 12 })
    expect(await rolledBack()).toContain('12 tasks are wanted now, above the new maximum: 2 of them are stopped at once.')
  })
})

describe('the revision that perf registered', () => {
  test('is deregistered once nothing uses it', async () => {
    await applied(['--size'])
    expect(active()).toEqual(['web:7', 'web:8'])
    expect(await rolledBack()).toContain('web:8: registered by perf → deregistered')
    expect(active()).toEqual(['web:7'])
    expect(writes().at(-1)).toBe('ecs:DeregisterTaskDefinition')
  })

  test('is named, with the command, where it may not be; the rest is put back all the same', async () => {
    const before = changeable(endpoint.world)
    await applied(['--size'])
    endpoint.faults.denied.add('ecs:DeregisterTaskDefinition')
    expect(await rolledBack()).toMatch(
      /web:8 stays registered, and nothing uses it: ecs:DeregisterTaskDefinition .* Deregister it with: aws ecs deregister-task-definition --task-definition web:8 --region eu-central-1/,
    )
    expect(changeable(endpoint.world)).toEqual(before)
    endpoint.faults.denied.clear()
    await rolledBack()
    expect(active()).toEqual(['web:7'])
  })

  test('of which nobody heard is named', async () => {
    endpoint.faults.hook = (name) => (name === 'ecs:RegisterTaskDefinition' ? 'unheard' : undefined)
    expect((await apply(['advice.json', '--yes', '--size'])).code).toBe(5)
    endpoint.faults.hook = undefined
    expect(saved()).not.toHaveProperty('registered')
    expect(await rolledBack()).toMatch(
      /web:\d+ has the size that was to be registered, and may have been: nobody heard the answer\. Deregister it with: aws ecs/,
    )
  })

  test('is on disk before the service uses it', async () => {
    let known: string | undefined
    endpoint.faults.hook = (name) => {
      if (name === 'ecs:UpdateService') known ??= saved().registered
      return undefined
    }
    await applied(['--size'])
    expect(known).toMatch(/web:8$/)
  })

  test('stays when others have rolled out something since, and so does theirs', async () => {
    await applied(['--size'])
    const release = { ...endpoint.world.taskDefinitions[0], revision: 9, taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:9' }
    endpoint.world.taskDefinitions.push(release)
    Object.assign(endpoint.world.services[0] ?? {}, { taskDefinition: release.taskDefinitionArn })
    expect(await rolledBack()).toContain('Stays as others have made it since: the task definition.')
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[2, 10]], definition: release.taskDefinitionArn })
  })

  test('that it is to go back to must still be active', async () => {
    await applied(['--size'])
    Object.assign(endpoint.world.taskDefinitions[0] ?? {}, { status: 'INACTIVE' })
    const before = writes().length
    const { code, stderr } = await apply(['--rollback', first(), '--yes'])
    expect([code, prose(stderr)]).toEqual([4, expect.stringContaining('web:7 was deregistered, and ECS gives no service a revision that was.')])
    expect(writes()).toHaveLength(before)
  })
})

describe('what others have changed since', () => {
  test('stays where perf did not change it, and is named', async () => {
    await applied()
    endpoint.world.schedules.push({ ...endpoint.world.schedules[0], ScheduledActionName: 'sale' } as World['schedules'][number])
    expect(await rolledBack()).toContain('Stays as others have made it since: scheduled action sale.')
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[2, 10]], schedules: [{ ScheduledActionName: 'sale' }] })
  })

  test('goes back where perf had changed it before them, and is named', async () => {
    await applied()
    Object.assign(endpoint.world.targets[0] ?? {}, { MaxCapacity: 40 })
    expect(await rolledBack()).toContain('Was changed again since, by others or by a scheduled action, and goes back all the same: the bounds.')
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[2, 10]] })
  })

  test('goes with the target where nothing scaled the service before, and is named', async () => {
    unscaled(endpoint.world)
    await applied()
    endpoint.world.policies.push(aPolicy(endpoint.world, 'memory'))
    expect(await rolledBack()).toContain('Others have made policy memory since, which goes too')
    expect(endpoint.world).toMatchObject({ targets: [], policies: [] })
  })
})

describe('a file that does not fit', () => {
  const refused = async (code: number, words: string, argv: readonly string[] = ['--rollback', first(), '--yes']): Promise<void> => {
    const before = writes().length
    const said = await apply(argv)
    expect([said.code, prose(said.stderr)]).toEqual([code, expect.stringContaining(words)])
    expect(writes()).toHaveLength(before)
  }
  beforeEach(() => applied())

  test('of another account', async () => {
    edit({ account: '999999999999', before: { ...saved().before, definition: '' } })
    await refused(4, 'and 999999999999 is meant')
  })
  test('whose definition is of another account than itself', async () => {
    edit({ account: '999999999999' })
    await refused(2, 'the task definition is of another account or region')
  })
  test('for another region than --region', () =>
    refused(4, 'is for shop/web in eu-central-1, and --region names us-east-1', ['--rollback', first(), '--yes', '--region', 'us-east-1']))
  test('for another service than --ecs', () => refused(4, 'is for shop/web, and --ecs names shop/api', ['--rollback', first(), '--yes', '--ecs', 'shop/api']))
  test('of a service that is gone', async () => {
    endpoint.world.services = []
    await refused(5, 'Cluster shop has no service "web"')
  })
  test('edited to what is no number', async () => {
    edit({ before: { ...saved().before, bounds: { minimum: 'two', maximum: 10 } } })
    await refused(2, 'is no rollback file')
  })
  test('edited to bounds the wrong way round', async () => {
    edit({ before: { ...saved().before, bounds: { minimum: 12, maximum: 10 } } })
    await refused(2, 'the minimum is above the maximum at "before.bounds"')
  })
  test('cut off', async () => {
    writeFileSync(join(applying.cwd, first()), readFileSync(join(applying.cwd, first()), 'utf8').slice(0, 200))
    await refused(2, 'is no rollback file')
  })
  test('of a later version', async () => {
    edit({ format: 3 })
    await refused(2, 'has format 3. This version of perf reads formats up to 2. Update scale-surgeon')
  })
  test('missing: those that are there are named', () =>
    refused(2, `perf-results there is ${rollbackFiles()[0]}.`, ['--rollback', 'perf-results/rollback-wbe.json', '--yes']))
  test('beside advice', () => refused(2, 'Both advice.json and --rollback', ['advice.json', '--rollback', first(), '--yes']))

  test('of the first version puts everything back', async () => {
    const { after: _, settledAt: __, ...old } = saved()
    writeFileSync(join(applying.cwd, first()), JSON.stringify({ ...old, format: 1 }))
    await rolledBack()
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[2, 10]], schedules: [] })
  })
})

test('a file is never written in the place of another', async () => {
  await applied()
  const before = saved()
  await rolledBack() // the clock of these tests stands still
  expect(rollbackFiles()).toHaveLength(2)
  expect(saved()).toMatchObject({ before: before.before })
})

test('the file holds nothing secret', async () => {
  const { world } = endpoint
  world.taskDefinitions[0] = {
    ...world.taskDefinitions[0],
    containerDefinitions: [{ name: 'web', image: 'web:1', environment: [{ name: 'TOKEN', value: 'hunter22' }] }],
  }
  await applied(['--size'])
  expect(readFileSync(join(applying.cwd, first()), 'utf8')).not.toMatch(/hunter22|testing|AKIDTEST/)
})

describe('a write of the way back that fails', () => {
  const everyWrite = [
    ['application-autoscaling:RegisterScalableTarget', undefined],
    ['application-autoscaling:PutScalingPolicy', undefined],
    ['application-autoscaling:DeleteScheduledAction', undefined],
    ['application-autoscaling:DeleteScalingPolicy', 'another metric'],
    ['application-autoscaling:DeregisterScalableTarget', 'unscaled'],
    ['ecs:UpdateService', undefined],
  ] as const
  const situations = {
    unscaled: () => unscaled(endpoint.world),
    'another metric': () => {
      endpoint.world.policies = endpoint.world.policies.map((policy) => ({
        ...policy,
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 60,
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' as const },
        },
      }))
    },
  }

  const cases = everyWrite.flatMap(([action, situation]) =>
    (action.includes(':De') ? (['denied', 'throttled'] as const) : (['denied'] as const)).map((fault) => [action, fault, situation] as const),
  )
  test.each(cases)('%s %s: what was undone and what was not is said, and the second time finishes', async (action, fault, situation) => {
    if (situation !== undefined) situations[situation]()
    const before = changeable(endpoint.world)
    await applied(['--size'])
    if (fault === 'denied') endpoint.faults.denied.add(action)
    else endpoint.faults.throttled.set(action, 1000)
    const { code, stderr } = await apply(['--rollback', first(), '--yes'])
    const said = prose(stderr)
    expect(code).toBe(5)
    expect(said).toContain(fault === 'denied' ? `${action} on` : 'was throttled, 2 times in a row')
    expect(said).toMatch(/Written: .+\. Not written: .+\. The rest is put back with: perf apply --rollback perf-results\/rollback-web-\S+\.json/)
    if (fault === 'denied') expect(said).toContain(`"${action}"`)
    endpoint.faults.denied.clear()
    endpoint.faults.throttled.clear()
    await rolledBack()
    expect(changeable(endpoint.world)).toEqual(before)
    expect(active()).toEqual(['web:7'])
  })

  test.each(['DeleteScheduledAction', 'DeleteScalingPolicy', 'DeregisterScalableTarget'])(
    '%s of what somebody else has just removed is done',
    async (action) => {
      if (action === 'DeregisterScalableTarget') unscaled(endpoint.world)
      if (action === 'DeleteScalingPolicy') situations['another metric']()
      const before = changeable(endpoint.world)
      await applied()
      // The first try is carried out, and its answer lost: the SDK asks again.
      let isLost = false
      endpoint.faults.hook = (name) => {
        if (isLost || name !== `application-autoscaling:${action}`) return undefined
        isLost = true
        return 'unheard'
      }
      await rolledBack()
      expect(isLost).toBe(true)
      expect(changeable(endpoint.world)).toEqual(before)
    },
  )
})
