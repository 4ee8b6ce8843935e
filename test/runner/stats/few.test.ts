import { describe, expect, test } from 'vitest'
import { median, medianInterval, quantileOfFew } from '../../../runner/stats/few.ts'

// science.md §1, type 7 as R and numpy have it.
test.each([
  [[1, 2, 3, 4], 0.95, 3.85],
  [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9, 9.1],
  [[5], 0.95, 5],
  [[7, 7, 7], 0.5, 7],
])('of %j at %d is %d', (values, p, expected) => {
  expect(quantileOfFew(values, p)).toBeCloseTo(expected, 12)
})

test('the median of an even number lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('a quantile among those that never ended has no end, and is a number otherwise', () => {
  expect(quantileOfFew([1, 2, Infinity, Infinity], 0.9)).toBe(Infinity)
  expect(quantileOfFew([1, 2, 3, Infinity], 0.25)).toBe(1.75)
})

describe('the interval of a median', () => {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

  // Conover 1999, table A3 of the binomial distribution, p = 0.5.
  test.each([
    [6, 1, 6],
    [9, 2, 8],
    [12, 3, 10],
    [20, 6, 15],
  ])('of %d values lies between the %d-th and the %d-th', (n, low, high) => {
    expect(medianInterval(upTo(n))).toEqual({ low, high })
  })

  test('five values have none', () => {
    expect(medianInterval(upTo(5))).toBeUndefined()
    expect(medianInterval([])).toBeUndefined()
  })

  test('of thousands, both ways to it come to the same rank', () => {
    const [exact, normal] = [medianInterval(upTo(1000)), medianInterval(upTo(1001))]
    expect(Math.abs((exact?.low ?? 0) - (normal?.low ?? 0))).toBeLessThanOrEqual(1)
  })
})
