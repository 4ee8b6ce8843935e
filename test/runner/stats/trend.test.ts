import { describe, expect, test } from 'vitest'
import { mannKendall, theilSen } from '../../../runner/stats/trend.ts'

// science.md §13
const tied = [23, 24, 29, 6, 29, 24, 24, 29, 23]
const rising = [500, 503, 501, 507, 510, 508, 515, 514, 520, 523, 521, 530]

describe('Mann-Kendall', () => {
  test('finds no trend in values with ties', () => {
    const { s, variance, z } = mannKendall(tied)
    expect(s).toBe(3)
    expect(variance).toBeCloseTo(83.6667, 4)
    expect(z).toBeCloseTo(0.218652, 6)
  })

  test('finds the trend of rising values, and its mirror image', () => {
    const { s, variance, z } = mannKendall(rising)
    expect(s).toBe(58)
    expect(variance).toBeCloseTo(212.6667, 4)
    expect(z).toBeCloseTo(3.908635, 6)
    expect(mannKendall(rising.map((value) => -value)).z).toBeCloseTo(-3.908635, 6)
  })

  test('adds up over seasons', () => {
    const values = [10, 50, 30, 12, 49, 33, 13, 53, 34, 15, 55, 38]
    const seasons = [0, 1, 2].map((season) => values.filter((_, index) => index % 3 === season))
    const { s, variance, z } = mannKendall(...seasons)
    expect([s, variance]).toEqual([16, 26])
    expect(z).toBeCloseTo(2.941742, 6)
  })

  test('of equal values z is 0, though their variance is too', () => {
    expect(mannKendall([7, 7, 7, 7])).toEqual({ s: 0, variance: 0, z: 0 })
  })
})

describe('Theil-Sen', () => {
  test('of values with ties', () => {
    const { slope, low, high } = theilSen(tied)
    expect([slope, low, high]).toEqual([0, -1.25, 2.5])
  })

  test('of rising values', () => {
    const { slope, low, high, intercept } = theilSen(rising)
    expect(slope).toBeCloseTo(2.527778, 6)
    expect(low).toBeCloseTo(2.1, 9)
    expect(high).toBeCloseTo(3, 9)
    expect(intercept).toBeCloseTo(498.0972, 4)
  })

  test('a straight line is found exactly, whatever one value does', () => {
    const values = Array.from({ length: 20 }, (_, index) => (index === 5 ? 1e6 : 3 + 2 * index))
    expect(theilSen(values).slope).toBe(2)
  })
})
