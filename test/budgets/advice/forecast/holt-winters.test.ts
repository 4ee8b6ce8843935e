import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { conformalFactor, meanScaledError, seasonalNaive, symmetricError } from '../../../../budgets/advice/forecast/accuracy.ts'
import { ahead, smooth, startValues } from '../../../../budgets/advice/forecast/holt-winters.ts'

// science.md §16, checked there against R and an independent program.
const series = [10, 14, 8, 25, 16, 22, 14, 35, 20, 28, 18, 44, 26, 34, 24, 50]
const given = { alpha: 0.3, beta: 0.1, gamma: 0.2 }
const expectClose = (found: readonly number[], expected: readonly number[], digits: number): void => {
  expect(found.length).toBe(expected.length)
  for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, digits)
}

// Monthly passengers of airlines, 1949–1960, in thousands, out of R: Box & Jenkins, Time Series Analysis, 1976, series G.
const passengers: readonly number[] = JSON.parse(readFileSync(new URL('../../../fixtures/r-4.2.2/known-answers.json', import.meta.url), 'utf8')).forecast
  .airPassengers.values

describe('Holt-Winters', () => {
  test('additive: start values, error and forecast', () => {
    const start = startValues(series, 4, 'additive')
    expectClose([start.level, start.trend, ...start.season], [13.125, 1.825, -2.5625, 1.4375, -7.0625, 8.1875], 6)
    const smoothed = smooth(series, 4, 'additive', given)
    expect(smoothed.squaredError).toBeCloseTo(158.39119, 5)
    expectClose(ahead(smoothed, 4), [35.859363, 42.525642, 34.883044, 55.021168], 6)
  })

  test('multiplicative: start values, error and forecast', () => {
    expectClose(startValues(series, 4, 'multiplicative').season, [0.87274, 1.082943, 0.53819, 1.506128], 6)
    const smoothed = smooth(series, 4, 'multiplicative', given)
    expect(smoothed.squaredError).toBeCloseTo(159.443396, 5)
    expectClose(ahead(smoothed, 4), [34.132601, 44.629977, 25.164993, 65.389174], 6)
  })

  test('the passengers of airlines, with the parameters that R fits', () => {
    const smoothed = smooth(passengers, 12, 'multiplicative', { alpha: 0.2755925, beta: 0.03269295, gamma: 0.8707292 })
    expect(smoothed.squaredError / 16_570.78).toBeCloseTo(1, 5)
    expectClose(ahead(smoothed, 3), [447.056, 419.712, 464.867], 2)
  })

  test('a line with a season of an odd period is forecast exactly once the start is forgotten', () => {
    const season = [3, -1, -2]
    const line = Array.from({ length: 600 }, (_, at) => 10 + 2 * at + (season[at % 3] as number))
    expectClose(ahead(smooth(line, 3, 'additive', given), 3), [1213, 1211, 1212], 6)
  })
})

describe('how far a forecast was off', () => {
  const actual = [32, 40, 29, 60]

  test('by the change from period to period, and by halves of both', () => {
    const additive = ahead(smooth(series, 4, 'additive', given), 4)
    expect(meanScaledError(actual, additive, series, 4)).toBeCloseTo(0.671956, 6)
    expect(100 * symmetricError(actual, additive)).toBeCloseTo(11.1427, 4)
    expect(meanScaledError(actual, seasonalNaive(series, 4, 4), series, 4)).toBeCloseTo(1.051948, 6)
  })

  test('is undefined where the series repeats itself', () => {
    expect(meanScaledError([1, 2], [1, 2], [1, 2, 1, 2, 1, 2], 2)).toEqual({ declined: true, because: 'MASE undefined: the series repeats itself exactly.' })
  })

  test('by what factor in all but 5 %: the 19th of 19, the 95th and 96th of 99 and 100', () => {
    const upTo = (n: number) => Array.from({ length: n }, (_, at) => n - at)
    expect(conformalFactor(upTo(19))).toBe(19)
    expect(conformalFactor(upTo(99))).toBe(95)
    expect(conformalFactor(upTo(100))).toBe(96)
    expect(conformalFactor(upTo(18))).toEqual({
      declined: true,
      because: 'How far a forecast may be off is unknown, because 18 hours were forecast and known afterwards, and 19 are needed.',
    })
  })

  test('simulated: the factor of 99 ratios is exceeded by one in 20 of the next, as promised', () => {
    // Seeded, 400 × 25 ratios: a share of 5 % has a standard error of 0.5 % at most.
    let state = 1
    const random = (): number => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    let exceeded = 0
    for (let round = 0; round < 400; round++) {
      const factor = conformalFactor(Array.from({ length: 99 }, random)) as number
      for (let next = 0; next < 25; next++) if (random() > factor) exceeded += 1
    }
    expect(exceeded / 10_000).toBeGreaterThan(0.035)
    expect(exceeded / 10_000).toBeLessThan(0.065)
  })
})
