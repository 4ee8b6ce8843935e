import { expect, test } from 'vitest'
import { percentilesOf, shown } from '../../reports/percentiles.ts'
import { HistogramRecorder } from '../../runner/stats/histogram.ts'

const oneToHundred = () => {
  const recorder = new HistogramRecorder()
  for (let value = 1; value <= 100; value++) recorder.add(value)
  return recorder.take()
}

// science.md, section 2: 1, 2, …, 100 ms completed and 5 dropped.
test('a percentile that lies among the dropped is shown as what it is at least', () => {
  const times = percentilesOf(oneToHundred(), 5)
  expect(times).toMatchObject({ p99: Infinity, max: Infinity, atLeast: { p99: expect.closeTo(99, 0), max: 100 } })
  expect(Object.keys(times.atLeast ?? {})).toEqual(['p99', 'max'])
  expect([shown(times, 'p50'), shown(times, 'p99'), shown(times, 'max')]).toEqual(['53.1 ms', '≥ 99.1 ms', '≥ 100 ms'])
})

test('what lies among timeouts is beyond every number, and is shown so', () => {
  const times = percentilesOf(oneToHundred(), 0, 5)
  expect(times).not.toHaveProperty('atLeast')
  expect([times.p99, shown(times, 'p99')]).toEqual([Infinity, '∞'])
})

test('too few samples are no percentile, whatever is missing', () => {
  const times = percentilesOf(oneToHundred(), 5)
  expect([times.p999, shown(times, 'p999')]).toEqual([null, '–'])
})

test('without anything missing there is nothing to say', () => {
  expect(percentilesOf(oneToHundred())).not.toHaveProperty('atLeast')
})
