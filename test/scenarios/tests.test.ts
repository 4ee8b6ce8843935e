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

describe('the rise of a spike', () => {
  const [rate, peak] = [perSecond(4), perSecond(40)]
  const piecesOf = (rise: number) =>
    tests.spike.shape({ rate, peak, duration: 100, rise }).segments.map(({ label, duration }) => [label, Number(duration.toFixed(6))])

  test('takes its time from peak and recovery', () => {
    expect(piecesOf(21)).toEqual([
      ['base', 20],
      ['rise', 21],
      ['peak', 28],
      ['fall', 3],
      ['recovery', 28],
    ])
  })

  test('of no length comes at once', () => {
    expect(piecesOf(0).map(([label]) => label)).toEqual(['base', 'peak', 'fall', 'recovery'])
  })

  test('is cut where a peak would not last', () => {
    expect(piecesOf(300)[1]).toEqual(['rise', 40])
  })
})

test('a short breakpoint test has fewer steps, not shorter ones than can be judged', () => {
  const shape = tests.breakpoint.shape({ rate: perSecond(10), peak: perSecond(100), duration: 20 })
  expect(shape.segments.map(({ duration }) => duration)).toEqual([5, 5, 5, 5])
})

test.each([tests.stress, tests.spike, tests.breakpoint])('$type refuses a peak below its rate', ({ shape }) => {
  expect(() => shape({ rate: perSecond(50), peak: perSecond(20), duration: 60 })).toThrow(/peak of 20\/s is below the rate of 50\/s/)
})
