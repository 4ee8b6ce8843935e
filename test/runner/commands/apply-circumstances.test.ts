import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Service } from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeable, prose, recommendation, scaling } from '../../support/a-change.ts'
import { type Applying, applyingTo } from '../../support/apply-here.ts'
import { aServiceWorld } from '../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../support/aws-endpoint/endpoint.ts'
import { AwsFault } from '../../support/aws-endpoint/fault.ts'
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
const rollbackFiles = (): string[] => readdirSync(join(applying.cwd, 'perf-results')).filter((name) => name.startsWith('rollback-'))
const service = (facts: Partial<Service>): void => {
  Object.assign(endpoint.world.services[0] ?? {}, facts)
}
const shown = async (argv: readonly string[] = []): Promise<string> => {
  const { code, stdout, stderr } = await apply(['advice.json', '--dry-run', ...argv])
  expect([code, stderr]).toEqual([0, ''])
  return prose(stdout)
}
const refused = async (words: string, argv: readonly string[] = []): Promise<void> => {
  const { code, stderr } = await apply(['advice.json', '--yes', ...argv])
  expect([code, prose(stderr)]).toEqual([4, expect.stringContaining(words)])
  expect(writes()).toEqual([])
  expect(rollbackFiles()).toEqual([])
}

describe('said before the question', () => {
  test.each([
    [
      [{ key: 'aws:cloudformation:stack-name', value: 'shop' }],
      'deployed by CloudFormation stack shop,',
      'perf advise broken --as cloudformation (or --as cdk).',
    ],
    [[{ key: 'ManagedBy', value: 'Terraform' }], 'deployed by Terraform,', 'perf advise broken --as terraform.'],
    [[{ key: 'terraform', value: 'true' }], 'deployed by Terraform,', 'perf advise broken --as terraform.'],
    [
      [
        { key: 'copilot-application', value: 'shop' },
        { key: 'aws:cloudformation:stack-name', value: 'shop-prod-web' },
      ],
      'deployed by AWS Copilot (application shop),',
      'Write the same values there, too.',
    ],
  ])('who else deploys it: %j', async (tags, who, way) => {
    service({ tags })
    const said = await shown()
    expect(said).toContain(who)
    expect(said).toContain('whose next deployment may put back what is changed here.')
    expect(said).toContain(way)
  })

  test('a tag that speaks of something else is no owner', async () => {
    service({ tags: [{ key: 'team', value: 'terraform-lovers' }] })
    expect(await shown()).not.toContain('deployed by')
  })

  test('where requests go, when that is not AWS', async () => {
    expect(await shown()).toContain(`Requests go to ${endpoint.url}, which is not AWS`)
  })

  test('scaling that is suspended', async () => {
    Object.assign(endpoint.world.targets[0] ?? {}, { SuspendedState: { DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true } })
    expect(await shown()).toContain('Scaling out, by schedule is suspended, and stays so')
    await apply()
    expect(endpoint.world.targets[0]).toMatchObject({ SuspendedState: { DynamicScalingOutSuspended: true }, MinCapacity: 4 })
  })

  test('a service at 0, which a minimum switches on', async () => {
    service({ desiredCount: 0 })
    expect(await shown()).toContain('No tasks are wanted now: the service is switched off, and a minimum of 4 switches it on.')
  })

  test('that machines are paid, and not tasks', async () => {
    service({ launchType: 'EC2' })
    expect(await shown()).toContain('Cost: unknown, because the tasks do not run on Fargate')
  })

  test('what each container gets of another size', async () => {
    endpoint.world.taskDefinitions[0] = {
      ...endpoint.world.taskDefinitions[0],
      containerDefinitions: [
        { name: 'web', image: 'web:1', memory: 1024 },
        { name: 'log', image: 'log:1', cpu: 64 },
      ],
    }
    const said = await shown(['--size'])
    expect(said).toContain('size: 512 CPU units, 1024 MiB → 1024 CPU units, 2048 MiB')
    expect(said).toContain('container web memory: 1024 → 2048')
    expect(said).not.toContain('container log')
  })

  test('a change that has not ended', async () => {
    await apply()
    const file = join(applying.cwd, 'perf-results', rollbackFiles()[0] ?? '')
    const { settledAt: _, ...open } = JSON.parse(readFileSync(file, 'utf8'))
    expect(_).toBeDefined()
    writeFileSync(file, JSON.stringify(open))
    applying.advise({ ...recommendation, scaling: { ...scaling, maximum: 14 } })
    expect(await shown()).toMatch(
      /A change that was begun at 2026-11-22T12:00:00.000Z has not ended: it goes on elsewhere, or stopped half-way\. .* --rollback perf-results\/rollback-web/,
    )
    expect((await apply()).code).toBe(0)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('settledAt')
    expect(await shown()).not.toContain('has not ended')
  })
})

