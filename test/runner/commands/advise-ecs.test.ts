import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { aRun } from '../../support/a-run.ts'
import { saveRuns } from '../../support/a-store.ts'
import { addMinutes, aServiceWorld } from '../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../support/aws-endpoint/endpoint.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/advise.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-advise-ecs-'))
let endpoint: Endpoint

// The first use of each client loads it, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  endpoint = await startEndpoint(aServiceWorld(new Date()))
  for (const [name, value] of Object.entries(endpoint.environment)) vi.stubEnv(name, value)
  const yesterday = Math.floor(Date.now() / 60_000) * 60_000 - 86_400_000
  await saveRuns(cwd, [aRun({ id: 'broken', test: 'breakpoint' }), { ...aRun({ id: 'long', seconds: 700 }), startedAt: new Date(yesterday).toISOString() }])
  addMinutes(endpoint.world, new Date(yesterday), 12)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await endpoint.stop()
  rmSync(cwd, { recursive: true, force: true })
})

const perf = async (...argv: string[]) => {
  const said = await perfHere(['advise', 'broken', '--rate', '20/s', '--expect', '500/s', ...argv], { cwd })
  return { ...said, prose: said.stdout.replace(/\s+/g, ' ') }
}

test('the account is named first, then what is deployed, and starts of tasks are what scaling has to wait for', async () => {
  const { code, stdout, stderr, prose } = await perf('--ecs', 'shop/web')
  expect(code).toBe(0)
  expect(stderr.split('\n')[0]).toBe(
    'AWS account 123456789012, region eu-central-1, as arn:aws:iam::123456789012:user/reader: ECS service shop/web is read, and not changed.',
  )
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    'As deployed: shop/web in eu-central-1, account 123456789012',
    '  Size       0.5 vCPU, 1 GB, arm',
    '  Instances  2 wanted, 2 running; 2 at least, 10 at most',
    '  Scaled by  ECSServiceAverageCPUUtilization at 60 (cpu, 60 s between steps out,',
  ])
  expect(prose).toContain(
    'Start-up 77 s: the slowest of 2 starts (41.2 to 62 s from createdAt to startedAt, with the pull of the image), and 15 s for one health check',
  )
  expect(prose).toContain('The image was pulled in 16.5 to 35 s of it.')
  expect(stdout).not.toContain('the time until a new instance is in service was not measured')
  // The table is of us-east-1, and the price list of AWS was read.
  expect(prose).not.toContain('The prices are of us-east-1')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('what CloudWatch measured during a run is told', async () => {
  const { stdout } = await perfHere(['advise', 'long', '--rate', '20/s', '--expect', '500/s', '--ecs', 'shop/web'], { cwd })
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    /In the run, at most: CPU of the busiest instance 5\d %, its memory 31 %, 50\/s at the load balancer, p95 50 ms there/,
  )
})

test('--start-up counts before what was read', async () => {
  const { stdout } = await perf('--ecs', 'shop/web', '--json')
  const { stdout: given } = await perf('--ecs', 'shop/web', '--start-up', '600s', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    deployment: { kind: 'ecs', cluster: 'shop', service: 'web', region: 'eu-central-1', account: '123456789012' },
    resourceLabel: 'app/shop/50dc6c495c0c9188/targetgroup/web/6d0ecf831eec9f09',
    now: { instances: 2, minimum: 2, maximum: 10, size: { vcpu: 0.5, gigabytes: 1 } },
  })
  expect(JSON.parse(given).scaling).not.toEqual(JSON.parse(stdout).scaling)
})

test('a role is taken on under the name of the run', async () => {
  const arn = 'arn:aws:iam::123456789012:role/perf-read'
  const before = endpoint.world.arn
  endpoint.world.roles.set(arn, 'ASIAROLE')
  const { stderr } = await perf('--ecs', 'shop/web', '--role-arn', arn)
  endpoint.world.arn = before
  expect(stderr).toContain('as arn:aws:sts::123456789012:assumed-role/perf-read/perf-broken:')
})

test.each([
  ['a service that is not there', ['--ecs', 'shop/wbe'], 5, 'Cluster shop has no service "wbe" (account 123456789012, eu-central-1). There is web.'],
  ['a name that is none', ['--ecs', 'web'], 2, '--ecs "web" names no deployment. Two names are expected, with a slash between them. Write --ecs shop/web.'],
  ['a region without a service', ['--region', 'eu-west-1'], 2, '--region tells how AWS is reached, and no service in it.'],
  ['a role without a service', ['--role-arn', 'arn:x'], 2, '--role-arn tells how AWS is reached'],
  ['two deployments', ['--ecs', 'shop/web', '--kubernetes', 'shop/web'], 2, '--ecs and --kubernetes name two deployments.'],
] as const)('%s', async (_, argv, expected, sentence) => {
  const { code, stdout, stderr } = await perf(...argv)
  expect([code, stdout]).toEqual([expected, ''])
  expect(stderr).toContain(sentence)
})
