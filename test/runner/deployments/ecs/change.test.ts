import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AwsClients } from '../../../../runner/aws/clients.ts'
import { change } from '../../../../runner/deployments/ecs/change.ts'
import type { Place } from '../../../../runner/deployments/ecs/place.ts'
import type { Step } from '../../../../runner/deployments/ecs/steps.ts'
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

const steps: readonly Step[] = [{ kind: 'use definition', definition: 'web:7' }, { kind: 'await roll-out' }, { kind: 'set bounds', minimum: 1, maximum: 2 }]
const carryOut = (signal = new AbortController().signal, atMost = 50, begins: (step: Step) => void = () => {}) => {
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
    definition: 'web:7',
    rollback: 'perf apply --rollback FILE',
    policy: '',
    begins,
    done: () => {},
    patience: { between: [10, 10], atMost },
  })
}

test('a roll-out without end: bounds stay up, and that is said', async () => {
  await expect(carryOut()).rejects.toThrow(
    /stopped at the roll-out: the roll-out was not over after 0 min\. Written: the service with web:7\. Not written: bounds 1 to 2\./,
  )
  expect(endpoint.world.targets[0]).toMatchObject({ MinCapacity: 2, MaxCapacity: 10 })
})

test('a roll-out that failed is not waited for', async () => {
  const asked = endpoint.world
  const timer = setInterval(() => {
    for (const deployment of asked.services[0]?.deployments ?? [])
      Object.assign(deployment, { rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start' })
  }, 5)
  await expect(carryOut(undefined, 5000)).rejects.toThrow('the roll-out failed (tasks failed to start)')
  clearInterval(timer)
})

test('Ctrl-C ends the waiting, and what was written is said', async () => {
  const stop = new AbortController()
  const begins = ({ kind }: Step): void => {
    if (kind === 'await roll-out') stop.abort()
  }
  await expect(carryOut(stop.signal, 60_000, begins)).rejects.toThrow(
    /Written: the service with web:7\. Not written: bounds 1 to 2\. What was there before comes back with: perf apply --rollback FILE/,
  )
})
