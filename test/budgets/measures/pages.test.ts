import { expect, test } from 'vitest'
import { judge } from '../../../budgets/judge.ts'
import { readDefaultBudgets } from '../../../budgets/read.ts'
import type { Run } from '../../../runner/run.ts'
import { aRun } from '../../support/a-run.ts'
import { type VisitFacts, withPages } from '../../support/a-visited-run.ts'

const shipped = await readDefaultBudgets()
const judged = (run: Run, name: string) => judge(run, shipped).judgements.find(({ budget }) => budget.name === name)
const loads = (...times: readonly (number | string | null)[]): VisitFacts[] =>
  times.map((time, index) => (typeof time === 'string' ? { at: index * 5, failure: time } : { at: index * 5, page_load: time, time_to_interactive: time }))
const visited = (pages: Readonly<Record<string, readonly VisitFacts[]>>): Run =>
  withPages(aRun({ test: 'baseline' }), Object.fromEntries(Object.entries(pages).map(([name, under]) => [name, { before: [], under }])))

test('the worst page decides, and not the mean of all', () => {
  const run = visited({ home: loads(300, 310, 320, 330, 340), catalogue: loads(3500, 3600, 3700, 3800, 3900), about: loads(100, 100, 100, 100, 100) })
  const judgement = judged(run, 'page load')
  expect(judgement).toMatchObject({ status: 'exceeded', observed: 3800 })
  expect(judgement?.because).toMatch(/^p75 of page load of catalogue \(the worst of 3 pages\) was 3,800 ms, at most 3,000 ms is allowed \(\+27 %\)\.$/)
})

test('three good visits of four meet a p75, two do not', () => {
  expect(judged(visited({ home: loads(1000, 1000, 1000, 1000, 9000) }), 'page load')?.status).toBe('met')
  expect(judged(visited({ home: loads(1000, 1000, 9000, 9000) }), 'page load')?.status).toBe('exceeded')
})

test('fewer than four visits are too few for a p75', () => {
  const judgement = judged(visited({ home: loads(100, 100, 100) }), 'page load')
  expect(judgement?.status).toBe('unknown')
  expect(judgement?.because).toContain('3 visits were measured and at least 4 are needed')
})

test('the page that was visited least says whether there were enough', () => {
  expect(judged(visited({ home: loads(100, 100, 100, 100, 100), product: loads(100) }), 'page load')?.status).toBe('unknown')
})

test('a page that never came was not loaded in time', () => {
  const judgement = judged(visited({ home: loads(200, 200, 'timeout', 'HTTP 503') }), 'page load')
  expect(judgement).toMatchObject({ status: 'exceeded' })
  expect(judgement?.because).toMatch(/^p75 of page load of home \(2 visits never came\) was without end, at most 3,000 ms is allowed\.$/)
})

test('a figure that is unknown of a few visits leaves open what it leaves open', () => {
  expect(judged(visited({ home: loads(200, 200, 200, 200, 200, 200, 200, null) }), 'time to interactive')?.status).toBe('met')
  const open = judged(visited({ home: loads(200, 200, 200, null, null) }), 'time to interactive')
  expect(open?.status).toBe('unknown')
  expect(open?.because).toContain('because it is not known of 2 visits of home')
})

test('what was known of fewer visits than not is unknown', () => {
  expect(judged(visited({ home: loads(200, null, null, null) }), 'time to interactive')?.status).toBe('unknown')
})

test('without a browser the budgets of pages are listed as not measured and decide nothing', () => {
  const verdict = judge(aRun({ test: 'baseline' }), shipped)
  expect(verdict.word).toBe('pass')
  expect(verdict.notMeasured?.map(({ name }) => name)).toEqual(expect.arrayContaining(['page load', 'time to interactive']))
})
