import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { adviceIn } from '../../../runner/commands/kept-advice.ts'
import { aServiceBroken, aServiceRun } from '../../support/a-service.ts'
import { saveRuns } from '../../support/a-store.ts'
import { anAlarm, aServiceWorld } from '../../support/aws-endpoint/a-service.ts'
import { type Endpoint, startEndpoint } from '../../support/aws-endpoint/endpoint.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/advise.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-as-deployed-'))
let endpoint: Endpoint

// The first use of each client loads it, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  endpoint = await startEndpoint(aServiceWorld(new Date()))
  const { world } = endpoint
  for (const [name, value] of Object.entries(endpoint.environment)) vi.stubEnv(name, value)
  // One core, as was measured.
  const [definition] = world.taskDefinitions
  world.taskDefinitions = [{ ...definition, cpu: '1024', memory: '2048' }]
  world.alarms.push(
    anAlarm(world, 'web-memory', 'none', {
      MetricName: 'MemoryUtilization',
      Statistic: 'Maximum',
      Threshold: 85,
      AlarmActions: ['arn:aws:sns:eu-central-1:123456789012:on-call'],
    }),
  )
  await saveRuns(cwd, [aServiceBroken(), aServiceRun('calm', 'baseline', [[40, 120]])])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await endpoint.stop()
  rmSync(cwd, { recursive: true, force: true })
})

const advise = async (...argv: string[]) => {
  const asked = ['advise', '2026-01-02-breakpoint', 'calm', '--rate', '60/s', '--expect', '400/s', '--policy', 'ecs-20s', '--ecs', 'shop/web', ...argv]
  const said = await perfHere(asked, { cwd })
  return { ...said, prose: said.stdout.replace(/\s+/g, ' ') }
}

test('what is deployed is played beside what is recommended, and kept for the report', async () => {
  const { code, prose } = await advise()
  expect(code).toBe(0)
  expect(prose).toMatch(/As now .* arrivals \([\d.]+ %\) wait longer than 0\.5 s\. [\d,]+ instance-hours a month, [\d.]+ USD, with such a rise each day\./)
  expect(prose).toMatch(/Advised .* instance-hours a month/)
  // 3 points of a minute, up to a minute before the first, up to a minute until they are seen, and 77 s to start.
  expect(prose).toContain('From the rise until there is more capacity it takes 267 to 377 s, by the periods and points of its alarms.')
  expect(prose.match(/From the rise until there is more capacity/g)).toHaveLength(1)
  expect(prose).toContain('No alarm watches it as deployed.')
  expect(prose).toContain('As deployed: web-memory at MemoryUtilization (Maximum) above 85 in 3 of 3 points of 60 s: 180 s at least.')
  const kept = await adviceIn(join(cwd, 'perf-results', '2026-01-02-breakpoint')).catch(() => undefined)
  const record = kept ?? (await adviceIn(join(cwd, 'perf-results', 'calm')))
  expect(record?.deployed).toMatchObject({ allowedWait: 0.5 })
  expect(record?.deployed?.violated).toBeGreaterThan(record?.simulation?.violated ?? 1)
  expect(record?.now?.policies?.map(({ name }) => name)).toEqual(['cpu'])
})

test('a size that was not measured and is not told has no play, and the reason', async () => {
  const [definition] = endpoint.world.taskDefinitions
  endpoint.world.taskDefinitions = [{ ...definition, cpu: '256', memory: '512' }]
  const { prose } = await advise()
  endpoint.world.taskDefinitions = [definition as NonNullable<typeof definition>]
  expect(prose).toMatch(/As now (Unknown\. What an instance of 0\.25 vCPU, 0\.5 GB serves is not known|.* told from CPU, because one of 1 core was measured)/)
})
