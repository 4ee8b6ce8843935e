/** Packages that are not installed. Here, because it takes modules of its own: those of unit tests are shared. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { aServiceWorld, cluster, service } from '../../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../../support/aws-endpoint/endpoint.ts'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint(aServiceWorld())
  for (const [name, value] of Object.entries(endpoint.environment)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.resetModules()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await endpoint.stop()
})

const readWithout = async (name: string) => {
  vi.doMock(name, () => {
    throw new Error('ERR_MODULE_NOT_FOUND')
  })
  try {
    const { ecsSource } = await import('../../../../runner/deployments/ecs/ecs.ts')
    return await (await ecsSource({ cluster, service })).read([], new AbortController().signal)
  } finally {
    vi.doUnmock(name)
  }
}

test.each(['@aws-sdk/client-sts', '@aws-sdk/client-ecs', '@aws-sdk/client-application-auto-scaling'])('%s is needed, and all are named', async (name) => {
  await expect(readWithout(name)).rejects.toMatchObject({
    exitCode: 5,
    message: expect.stringMatching(
      new RegExp(
        `^ECS service shop/web .*can't be read: the package "${name}" is not installed, .* Install them: npm install @aws-sdk/client-sts .*-pricing\\.$`,
      ),
    ),
  })
})

test.each([
  ['@aws-sdk/client-elastic-load-balancing-v2', 'The load balancer is unknown'],
  ['@aws-sdk/client-pricing', "AWS's present price is unknown"],
])('without %s the rest is read', async (name, unknown) => {
  const { size, caveats } = await readWithout(name)
  expect(size).toEqual({ vcpu: 0.5, gigabytes: 1 })
  expect(caveats[0]).toMatch(new RegExp(`^${unknown}, because the package "${name}" is not installed, .*\\(npm install ${name}\\)\\.`))
})
