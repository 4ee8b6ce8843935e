import { expect, test } from 'vitest'
import { readObjective, wordsOfObjective } from '../../../budgets/capacity/objective.ts'

test.each([
  ['p99 < 300ms', 0.99, 300, 'p99 ≤ 300 ms'],
  ['p95<=1.5s', 0.95, 1500, 'p95 ≤ 1,500 ms'],
  ['p999 < 2s', 0.999, 2000, 'p999 ≤ 2,000 ms'],
  ['p99.9 < 2s', 0.999, 2000, 'p999 ≤ 2,000 ms'],
])('%s', (text, quantile, milliseconds, words) => {
  expect(readObjective(text)).toEqual({ quantile: expect.closeTo(quantile, 9), milliseconds })
  expect(wordsOfObjective(readObjective(text))).toBe(words)
})

test.each(['p99', 'p99 < 300', 'p99 > 300ms', 'p99 < 50%', 'error_rate < 1%', 'p99 < 0ms', ''])('%s is none', (text) => {
  expect(() => readObjective(text)).toThrow(/can't be read\. It is a percentile of response time with its limit\. Write --objective "p99 < 300ms"\./)
})

test('a median is about those who wait, a lower percentile is not', () => {
  expect(readObjective('p50 < 20ms').quantile).toBe(0.5)
  expect(() => readObjective('p10 < 20ms')).toThrow(/fast half/)
})
