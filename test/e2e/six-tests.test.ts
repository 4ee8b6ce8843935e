/** The six tests on the demo shop with both engines: they end in a verdict, and every figure adds up to what the server saw. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Summary, summarySchema } from '../../reports/json.ts'
import { type DemoShop, startDemoShop } from '../../runner/demo-shop/start.ts'
import type { RunRecord } from '../../runner/run.ts'
import { k6 } from '../support/k6.ts'
import { perf } from '../support/perf.ts'

const base = mkdtempSync(join(tmpdir(), 'perf-six-tests-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let shop: DemoShop
beforeEach(async () => {
  shop = await startDemoShop({})
})
afterEach(() => shop.stop())

/** Requests of the load that the shop answered. */
const answered = async (): Promise<number> => {
  const stats = (await (await fetch(`${shop.url}/stats`)).json()) as { requests: number }
  return stats.requests
}

const loads = {
  smoke: ['--duration', '5s'],
  baseline: ['--rate', '30/s', '--duration', '10s'],
  stress: ['--rate', '10/s', '--peak', '60/s', '--duration', '10s'],
  spike: ['--rate', '10/s', '--peak', '80/s', '--duration', '10s'],
  soak: ['--rate', '20/s', '--duration', '8s'],
  breakpoint: ['--rate', '20/s', '--peak', '80/s', '--duration', '20s'],
} as const

describe.each(['embedded', ...(k6 ? ['k6'] : [])])('with %s', (engine) => {
  test.each(Object.entries(loads))('%s ends in a verdict, and its figures are those of the server', async (name, load) => {
    const cwd = mkdtempSync(join(base, `${engine}-${name}-`))
    const { exitCode, stdout, stderr } = await perf(
      [
        'run',
        name,
        '--engine',
        engine,
        '--target',
        shop.url,
        '--scenario',
        fileURLToPath(new URL('../../dist/scenarios/journeys/shop.js', import.meta.url)),
        '--json',
        ...load,
      ],
      { cwd },
    )
    expect(stderr).toContain(`${name} test: `)
    const summary: Summary = summarySchema.parse(JSON.parse(stdout))
    const folder = join(cwd, 'perf-results', 'latest')
    for (const file of ['run.json', 'timeline.ndjson.gz', 'report.html', 'summary.json', 'summary.md', 'junit.xml', 'config.effective.json', 'engine.log'])
      expect(existsSync(join(folder, file)), file).toBe(true)
    const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord

    expect(run.engine.name).toBe(engine)
    // Stopping k6 early cuts off what is under way, which reaches the server and no figure: at most one request for each journey cut off.
    const unseen = (await answered()) - run.load.completed
    expect(unseen).toBeGreaterThanOrEqual(0)
    expect(unseen).toBeLessThanOrEqual(engine === 'k6' && run.ending.state === 'stopped' ? run.iterations.interrupted * 3 : 0)
    expect(run.load.failed).toBe(0)
    expect(run.load.planned).toBe(run.load.started + run.load.dropped)
    expect(run.load.started).toBe(run.iterations.completed + run.iterations.interrupted)
    expect(run.endpoints.reduce((sum, { count }) => sum + count, 0)).toBe(run.load.completed)
    expect(summary.load).toEqual(run.load)
    expect(summary.exitCode).toBe(exitCode)
    // Whether a shared machine is quick enough for a verdict is not this test's business; that it says one of the three is.
    expect([0, 1, 3]).toContain(exitCode)
    if (name === 'breakpoint') expect(summary.capacity).not.toBeNull()
  })
})
