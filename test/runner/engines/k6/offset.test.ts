import { expect, test } from 'vitest'
import { lowered, withoutZeros } from '../../../../runner/engines/k6/offset.ts'
import { empty, histogramOf } from '../../../../runner/stats/histogram.ts'
import { quantile } from '../../../../runner/stats/quantile.ts'

const values = Array.from({ length: 2000 }, (_, n) => 0.05 + ((n * 7919) % 2000) / 37) // 0.05 to 54 ms, well mixed

test.each([0.2, 2.7, 15])('lowering by %d ms gives back the values that were raised by it, within half a bucket', (by) => {
  const truth = histogramOf(values)
  const moved = lowered(histogramOf(values.map((value) => value + by)), by)
  expect(moved.count).toBe(truth.count)
  expect(moved.sum).toBeCloseTo(truth.sum, 6)
  expect(moved.min).toBeCloseTo(truth.min, 9)
  expect(moved.max).toBeCloseTo(truth.max, 9)
  for (const p of [0.1, 0.5, 0.95, 0.99]) {
    const expected = quantile(truth, p) ?? 0
    expect(Math.abs((quantile(moved, p) ?? 0) - expected)).toBeLessThan(0.0039 * (expected + by) + 0.0039 * expected + 0.05)
  }
})

test('nothing falls below 0', () => {
  expect(lowered(histogramOf([1, 2, 3]), 2.5)).toMatchObject({ count: 3, min: 0, max: 0.5 })
})

test('nothing moves without an offset, and nothing is made of nothing', () => {
  const histogram = histogramOf([1, 2])
  expect(lowered(histogram, 0)).toBe(histogram)
  expect(lowered(empty, 5)).toBe(empty)
})

test('zeros are taken out, and only they', () => {
  expect(withoutZeros(histogramOf([0, 0]))).toBe(empty)
  expect(withoutZeros(histogramOf([0, 0.25, 0]))).toEqual(histogramOf([0.25]))
  expect(withoutZeros(histogramOf([3]))).toEqual(histogramOf([3]))
})
