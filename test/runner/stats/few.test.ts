import { expect, test } from 'vitest'
import { median, quantileOfFew } from '../../../runner/stats/few.ts'

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
