/** Forecasts against R's HoltWinters (test/fixtures/r-4.2.2/known-answers.R). */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fitted } from '../../../../budgets/advice/forecast/fit.ts'
import { ahead, type Season, smooth } from '../../../../budgets/advice/forecast/holt-winters.ts'

type Forecast = { values: number[]; period: number; alpha: number; beta: number; gamma: number; squares: number; ahead: number[] }
const known: Record<string, Forecast> = JSON.parse(readFileSync(new URL('../../../fixtures/r-4.2.2/known-answers.json', import.meta.url), 'utf8')).forecast
const kindOf = (name: string): Season => (/airPassengers|Multiplicative/.test(name) ? 'multiplicative' : 'additive')
const named = (name: string): Forecast => known[name] as Forecast

describe('Holt-Winters with the smoothing that R took', () => {
  test.each(Object.keys(known))('%s: the error of all one-step forecasts, and a period ahead', (name) => {
    const { values, period, squares, ahead: expected, ...smoothing } = named(name)
    const smoothed = smooth(values, period, kindOf(name), smoothing)
    expect(Math.abs(smoothed.squaredError / squares - 1)).toBeLessThan(1e-7)
    const found = ahead(smoothed, expected.length)
    expect(found.length).toBe(expected.length)
    for (const [at, value] of expected.entries()) expect(Math.abs((found[at] as number) / value - 1)).toBeLessThan(1e-8)
  })
})

// science.md §16. R says of co2 that its optimiser had difficulties, so its smoothing is R's own to 10⁻³.
test('co2 is 468 values, and its published figures follow from them', () => {
  const { values, period, alpha, beta, gamma, squares } = named('co2')
  expect(values.length).toBe(468)
  for (const [found, published] of [
    [alpha, 0.5126484],
    [beta, 0.0094977],
    [gamma, 0.4728868],
  ] as const)
    expect(found).toBeCloseTo(published, 6)
  expect(squares).toBeCloseTo(43.1299, 3)
  const forecast = ahead(smooth(values, period, 'additive', { alpha: 0.5126484, beta: 0.0094977, gamma: 0.4728868 }), 3)
  for (const [at, published] of [365.108, 365.966, 366.734].entries()) expect(forecast[at]).toBeCloseTo(published, 2)
})

test.each(['airPassengers', 'co2'])('%s: the own search for smoothing comes as near as R’s', (name) => {
  const { values, period, squares } = named(name)
  expect(smooth(values, period, kindOf(name), fitted(values, period, kindOf(name))).squaredError).toBeLessThanOrEqual(squares * 1.001)
})
