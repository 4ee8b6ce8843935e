import { describe, expect, test } from 'vitest'
import { arrivalsDue, durationOf, peakRate, rateAt } from '../../scenarios/shape.ts'
import { tests } from '../../scenarios/tests.ts'
import type { PerSecond } from '../../scenarios/units.ts'

const perSecond = (rate: number) => rate as PerSecond

describe.each(Object.values(tests))('$type', ({ shape, defaults, usesPeak }) => {
  test('its default shape lasts as long and climbs as high as its defaults say', () => {
    const made = shape(defaults)
    expect(durationOf(made)).toBeCloseTo(defaults.duration, 6)
    expect(peakRate(made)).toBeCloseTo(usesPeak ? defaults.peak : defaults.rate, 6)
    expect(arrivalsDue(made)).toBeGreaterThan(0)
  })

  test('a load asked for is the load made', () => {
    const made = shape({ rate: perSecond(7), peak: perSecond(35), duration: 61 })
    expect(durationOf(made)).toBeCloseTo(61, 6)
    expect(peakRate(made)).toBeCloseTo(usesPeak ? 35 : 7, 6)
  })
})

test('stress doubles three times from 10 to 80/s', () => {
  const rates = tests.stress
    .shape(tests.stress.defaults)
    .segments.filter((segment) => segment.kind === 'linear' && segment.from === segment.to)
    .map(({ from }) => Number(from.toFixed(6)))
  expect(rates).toEqual([10, 20, 40, 80])
})

test('a spike is calm before and after its peak', () => {
  const shape = tests.spike.shape(tests.spike.defaults)
  expect([0, 60, 159].map((t) => rateAt(shape, t))).toEqual([20, 200, 20])
})

test('a short breakpoint test has fewer steps, not shorter ones than can be judged', () => {
  const shape = tests.breakpoint.shape({ rate: perSecond(10), peak: perSecond(100), duration: 20 })
  expect(shape.segments.map(({ duration }) => duration)).toEqual([5, 5, 5, 5])
})

test.each([tests.stress, tests.spike, tests.breakpoint])('$type refuses a peak below its rate', ({ shape }) => {
  expect(() => shape({ rate: perSecond(50), peak: perSecond(20), duration: 60 })).toThrow(/peak of 20\/s is below the rate of 50\/s/)
})
