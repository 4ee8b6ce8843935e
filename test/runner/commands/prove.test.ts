import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isOfDemoShop, objectiveOf } from '../../../runner/commands/objective.ts'
import { aRun } from '../../support/a-run.ts'
import { saveRuns } from '../../support/a-store.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/advise.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-prove-'))
beforeAll(() => saveRuns(cwd, [aRun({ id: 'original' })]))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const prove = async (...flags: string[]) => {
  const { code, stdout, stderr } = await perfHere(['advise', 'original', '--rate', '10/s', '--expect', '70/s', ...flags], { cwd })
  return { code, stderr, prose: stdout.replace(/\s+/g, ' ') }
}

describe('refused before any load', () => {
  test.each([
    [['--start', 'node server.js'], '--start was given without --prove. Nothing is sent or started unless a proof is asked for. Add --prove.'],
    [['--smaller-target', 'http://127.0.0.1:1'], '--smaller-target was given without --prove.'],
    [['--size', '0.5/1'], '--size was given without --prove.'],
    [['--prove', '--size', 'half'], '--size "half" is no size. A size is cores and gigabytes. Write --size 0.5/1 for half a vCPU and 1 GB.'],
    [['--prove', '--size', '0.5/1', '--instances', '0'], '--instances "0" is no whole number of at least 1.'],
    [
      ['--prove', '--size', '0.5/1'],
      "is started is not known. A proof runs the service at the recommended size and at the next smaller one. Write --start 'node server.js'",
    ],
  ])('%j', async (flags, because) => {
    const { code, stderr } = await prove(...flags)
    expect(stderr).toContain(because)
    expect(code).toBe(2)
  })
})

describe('not proved, without a run', () => {
  test('a size that this machine does not have', async () => {
    const { code, prose } = await prove('--prove', '--size', '4096/8192', '--start', 'node server.js')
    expect(prose).toMatch(/NOT PROVED: 4,096 vCPU can't be tried on this machine, which has \d+\./)
    expect(code).toBe(3)
  })

  test('no size is recommended', async () => {
    const { code, prose } = await prove('--prove', '--start', 'node server.js')
    expect(prose).toContain('NOT PROVED: No size is recommended. Size unknown, because no probe watched the CPU of the target')
    expect(prose).not.toContain('Not proved yet')
    expect(code).toBe(3)
  })
})

describe('the objective of a saved run', () => {
  const runOf = (plan: object, file: string | null) => {
    const run = aRun({})
    return {
      ...run,
      scenario: { ...run.scenario, file },
      provenance: { ...run.provenance, configuration: { budgets: ['/home/me/budget.json'], plan: { env: { SHOP: 'tea' }, engine: { name: 'k6' }, ...plan } } },
    }
  }

  test('its own scenario, engine, variables and budgets', () => {
    const run = runOf({ source: { kind: 'scenario', file: '/home/me/shop.ts' } }, 'shop.ts')
    expect(objectiveOf(run)).toEqual({ scenario: '/home/me/shop.ts', engine: 'k6', variable: ['SHOP=tea'], budget: ['/home/me/budget.json'] })
    expect(isOfDemoShop(run)).toBe(false)
  })

  test('a k6 script stays one', () => {
    expect(objectiveOf(runOf({ source: { kind: 'script', file: '/home/me/shop.js' } }, 'shop.js'))).toMatchObject({ script: '/home/me/shop.js' })
  })

  test("the demo shop is known by its journeys, and visited by this package's own", () => {
    const run = runOf({ source: { kind: 'scenario', file: '/elsewhere/scenarios/journeys/shop.js' } }, null)
    expect(isOfDemoShop(run)).toBe(true)
    expect(objectiveOf(run).scenario).toMatch(/scenarios[/\\]journeys[/\\]shop\.ts$/)
  })

  test('without a scenario the front page is asked for, as it was then', () => {
    expect(objectiveOf(runOf({ source: { kind: 'scenario', file: '/elsewhere/scenarios/journeys/front-page.js' } }, null))).not.toHaveProperty('scenario')
  })
})
