import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { html } from '../../../reports/html/page.ts'
import { summaryOf } from '../../../reports/json.ts'
import { text } from '../../../reports/text.ts'
import { reportOn } from '../../../runner/commands/write-results.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'
import { saveRuns } from '../../support/a-store.ts'
import { perfHere } from '../../support/perf-here.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-why-'))
const seconds = 60
const breaks = 40
const ill = aRun({
  id: 'ill',
  shape: holds([20, breaks], [80, seconds - breaks]),
  latency: ({ t }) => (t < breaks ? 20 : 800),
  probes: [
    aSeries('app.cpu', 'cores', seconds, (at) => (at < breaks ? 0.05 : 0.25), 0.25),
    aSeries('app.throttled', 'ratio', seconds, (at) => (at < breaks ? 0 : 0.9)),
  ],
})
const well = aRun({ id: 'well', seconds, rate: 20 })
const settled = aRun({
  id: 'settled',
  seconds,
  rate: 20,
  probes: [aSeries('app.memory', 'bytes', seconds, (at) => (60 + 90 * (1 - Math.exp(-at / 8))) * 1e6, 256e6)],
})
beforeAll(() => saveRuns(cwd, [ill, well, settled]))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const perf = async (...argv: string[]) => {
  const said = await perfHere(argv, { cwd })
  return { ...said, prose: () => said.stdout.replace(/\s+/g, ' ') }
}

test('perf why tells the moment, the cause with its figures, the illness, the remedy and the run that would confirm it', async () => {
  const { code, stdout, prose } = await perf('why', 'ill')
  expect(code).toBe(0)
  expect(prose()).toMatch(/^At 80\/s arrivals p95 of response time left its normal at 0:40 \(\d\d:\d\d:40 UTC\): 20 ms before/)
  expect(prose()).toContain('What broke first: app.cpu (high confidence). app.cpu reached 0.25 cores of 0.25 cores (100 %)')
  expect(prose()).toContain('CPU throttled by its quota')
  expect(prose()).toMatch(/To see that it helped: perf run baseline # app\.throttled stays below/)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('a healthy run has nothing to explain', async () => {
  const { code, prose } = await perf('why', 'well')
  expect(code).toBe(0)
  expect(prose()).toContain('there is nothing to explain')
})

test('memory that rose and settled is said to be no leak, in the page too', async () => {
  const sentence = /app\.memory rose by \d+(\.\d)? MB and settled at 150 MB of 256 MB: a heap or a cache that filled, and no leak\./
  expect((await perf('why', 'settled')).prose()).toMatch(sentence)
  expect(html(reportOn(settled, [], []))).toMatch(sentence)
  expect(JSON.parse((await perf('why', 'settled', '--json')).stdout).illnesses).toEqual([])
})

test('a question for figures gets figures; one that asks why gets the cause too', async () => {
  const figures = await perf('why', 'ill', 'cpu at 0:50')
  expect(figures.prose()).toContain('app.cpu was 0.25 cores at 0:50')
  expect(figures.prose()).not.toContain('What broke first')
  expect((await perf('why', 'ill', 'why was it slow at 0:50?')).prose()).toMatch(
    /p95 of response time at 0:50 \(\d\d:\d\d:50 UTC\) was 80\d ms.*What broke first: app\.cpu/,
  )
})

test('--json has the same as data', async () => {
  const { stdout } = await perf('why', 'ill', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    run: 'ill',
    attribution: { state: 'named', cause: { name: 'app.cpu' } },
    illnesses: [{ illness: 'cpu-throttling' }],
  })
})

test('a run that is not there is bad usage', async () => {
  const { code, stderr } = await perf('why', 'nothing')
  expect(code).toBe(2)
  expect(stderr).toContain('Run "nothing" does not exist')
})

test('reports of an ill run tell what broke first, and those of a healthy one say nothing of it', () => {
  const [bad, good] = [reportOn(ill, [], []), reportOn(well, [], [])]
  expect(text(bad)).toMatch(/^cause {6}app\.cpu \(high confidence\)$/m)
  expect(html(bad)).toMatch(/<section id="why".*What broke first/)
  expect(summaryOf(bad)).toMatchObject({
    attribution: {
      state: 'named',
      at: 40,
      cause: 'app.cpu',
      confidence: 'high',
      evidence: [{ name: 'app.cpu', kind: 'limit', unit: 'cores', baseline: 0.05, atBreach: 0.25, limit: 0.25, since: 40 }, { name: 'app.throttled' }],
    },
    illnesses: [{ illness: 'cpu-throttling' }],
  })
  expect(text(good)).not.toContain('cause')
  expect(html(good)).not.toContain('<section id="why"')
  expect(summaryOf(good)).toMatchObject({ attribution: { state: 'normal', at: null, cause: null }, illnesses: [] })
})
