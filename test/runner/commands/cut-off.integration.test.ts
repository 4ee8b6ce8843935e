import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomFrom } from '../../../scenarios/shape.ts'
import { changeable, prose, recommendation, scaling } from '../../support/a-change.ts'
import { type Applying, applyingTo } from '../../support/apply-here.ts'
import { aPolicy, aServiceWorld, resource } from '../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../support/aws-endpoint/endpoint.ts'
import type { World } from '../../support/aws-endpoint/world.ts'
import { perf } from '../../support/perf.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/apply.ts'

/** A service as chance has it: scaled or not, by this metric or that, with a schedule or without. */
const someWorld = (random: () => number): World => {
  const world = aServiceWorld()
  const some = (most: number): number => Math.floor(random() * (most + 1))
  const minimum = 1 + some(5)
  const isScaled = random() < 0.75
  Object.assign(world.services[0] ?? {}, { desiredCount: minimum + some(2) })
  const metric = random() < 0.5 ? ('ECSServiceAverageCPUUtilization' as const) : ('ECSServiceAverageMemoryUtilization' as const)
  const tracking = { TargetValue: 40 + some(30), PredefinedMetricSpecification: { PredefinedMetricType: metric } }
  world.targets = isScaled ? [{ ...world.targets[0], ...resource, MinCapacity: minimum, MaxCapacity: minimum + 4 + some(10) } as World['targets'][number]] : []
  world.policies = isScaled && random() < 0.7 ? [aPolicy(world, 'own', { TargetTrackingScalingPolicyConfiguration: tracking })] : []
  const night = { ...resource, ScheduledActionName: random() < 0.5 ? 'night' : 'launch-begins', ScheduledActionARN: 'arn', Schedule: 'cron(0 22 * * ? *)' }
  world.schedules = isScaled && random() < 0.5 ? [{ ...night, ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 4 }, CreationTime: new Date(0) }] : []
  return world
}

let endpoint: Endpoint
let applying: Applying
const begin = async (world: World): Promise<void> => {
  endpoint = await startEndpoint(world)
  applying = await applyingTo(endpoint.environment)
  process.env.AWS_MAX_ATTEMPTS = '1' // what is looked at is the end of perf, not its patience
}
const end = async (): Promise<void> => {
  applying.end()
  await endpoint.stop()
}

const isWrite = (action: string): boolean => !/:(Describe|List|Get)/.test(action)

/** Nothing is answered from the write with this number on, as after a crash; that one is carried out, or not. @returns whether there was such a write */
const cutAt = async (number: number, isDone: boolean, argv: readonly string[]): Promise<{ wasCut: boolean; said: string }> => {
  let [writes, wasCut] = [0, false]
  endpoint.faults.hook = (name) => {
    if (wasCut) return 'cut'
    if (!isWrite(name) || ++writes < number) return undefined
    wasCut = true
    return isDone ? 'unheard' : 'cut'
  }
  const { code, stderr } = await applying.apply(argv)
  endpoint.faults.hook = undefined
  expect(code).toBe(wasCut ? 5 : 0)
  return { wasCut, said: prose(stderr) }
}

const desired = (): number | undefined => endpoint.world.services[0]?.desiredCount
const active = (): string[] =>
  endpoint.world.taskDefinitions.filter(({ status }) => status !== 'INACTIVE').map(({ family, revision }) => `${family}:${revision}`)

/** As before, or said to be otherwise. */
const expectBack = (before: ReturnType<typeof changeable>, wanted: number | undefined, said: string): void => {
  expect(changeable(endpoint.world)).toEqual(before)
  if (desired() !== wanted) expect(said).toContain(`${desired()} tasks are wanted now and ${wanted} were then.`)
  for (const name of active().slice(1)) expect(said).toContain(`Deregister it with: aws ecs deregister-task-definition --task-definition ${name}`)
}

const rollbackFile = (): string =>
  join(
    'perf-results',
    readdirSync(join(applying.cwd, 'perf-results'))
      .filter((name) => name.startsWith('rollback-'))
      .sort((a, b) => a.length - b.length)[0] ?? '',
  )

test.each([1, 5])('a service as chance has it (seed %i): cut off at each write, it is put back, or what is left is named', async (seed) => {
  for (let [number, wasCut] = [1, true]; wasCut; number++) {
    const random = randomFrom(seed)
    await begin(someWorld(random))
    applying.advise({ ...recommendation, scaling: { ...scaling, minimum: 4 + Math.floor(random() * 4), maximum: 13 + Math.floor(random() * 8) } })
    const [before, wanted] = [changeable(endpoint.world), desired()]
    const cut = await cutAt(number, (number + seed) % 2 === 0, ['advice.json', '--yes', '--size'])
    wasCut = cut.wasCut
    if (wasCut) expect(cut.said).toMatch(/Perhaps written: .*comes back with: perf apply --rollback/)
    const { code, stdout, stderr } = await applying.apply(['--rollback', rollbackFile(), '--yes'])
    expect([code, stderr]).toEqual([0, ''])
    expectBack(before, wanted, prose(stdout))
    await end()
  }
})

test('the way back cut off at each write: the second time finishes', async () => {
  for (let [number, wasCut] = [1, true]; wasCut; number++) {
    await begin(someWorld(randomFrom(5)))
    applying.advise(recommendation)
    const [before, wanted] = [changeable(endpoint.world), desired()]
    expect((await applying.apply(['advice.json', '--yes', '--size'])).code).toBe(0)
    wasCut = (await cutAt(number, number % 2 === 0, ['--rollback', rollbackFile(), '--yes'])).wasCut
    const { code, stdout, stderr } = await applying.apply(['--rollback', rollbackFile(), '--yes'])
    expect([code, stderr]).toEqual([0, ''])
    expectBack(before, wanted, prose(stdout))
    await end()
  }
})

test.each(['SIGKILL', 'SIGHUP', 'SIGINT'] as const)('%s in the middle of a write, as by kill -9, a closed terminal, Ctrl-C: the file works', async (signal) => {
  await begin(aServiceWorld())
  applying.advise(recommendation)
  const [before, wanted] = [changeable(endpoint.world), desired()]
  const running = perf(['apply', 'advice.json', '--yes', '--size'], { cwd: applying.cwd, env: { ...endpoint.environment, AWS_MAX_ATTEMPTS: '1' } })
  endpoint.faults.hook = async (name) => {
    if (name !== 'ecs:RegisterTaskDefinition') return undefined
    running.kill(signal)
    // Longer than a signal takes.
    await new Promise((go) => setTimeout(go, 200))
    return undefined
  }
  const { exitCode, stderr } = await running
  endpoint.faults.hook = undefined
  expect(exitCode).toBe(signal === 'SIGINT' ? 5 : undefined)
  if (signal === 'SIGINT')
    expect(prose(stderr)).toMatch(
      /it was interrupted\. Written: .*a task definition of 1024 CPU units and 2048 MiB\. Not written: the service with that definition\./,
    )
  const { code, stdout, stderr: errors } = await applying.apply(['--rollback', rollbackFile(), '--yes'])
  expect([code, errors]).toEqual([0, ''])
  expectBack(before, wanted, prose(stdout))
  await end()
})
