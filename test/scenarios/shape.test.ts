import { describe, expect, test } from 'vitest'
import { arrivalsDue, dueAt, durationOf, peakRate, plannedArrivals, rateAt, type Shape, schedule, timeOfArea, totalArrivals } from '../../scenarios/shape.ts'
import { constant, plateau, poisson, ramp, sequence, spike, staircase, step, viral } from '../../scenarios/shapes.ts'
import { perSecond } from '../../scenarios/units.ts'

const shapes: Readonly<Record<string, Shape>> = {
  constant: constant({ rate: '20/s', duration: '10s' }),
  'a slow trickle': constant({ rate: '7/m', duration: '10m' }),
  ramp: ramp({ from: '0/s', to: '50/s', duration: '20s' }),
  'ramp down': ramp({ from: '50/s', to: '0/s', duration: '20s' }),
  'nearly flat ramp': ramp({ from: perSecond(20), to: perSecond(20.000001), duration: '30s' }),
  step: step({ base: '5/s', to: '80/s', before: '7s', hold: '5s' }),
  staircase: staircase({ from: '10/s', to: '100/s', steps: 4, hold: '5s' }),
  plateau: plateau({ rate: '33/s', up: '3s', hold: '10s', down: '4s' }),
  spike: spike({ base: '20/s', peak: '200/s', hold: '6s', before: '3s', recovery: '5s' }),
  viral: viral({ base: '10/s', factor: 20, before: '5s', rise: '4s', halfLife: '6s', tail: '60s' }),
  'a pause in the middle': sequence(
    constant({ rate: '10/s', duration: '2s' }),
    constant({ rate: '0/s', duration: '3s' }),
    constant({ rate: '10/s', duration: '2s' }),
  ),
}

describe('known values', () => {
  test.each([
    { t: -0.001, rate: 0 }, // before the start
    { t: 0, rate: 20 },
    { t: 29.999, rate: 20 }, // still calm
    { t: 32.5, rate: 110 }, // half way up
    { t: 35, rate: 200 }, // first moment of the peak
    { t: 94.999, rate: 200 },
    { t: 100, rate: 20 }, // recovery
    { t: 160, rate: 0 }, // over
  ])('a spike from 20 to 200/s offers $rate/s at $t s', ({ t, rate }) => {
    expect(rateAt(spike({ base: '20/s', peak: '200/s' }), t)).toBeCloseTo(rate, 6)
  })

  test('a ramp from 0 to 20/s in 10 s makes 100 arrivals, a quarter of them in its first half', () => {
    const shape = ramp({ from: '0/s', to: '20/s', duration: '10s' })
    expect(totalArrivals(shape)).toBeCloseTo(100, 9)
    expect(totalArrivals(shape, 0, 5)).toBeCloseTo(25, 9)
    expect(timeOfArea(shape, 25)).toBeCloseTo(5, 9)
  })

  test('a viral curve falls to the middle between peak and base after one half-life', () => {
    const shape = viral({ base: '10/s', factor: 20, before: '30s', rise: '20s', halfLife: '60s', tail: '10m' })
    expect(rateAt(shape, 50)).toBeCloseTo(200, 9)
    expect(rateAt(shape, 110)).toBeCloseTo(105, 9)
    // ∫ of the decay over one half-life: 10·60 + 190·(60/ln 2)·½
    expect(totalArrivals(shape, 50, 110)).toBeCloseTo(600 + (190 * 60) / Math.LN2 / 2, 6)
  })

  test('the first of 200 uniform arrivals is due half a gap after the start, the last half a gap before the end', () => {
    const shape = constant({ rate: '20/s', duration: '10s' })
    expect(dueAt(shape, 0)).toBeCloseTo(0.025, 12)
    expect(dueAt(shape, 199)).toBeCloseTo(9.975, 12)
    expect(() => dueAt(shape, 200)).toThrow(/never comes/)
  })
})

