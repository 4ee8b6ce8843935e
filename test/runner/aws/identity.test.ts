import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AwsClients } from '../../../runner/aws/clients.ts'
import { identify } from '../../../runner/aws/identity.ts'
import { aServiceWorld } from '../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../support/aws-endpoint/endpoint.ts'

let endpoint: Endpoint
beforeEach(async () => {
  endpoint = await startEndpoint(aServiceWorld())
  for (const [name, value] of Object.entries(endpoint.environment)) vi.stubEnv(name, value)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await endpoint.stop()
})

test('who asks, of which account, in which region', async () => {
  const aws = new AwsClients({ region: 'us-east-1' })
  expect(await identify(aws)).toEqual({ arn: 'arn:aws:iam::123456789012:user/reader', account: '123456789012', region: 'us-east-1' })
  await aws.close()
})

const arn = 'arn:aws:iam::123456789012:role/reader'

test('a role is taken on once, and signs what follows', async () => {
  endpoint.world.roles.set(arn, 'ASIAROLE')
  const aws = new AwsClients({ role: { arn, session: 'perf-7' } })
  expect((await identify(aws)).arn).toBe('arn:aws:sts::123456789012:assumed-role/reader/perf-7')
  const { library, client } = await aws.open('scaling')
  await client.send(new library.DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))
  await aws.close()
  expect(endpoint.asked.map(({ action, key }) => [action, key])).toEqual([
    ['sts:AssumeRole', 'AKIDTEST'],
    ['sts:GetCallerIdentity', 'ASIAROLE'],
    ['application-autoscaling:DescribeScalableTargets', 'ASIAROLE'],
  ])
})

test('a role that may not be taken on is named', async () => {
  const aws = new AwsClients({ role: { arn, session: 'perf-7' } })
  await expect(identify(aws)).rejects.toMatchObject({ isDenied: true, message: expect.stringContaining(`sts:AssumeRole on ${arn} is not allowed`) })
  expect(endpoint.asked).toHaveLength(1)
  await aws.close()
})
