import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'
import { saveRuns } from '../../support/a-store.ts'
import { perfHere } from '../../support/perf-here.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-capacity-'))
const rates = [10, 20, 30, 40]
const stepped = aRun({
  id: 'stepped',
  shape: holds(...rates.map((rate) => [rate, 10] as const)),
  probes: [aSeries('app.cpu', 'cores', 40, (at) => 0.005 * (rates[Math.floor(at / 10)] ?? 0), 0.25)],
})
const elsewhere = aRun({ id: 'elsewhere', target: 'http://127.0.0.1:9999' })
beforeAll(() => saveRuns(cwd, [stepped, elsewhere]))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const perf = async (...argv: string[]) => {
  const said = await perfHere(argv, { cwd })
  return { ...said, prose: () => said.stdout.replace(/\s+/g, ' ') }
}

test('tells which resource bounds throughput, and what is missing for the rest', async () => {
  const { code, prose, stdout } = await perf('capacity', 'stepped')
  expect(code).toBe(0)
  expect(prose()).toContain(
    'Capacity: Not measured, but predicted: app.cpu would be full at 50 successful requests/s [50, 50]: each takes 5 ms of a core, and there are 0.25 cores (R² 1).',
  )
  expect(prose()).toContain('none of these runs is a breakpoint test: perf run breakpoint.')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('one JSON document', async () => {
  const { stdout } = await perf('capacity', 'stepped', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ runs: ['stepped'], bound: { resource: 'app.cpu', rate: expect.closeTo(50, 6) } })
})

test('a staircase is told with the runs that narrow its answer, as far as they follow it', async () => {
  const stairs = aRun({ id: 'stairs', test: 'breakpoint', shape: holds([10, 12], [20, 12]), startedAt: '2026-01-01T00:00:00.000Z' })
  const narrower = (id: string, hour: number, refines: string) => ({ ...stairs, id, startedAt: `2026-01-01T0${hour}:00:00.000Z`, breakpoint: { refines } })
  await saveRuns(cwd, [stairs, narrower('first', 1, 'stairs'), narrower('second', 2, 'stairs'), narrower('other', 3, 'another'), narrower('late', 4, 'stairs')])
  expect(JSON.parse((await perf('capacity', 'stairs', '--json')).stdout)).toMatchObject({ runs: ['stairs', 'first', 'second'] })
  expect(JSON.parse((await perf('capacity', 'stairs', 'first', '--json')).stdout)).toMatchObject({ runs: ['stairs', 'first', 'second'] })
  expect(JSON.parse((await perf('capacity', 'first', '--json')).stdout)).toMatchObject({ runs: ['first'] })
})

test('runs of two targets have no one capacity', async () => {
  const { code, stderr } = await perf('capacity', 'stepped', 'elsewhere')
  expect(code).toBe(2)
  expect(stderr).toMatch(/These runs had different targets: .* and http:\/\/127\.0\.0\.1:9999\. The capacity of one can be told\. Name runs of one target\./)
})