describe.each(Object.entries(shapes))('laws that always hold: %s', (_, shape) => {
  const end = durationOf(shape)

  test('the integral is that of the rate, by the midpoint rule', () => {
    const steps = 200_000
    let sum = 0
    for (let at = 0; at < steps; at++) sum += rateAt(shape, ((at + 0.5) * end) / steps) * (end / steps)
    expect(sum / totalArrivals(shape)).toBeCloseTo(1, 4)
  })

  test('parts of the integral add up to the whole', () => {
    const cuts = [0, end * 0.1, end * 0.3333, end * 0.5, end * 0.77, end]
    const parts = cuts.slice(1).map((to, index) => totalArrivals(shape, cuts[index], to))
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(totalArrivals(shape), 8)
  })

  test('the inverse undoes the integral', () => {
    const planned = arrivalsDue(shape)
    for (const n of [0, 1, Math.floor(planned / 3), Math.floor(planned / 2), planned - 1])
      expect(totalArrivals(shape, 0, dueAt(shape, n))).toBeCloseTo(n + 0.5, 6)
  })

  test('the schedule is the list of all due times, in order and within the shape', () => {
    const due = [...schedule(shape, 1)]
    expect(due).toHaveLength(arrivalsDue(shape))
    for (let n = 0; n < due.length; n += Math.max(1, Math.floor(due.length / 97))) expect(due[n]).toBeCloseTo(dueAt(shape, n), 6)
    expect(due.every((time, n) => time > (due[n - 1] ?? 0) || n === 0)).toBe(true)
    expect(due.at(-1)).toBeLessThanOrEqual(end)
  })

  test('arrivals due per second add up to the plan', () => {
    let sum = 0
    for (let second = 0; second < Math.ceil(end); second++) sum += arrivalsDue(shape, second, second + 1)
    expect(sum).toBe(arrivalsDue(shape))
  })

  test('no rate is above the peak rate', () => {
    for (let at = 0; at < 1000; at++) expect(rateAt(shape, (at * end) / 1000)).toBeLessThanOrEqual(peakRate(shape) + 1e-9)
  })
})

describe('Poisson arrivals', () => {
  const shape = poisson(constant({ rate: '50/s', duration: '20s' }))

  test('the same seed repeats them, another one does not', () => {
    expect([...schedule(shape, 7)]).toEqual([...schedule(shape, 7)])
    expect([...schedule(shape, 7)]).not.toEqual([...schedule(shape, 8)])
  })

  test('their number has mean and variance 1000 over seeds', () => {
    const counts = Array.from({ length: 400 }, (_, seed) => plannedArrivals(shape, seed * 7919 + 1))
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1)
    expect(mean).toBeGreaterThan(1000 - 8) // 5 standard errors of √(1000/400)
    expect(mean).toBeLessThan(1000 + 8)
    expect(variance).toBeGreaterThan(650) // χ² with 399 degrees of freedom stays within ± 35 % but once in a million
    expect(variance).toBeLessThan(1350)
  })

  test('gaps are exponential: their standard deviation is their mean', () => {
    const due = [...schedule(shape, 3)]
    const gaps = due.slice(1).map((time, n) => time - (due[n] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    expect(deviation / mean).toBeGreaterThan(0.85)
    expect(deviation / mean).toBeLessThan(1.15)
  })
})

describe('shapes that make no sense are refused in words', () => {
  test.each([
    { make: () => constant({ rate: 'fast/s' as '1/s', duration: '1s' }), says: /Rate "fast\/s" has no unit/ },
    { make: () => constant({ rate: '1/s', duration: '90' as '90s' }), says: /Duration "90" has no unit/ },
    { make: () => perSecond(-1), says: /Rate -1 is not a number/ },
    { make: () => staircase({ from: '1/s', to: '2/s', steps: 1, hold: '5s' }), says: /staircase of 1 steps/ },
    { make: () => viral({ base: '1/s', factor: 0.5 }), says: /viral peak of 0.5/ },
  ])('$says', ({ make, says }) => {
    expect(make).toThrow(says)
  })
})
