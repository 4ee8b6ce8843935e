import { expect, test } from 'vitest'
import { quantileOfFew } from '../../../budgets/measures/series.ts'

// science.md §1, type 7 as R and numpy have it.
test.each([
  [[1, 2, 3, 4], 0.95, 3.85],
  [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9, 9.1],
  [[5], 0.95, 5],
  [[7, 7, 7], 0.5, 7],
])('of %j at %d is %d', (values, p, expected) => {
  expect(quantileOfFew(values, p)).toBeCloseTo(expected, 12)
})