describe('refused, with nothing written', () => {
  test('a maximum below what runs now', async () => {
    service({ desiredCount: 9 })
    applying.advise({ ...recommendation, scaling: { ...scaling, minimum: 2, maximum: 6, scheduled: [] } })
    await refused('9 tasks are wanted now, and the maximum would be 6: 3 of them would be stopped at once')
  })

  test('one task on each machine', async () => {
    service({ schedulingStrategy: 'DAEMON' })
    await refused('The service runs one task on each machine (DAEMON).')
  })

  test('a service that is being deleted', async () => {
    service({ status: 'DRAINING' })
    await refused('The service is being deleted.')
  })

  test('the size where CodeDeploy rolls out, and not the rest', async () => {
    service({ deploymentController: { type: 'CODE_DEPLOY' } })
    await refused('Its roll-outs are made by CODE_DEPLOY.', ['--size'])
    expect((await apply()).code).toBe(0)
  })

  test('the size of tasks on machines, and not the rest', async () => {
    service({ launchType: 'EC2' })
    await refused('The tasks do not run on Fargate', ['--size'])
    expect((await apply()).code).toBe(0)
  })

  test.each([
    [{ vcpu: 1, gigabytes: 1.5 }, 'Fargate has no tasks of 1 vCPU, 1.5 GB.'],
    [{ vcpu: 0.3, gigabytes: 1 }, 'Fargate has no tasks of 0.3 vCPU, 1 GB.'],
  ])('a size that Fargate does not have: %j', async (size, words) => {
    applying.advise({ ...recommendation, size: { ...size, architecture: 'arm', instances: 5, because: '' } })
    await refused(words, ['--size'])
  })

  test('a size that an old platform version does not have', async () => {
    service({ platformVersion: '1.3.0' })
    applying.advise({ ...recommendation, size: { vcpu: 8, gigabytes: 16, architecture: 'arm', instances: 5, because: '' } })
    await refused('need platform version 1.4.0, and the service has 1.3.0', ['--size'])
  })

  test('a size that Windows does not have', async () => {
    Object.assign(endpoint.world.taskDefinitions[0] ?? {}, {
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
    })
    applying.advise({ ...recommendation, size: { vcpu: 0.5, gigabytes: 2, architecture: 'x86', instances: 5, because: '' } })
    await refused('Fargate has no Windows tasks of 0.5 vCPU, 2 GB', ['--size'])
  })

  test('a size that its containers do not fit in, before anything is asked', async () => {
    endpoint.world.taskDefinitions[0] = {
      ...endpoint.world.taskDefinitions[0],
      containerDefinitions: [
        { name: 'web', image: 'web:1', memory: 512 },
        { name: 'log', image: 'log:1', memory: 512 },
      ],
    }
    applying.advise({ ...recommendation, size: { vcpu: 0.25, gigabytes: 0.5, architecture: 'arm', instances: 5, because: '' } })
    await refused('its containers are given 1024 MiB together, more than the 512 that are recommended', ['--size'])
  })

  test('another region than the advice is for', () => refused('is for shop/web in eu-central-1, and --region names us-east-1', ['--region', 'us-east-1']))
})

describe('applying with the size twice', () => {
  beforeEach(async () => {
    await apply(['advice.json', '--yes', '--size'])
  })

  test('is once, though the roll-out is newer than the run: perf made it', async () => {
    const before = writes().length
    const { code, stdout } = await apply(['advice.json', '--yes', '--size'])
    expect([code, prose(stdout)]).toEqual([0, expect.stringContaining('Nothing has to be changed')])
    expect(writes()).toHaveLength(before)
  })

  test('and without --size keeps the instances that the new size needs', async () => {
    await apply()
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[5, 13]] })
  })

  test('after it was put back brings it again', async () => {
    expect((await apply(['--rollback', `perf-results/${rollbackFiles()[0]}`, '--yes'])).code).toBe(0)
    const { code, stderr } = await apply(['advice.json', '--yes', '--size'])
    expect([code, stderr]).toEqual([0, ''])
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[5, 13]], definition: expect.stringMatching(/web:9$/) })
  })

  test('of a release that is not perf’s is refused', async () => {
    const release = { ...endpoint.world.taskDefinitions[0], revision: 9, taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:9' }
    endpoint.world.taskDefinitions.push(release)
    service({ taskDefinition: release.taskDefinitionArn })
    const { code, stderr } = await apply(['advice.json', '--yes', '--size'])
    expect([code, prose(stderr)]).toEqual([4, expect.stringContaining('older than what is deployed')])
  })
})

