import { describe, expect, test } from 'vitest'
import { tQuantile } from '../../../runner/stats/student-t.ts'

describe('t quantiles are those of published tables', () => {
  test.each([
    // Abramowitz & Stegun, table 26.10, and science.md's values of jstat for the first two.
    { p: 0.99, degrees: 9, t: 2.821438 },
    { p: 0.999, degrees: 4, t: 7.173182 },
    { p: 0.975, degrees: 1, t: 12.7062 },
    { p: 0.975, degrees: 2, t: 4.302653 },
    { p: 0.975, degrees: 9, t: 2.262157 },
    { p: 0.975, degrees: 19, t: 2.093024 },
    { p: 0.95, degrees: 3, t: 2.353363 },
    { p: 0.95, degrees: 120, t: 1.657651 },
  ])('p $p with $degrees degrees of freedom is $t', ({ p, degrees, t }) => {
    expect(Math.abs(tQuantile(p, degrees) / t - 1)).toBeLessThan(1e-5)
  })
})

test('with many degrees of freedom it comes down to the normal quantile, and never below it', () => {
  const values = [5, 50, 500, 5000].map((degrees) => tQuantile(0.975, degrees))
  expect(values).toEqual(values.toSorted((a, b) => b - a))
  expect(values.at(-1)).toBeGreaterThan(1.959964)
  expect(values.at(-1)).toBeLessThan(1.9606)
})

test.each([
  [0.5, 3],
  [1, 3],
  [0.975, 0],
  [0.975, 2.5],
  [Number.NaN, 3],
])('p %d with %d degrees of freedom is refused', (p, degrees) => expect(() => tQuantile(p, degrees)).toThrow(RangeError))
