import { afterAll, beforeAll, expect, test } from 'vitest'
import { aPool } from '../../support/a-pool.ts'
import { holds } from '../../support/a-run.ts'
import { type Applying, applyingTo } from '../../support/apply-here.ts'
import { aServiceWorld } from '../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../support/aws-endpoint/endpoint.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/advise.ts'

let endpoint: Endpoint
let applying: Applying
beforeAll(async () => {
  endpoint = await startEndpoint(aServiceWorld())
  const steps = [20, 40, 60, 80, 120].map((rate) => [rate, 12] as const)
  applying = await applyingTo(endpoint.environment, { shape: holds(...steps), seconds: 60, answer: aPool({ connections: 4, busy: 40 }) })
})
afterAll(async () => {
  applying.end()
  await endpoint.stop()
})

test('what perf advise keeps beside a run is what perf apply applies', async () => {
  const argv = ['advise', 'broken', '--rate', '100/s', '--expect', '1000/s', '--start-up', '90s', '--ecs', 'shop/web', '--architecture', 'arm']
  const advised = await perfHere(argv, { cwd: applying.cwd })
  expect(advised.code).toBe(0)
  const { code, stderr, stdout } = await applying.apply(['broken', '--yes'])
  expect([code, stderr]).toEqual([0, ''])
  const [, minimum, maximum] = /Instances {2}(\d+) at least, (\d+) at most\n {2}Target/.exec(advised.stdout) ?? []
  expect(endpoint.world.targets).toMatchObject([{ MinCapacity: Number(minimum), MaxCapacity: Number(maximum) }])
  const [, aMinute] = /requests\/s per instance\s+\(([\d,]+)\s+a\s+minute\)/.exec(advised.stdout) ?? []
  const added = endpoint.world.policies.find(({ PolicyName }) => PolicyName === 'scale-surgeon-ALBRequestCountPerTarget')
  expect(added?.TargetTrackingScalingPolicyConfiguration?.TargetValue).toBeCloseTo(Number(aMinute?.replace(',', '')), 0)
  expect(stdout).toContain('by the advice from broken:')
})
