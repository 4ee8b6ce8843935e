import { expect, test } from 'vitest'
import { LiveView, sparkline } from '../../runner/live.ts'
import { aRun } from '../support/a-run.ts'

test.each([
  { values: [1, 4, 8], line: '▁▄█' },
  { values: [5, 5], line: '██' },
  { values: [0, undefined, 8], line: '▁ █' },
  { values: [0, 0], line: '▁▁' },
  { values: [], line: '' },
])('$values is drawn as $line', ({ values, line }) => {
  expect(sparkline(values)).toBe(line)
})

test('the view sums what it was shown and looks at the last seconds only', () => {
  const run = aRun({ rate: 10, seconds: 60, latency: ({ t }) => (t < 30 ? 500 : 20), errors: { 'HTTP 503': 6 } })
  const view = new LiveView(60)
  for (const second of run.timeline) view.add(second)
  const glimpse = view.at(45)
  expect([glimpse.completed, glimpse.failed]).toEqual([run.load.completed, run.load.failed])
  expect(glimpse.p95).toBeLessThan(25)
  expect(glimpse.left).toBe(15)
  expect(glimpse.rates).toHaveLength(30)
})