describe('two at once', () => {
  test('write nothing both: at least one sees the other', async () => {
    // Both have seen the service and been agreed to before either goes on.
    let waiting: (() => void)[] = []
    const confirm = async (): Promise<boolean> => {
      await new Promise<void>((go) => {
        waiting.push(go)
        if (waiting.length === 2) for (const each of waiting) each()
      })
      return true
    }
    const both = await Promise.all([1, 2].map(() => apply(['advice.json'], { isInputTerminal: true, confirm })))
    waiting = []
    const codes = both.map(({ code }) => code).sort()
    expect([
      [0, 4],
      [4, 4],
    ]).toContainEqual(codes)
    for (const { code, stderr } of both)
      if (code === 4) expect(prose(stderr)).toMatch(/another perf apply changes it at this moment|somebody else has changed it/)
    expect(writes().length).toBe(codes[0] === 0 ? 4 : 0)
  })
})

describe('in the middle', () => {
  test('credentials that expire: what was written is said, and the same way back works', async () => {
    const before = changeable(endpoint.world)
    endpoint.faults.hook = (name) => {
      if (name.endsWith('PutScalingPolicy'))
        for (const each of ['PutScalingPolicy', 'PutScheduledAction', 'DescribeScalableTargets'])
          endpoint.faults.failing.set(
            `application-autoscaling:${each}`,
            new AwsFault('ExpiredTokenException', 'The security token included in the request is expired'),
          )
      return undefined
    }
    const { code, stderr } = await apply()
    expect(code).toBe(5)
    expect(prose(stderr)).toMatch(/found no credentials that AWS takes \(ExpiredTokenException: .*Written: bounds 4 to 13\. Not written: policy cpu/)
    endpoint.faults.hook = undefined
    endpoint.faults.failing.clear()
    expect((await apply(['--rollback', `perf-results/${rollbackFiles()[0]}`, '--yes'])).code).toBe(0)
    expect(changeable(endpoint.world)).toEqual(before)
  })

  test('all was written and can not be read back: it does not say that nothing was changed', async () => {
    endpoint.faults.hook = (name) => {
      if (name.endsWith('PutScheduledAction')) endpoint.faults.denied.add('application-autoscaling:DescribeScalingPolicies')
      return undefined
    }
    const { code, stderr } = await apply()
    expect(code).toBe(5)
    expect(prose(stderr)).toContain(
      'All was written, and whether it holds is not known. What was there before comes back with: perf apply --rollback perf-results/',
    )
    expect(stderr).not.toContain('Nothing was changed')
  })

  test('others who change the service during the roll-out: nothing of theirs is overwritten', async () => {
    Object.assign(endpoint.world.targets[0] ?? {}, { MinCapacity: 6, MaxCapacity: 20 })
    service({ desiredCount: 6 })
    endpoint.faults.hook = (name) => {
      if (name === 'ecs:UpdateService') Object.assign(endpoint.world.targets[0] ?? {}, { MaxCapacity: 40 })
      return undefined
    }
    const { code, stderr } = await apply(['advice.json', '--yes', '--size'])
    expect(code).toBe(5)
    expect(prose(stderr)).toContain('somebody else has changed the service during the roll-out (maximum: 20 → 40)')
    expect(changeable(endpoint.world)).toMatchObject({ bounds: [[6, 40]] })
  })

  test('tasks of the new size that do not start: why, and the way back, which works', async () => {
    const before = changeable(endpoint.world)
    endpoint.world.rollOuts = 'fail'
    const { code, stderr } = await apply(['advice.json', '--yes', '--size'])
    expect(code).toBe(5)
    expect(prose(stderr)).toMatch(
      /3 tasks of web:8 failed to start.*exit code 137, OutOfMemoryError.*What was there before comes back with: perf apply --rollback/,
    )
    // Whoever tries again is sent to the way back, and not to wait for what never ends.
    const again = await apply(['advice.json', '--yes', '--size'])
    expect(again.code).toBe(4)
    expect(prose(again.stderr)).toMatch(/A roll-out is under way\..* stopped half-way\. What was there before it comes back with: perf apply --rollback/)
    endpoint.world.rollOuts = 'end'
    expect((await apply(['--rollback', `perf-results/${rollbackFiles()[0]}`, '--yes'])).code).toBe(0)
    expect(changeable(endpoint.world)).toEqual(before)
    expect(await shown()).not.toContain('has not ended')
  })

  test('a way back that stops is named with what finishes it', async () => {
    await apply()
    endpoint.faults.denied.add('application-autoscaling:DeleteScheduledAction')
    const [first] = rollbackFiles()
    expect((await apply(['--rollback', `perf-results/${first}`, '--yes'])).code).toBe(5)
    expect(rollbackFiles()).toHaveLength(2)
    const said = await shown()
    expect(said).toMatch(/A way back that was begun at .* has not ended/)
    expect(said).toContain(`The rest is put back with: perf apply --rollback perf-results/${first}`)
    expect(said).not.toContain('A change that was begun')
    endpoint.faults.denied.clear()
    expect((await apply(['--rollback', `perf-results/${first}`, '--yes'])).code).toBe(0)
    for (const file of rollbackFiles()) expect(JSON.parse(readFileSync(join(applying.cwd, 'perf-results', file), 'utf8'))).toHaveProperty('settledAt')
  })
})
