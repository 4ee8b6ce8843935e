import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AwsClients } from '../../../../runner/aws/clients.ts'
import { change, type Given } from '../../../../runner/deployments/ecs/change.ts'
import type { Place } from '../../../../runner/deployments/ecs/place.ts'
import type { Settings } from '../../../../runner/deployments/ecs/settings.ts'
import type { Step } from '../../../../runner/deployments/ecs/steps.ts'
import { DeploymentError } from '../../../../runner/errors/deployment-error.ts'
import { aServiceWorld } from '../../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../../support/aws-endpoint/endpoint.ts'

let endpoint: Endpoint
let aws: AwsClients
beforeEach(async () => {
  endpoint = await startEndpoint(aServiceWorld())
  for (const [name, value] of Object.entries(endpoint.environment)) vi.stubEnv(name, value)
  aws = new AwsClients({})
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await aws.close()
  await endpoint.stop()
})

const settings: Settings = { bounds: { minimum: 2, maximum: 10 }, policies: {}, schedules: {}, definition: 'web:6' }
const steps: readonly Step[] = [{ kind: 'use definition', definition: 'web:7' }, { kind: 'await roll-out' }, { kind: 'set bounds', minimum: 1, maximum: 2 }]
const carryOut = ({
  signal = new AbortController().signal,
  atMost = 50,
  ...given
}: { signal?: AbortSignal; atMost?: number } & Partial<Given> = {}): Promise<string> => {
  const place: Place = {
    aws,
    arn: 'arn:aws:iam::123456789012:user/x',
    account: '123456789012',
    region: 'eu-central-1',
    cluster: 'shop',
    service: 'web',
    signal,
  }
  return change(place, steps, {
    before: settings,
    next: () => 'What was there before comes back with: perf apply --rollback FILE',
    policy: '',
    begins: () => {},
    done: () => {},
    progress: () => {},
    registered: async () => {},
    leaves: () => {},
    checkUnchanged: async () => {},
    patience: { between: [10, 10], atMost },
    ...given,
  })
}

test('a roll-out without end: bounds stay up, and that is said', async () => {
  endpoint.world.rollOuts = 'hang'
  await expect(carryOut()).rejects.toThrow(
    /stopped at the roll-out: the roll-out was not over after 0 min: 0 of 2 tasks of web:7 run\.\nWritten: the service with web:7\.\nNot written: bounds 1 to 2\./,
  )
  expect(endpoint.world.targets[0]).toMatchObject({ MinCapacity: 2, MaxCapacity: 10 })
})

