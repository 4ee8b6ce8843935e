import { describe, expect, test } from 'vitest'
import { type Forecast, forecastOf, type Hours } from '../../../../budgets/advice/forecast/forecast.ts'
import { randomFrom } from '../../../../scenarios/shape.ts'

/** A day that has its height at noon; at weekends half of it. */
const hourly = (hours: number, weekend = 1, growth = 0, noise = 0): number[] => {
  const random = randomFrom(7)
  return Array.from({ length: hours }, (_, at) => {
    const day = 1000 - 800 * Math.cos((2 * Math.PI * (at % 24)) / 24)
    return Math.round(day * (Math.floor(at / 24) % 7 >= 5 ? weekend : 1) * (1 + (growth * at) / 24) * (1 + noise * (random() - 0.5)))
  })
}
const found = (hours: Hours): Forecast => {
  const forecast = forecastOf(hours)
  if (forecast.declined) throw new Error(forecast.because)
  return forecast
}

describe('the method', () => {
  test('15 days and more: the last week once more, weekends as weekends', () => {
    const { method, hours, highest } = found(hourly(24 * 15, 0.5))
    expect(method).toBe('last week')
    expect(hours.length).toBe(168)
    // The 16th day is a Tuesday, four days before a Saturday.
    expect(hours[12]).toBe(1800)
    expect(hours[24 * 4 + 12]).toBe(900)
    expect(highest).toBe(1800)
  })

  test('less, and growing: Holt-Winters, above all that was seen', () => {
    const grown = hourly(24 * 10, 1, 0.1, 0.05)
    const { method, highest } = found(grown)
    expect(method).toBe('Holt-Winters')
    expect(highest).toBeGreaterThan(Math.max(...grown))
  })

  test('less, and without a pattern: the last day, because Holt-Winters was no nearer', () => {
    // A day and its opposite in turn: any smoothing is between them, and so is its error.
    const turns = Array.from({ length: 24 * 4 }, (_, at) => (at < 72 ? 1000 + (at % 24) : 4000 - 100 * (at % 24)))
    const { method, because } = found(turns)
    expect(method).toBe('last day')
    expect(because).toMatch(/Holt-Winters was off by [\d.]+ times the change from day to day, so repeating the last day is nearer/)
  })

  test('a series that repeats itself exactly is repeated', () => {
    const { method, highest, lowest, factor } = found(hourly(24 * 3))
    expect({ method, highest, lowest, factor }).toEqual({ method: 'last day', highest: 1800, lowest: 200, factor: 1 })
  })
})

describe('how far it may be off', () => {
  test('grows with the noise of the hours', () => {
    const calm = found(hourly(24 * 15, 1, 0, 0.1)).factor as number
    const wild = found(hourly(24 * 15, 1, 0, 0.8)).factor as number
    expect(calm).toBeGreaterThan(1)
    expect(calm).toBeLessThan(1.15)
    expect(wild).toBeGreaterThan(1.3)
  })

  test('is told on the average, as a share: hours within 5 % of a course that repeats are a third of 10 % apart', () => {
    const { error, because } = found(hourly(24 * 15, 1, 0, 0.1))
    expect(error).toBeGreaterThan(0.03)
    expect(error).toBeLessThan(0.037)
    expect(because).toContain(`Hours that were forecast so were off by ${(100 * (error ?? 0)).toFixed(1)} % on the average, 19 of 20 came to at most`)
    expect(found([...hourly(24 * 3)].map((value) => (value === 200 ? 0 : value))).error).toBe(0)
  })

  test('counts the hours that were more than a fifth above', () => {
    expect(found(hourly(24 * 15, 1, 0, 0.1)).above).toBe(0)
    expect(found(hourly(24 * 15, 1, 0, 0.8)).above).toBeGreaterThan(0.1)
  })
})

describe('declined', () => {
  test('below two periods', () => {
    expect(forecastOf(hourly(30))).toEqual({ declined: true, because: 'No forecast, because 30 h exist and 48 h are needed.' })
  })

  test('more than 5 % gaps are named, fewer are filled with the same hour of another day', () => {
    const holed = (every: number): Hours => hourly(96).map((value, at) => (at % every === 1 ? null : value))
    expect(forecastOf(holed(12))).toEqual({
      declined: true,
      because: 'No forecast, because 8 of 96 h are missing and 5 % may be: hour 2, hour 14, hour 26, hour 38, hour 50 ….',
    })
    expect(found(hourly(96).map((value, at) => (at === 85 ? null : value))).hours).toEqual(hourly(24))
  })

  test('more than one period', () => {
    expect(forecastOf(hourly(96), 25)).toEqual({
      declined: true,
      because: "No forecast of 25 h, because a period has 24 h and what follows it can't be held against anything.",
    })
  })
})