test('a roll-out that failed is not waited for', async () => {
  endpoint.world.rollOuts = 'hang'
  const asked = endpoint.world
  const timer = setInterval(() => {
    for (const deployment of asked.services[0]?.deployments ?? [])
      Object.assign(deployment, { rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start' })
  }, 5)
  await expect(carryOut({ atMost: 5000 })).rejects.toThrow('the roll-out failed (tasks failed to start)')
  clearInterval(timer)
})

test('tasks that fail to start are not waited for without a circuit breaker, and why they stopped is said', async () => {
  endpoint.world.rollOuts = 'fail'
  await expect(carryOut({ atMost: 60_000 })).rejects.toThrow(
    '3 tasks of web:7 failed to start, and ECS goes on trying: the service has no circuit breaker. Its last task stopped: Essential container in task exited; container web: exit code 137, OutOfMemoryError: Container killed due to memory usage.\nWritten: the service with web:7.',
  )
})

test('with a circuit breaker it is for the breaker to say', async () => {
  endpoint.world.rollOuts = 'fail'
  Object.assign(endpoint.world.services[0] ?? {}, { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } })
  await expect(carryOut()).rejects.toThrow('the roll-out was not over')
})

test('a circuit breaker that went back is no success', async () => {
  Object.assign(endpoint.world.services[0] ?? {}, { taskDefinition: 'task-definition/web:6' })
  endpoint.world.rollOuts = 'go back'
  await expect(carryOut({ atMost: 60_000 })).rejects.toThrow('the roll-out failed (ECS deployment circuit breaker: tasks failed to start.)')
  await expect(carryOut({ atMost: 60_000 })).rejects.toThrow('the roll-out failed')
})

test('how far it is is told whenever that changes', async () => {
  endpoint.world.rollOuts = 'hang'
  const told: string[] = []
  let looks = 0
  endpoint.faults.hook = (name) => {
    if (name !== 'ecs:DescribeServices') return undefined
    looks += 1
    const own = endpoint.world.services[0]?.deployments?.[0] ?? {}
    if (looks === 3) Object.assign(own, { runningCount: 1 })
    if (looks === 4) Object.assign(own, { failedTasks: 1 })
    if (looks === 5) endpoint.world.rollOuts = 'end'
    return undefined
  }
  await carryOut({ atMost: 60_000, progress: (text) => told.push(text) })
  expect(told).toEqual(['0 of 2 tasks of web:7 run', '1 of 2 tasks of web:7 run', '1 of 2 tasks of web:7 run, 1 failed'])
})

test('what is read from before the roll-out is looked at again', async () => {
  const world = endpoint.world
  const old = structuredClone(world.services)
  let looks = 0
  endpoint.faults.hook = (name) => {
    if (name !== 'ecs:DescribeServices') return undefined
    looks += 1
    const now = world.services
    world.services =
      looks <= 2 ? old.map((each) => ({ ...each, taskDefinition: 'task-definition/web:6' })) : now.map((each) => ({ ...each, taskDefinition: 'web:7' }))
    return undefined
  }
  await expect(carryOut({ atMost: 60_000 })).resolves.toBe('web:7')
  expect(looks).toBe(3)
})

test('a service that somebody else gave another revision is no success', async () => {
  endpoint.world.rollOuts = 'hang'
  let looks = 0
  endpoint.faults.hook = (name) => {
    if (name === 'ecs:DescribeServices' && ++looks === 2) Object.assign(endpoint.world.services[0] ?? {}, { taskDefinition: 'task-definition/web:9' })
    return undefined
  }
  await expect(carryOut({ atMost: 60_000 })).rejects.toThrow('the service uses web:9 in place of web:7: ECS went back, or somebody else changed it')
})

test('why tasks stopped is no reason to fail when it may not be read', async () => {
  endpoint.world.rollOuts = 'fail'
  endpoint.faults.denied.add('ecs:ListTasks')
  await expect(carryOut({ atMost: 60_000 })).rejects.toThrow('the service has no circuit breaker.\nWritten:')
})

test('what others changed during the roll-out is not overwritten', async () => {
  const seen: Settings[] = []
  const checkUnchanged = async (expected: Settings): Promise<void> => {
    seen.push(expected)
    throw new DeploymentError('somebody else has changed it')
  }
  await expect(carryOut({ checkUnchanged })).rejects.toThrow('stopped at bounds 1 to 2: somebody else has changed it.\nWritten: the service with web:7.')
  expect(seen).toEqual([{ ...settings, definition: 'web:7' }])
  expect(endpoint.world.targets[0]).toMatchObject({ MinCapacity: 2, MaxCapacity: 10 })
})

test('Ctrl-C ends the waiting, and what was written is said', async () => {
  endpoint.world.rollOuts = 'hang'
  const stop = new AbortController()
  const begins = ({ kind }: Step): void => {
    if (kind === 'await roll-out') stop.abort()
  }
  await expect(carryOut({ signal: stop.signal, atMost: 60_000, begins })).rejects.toThrow(
    /stopped at the roll-out: it was interrupted\.\nWritten: the service with web:7\.\nNot written: bounds 1 to 2\.\nWhat was there before comes back with: perf apply --rollback FILE/,
  )
})

test('Ctrl-C during a write lets it end, so that it is known to be written', async () => {
  const stop = new AbortController()
  endpoint.faults.hook = (name) => {
    if (name === 'ecs:UpdateService') stop.abort()
    return undefined
  }
  await expect(carryOut({ signal: stop.signal })).rejects.toThrow(
    'stopped at the roll-out: it was interrupted.\nWritten: the service with web:7.\nNot written: bounds 1 to 2.',
  )
})
