import { describe, expect, test } from 'vitest'
import { empty, histogramOf, merge } from '../../../runner/stats/histogram.ts'
import { quantile, quantileBounds, quantileOver, rankOf, shareBelow } from '../../../runner/stats/quantile.ts'
import { randomFrom } from '../../../scenarios/shape.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

describe('quantile', () => {
  // science.md §1: 1, 2, …, 1000 ms once each, in µs.
  test.each([
    [0.5, 500_735.5],
    [0.9, 899_071.5],
    [0.95, 948_223.5],
    [0.99, 989_183.5],
    [1, 1_000_000],
    [0, 1000],
  ])('of 1 to 1000 ms at %d is %d µs', (p, micros) => {
    expect((quantile(histogramOf(upTo(1000)), p) ?? Number.NaN) * 1000).toBeCloseTo(micros, 6)
  })

  test('binary rounding does not raise a rank: 0.55 of 100 is the 55th, 0.07 of 100 the 7th', () => {
    expect(rankOf(0.55, 100)).toBe(55)
    expect(rankOf(0.07, 100)).toBe(7)
    expect(rankOf(0.9, 10)).toBe(9)
    expect(rankOf(0.95, 4)).toBe(4)
    expect(rankOf(0.5, 1)).toBe(1)
  })

  test('no samples have no quantile', () => {
    expect(quantile(empty, 0.5)).toBeUndefined()
    expect(shareBelow(empty, 5)).toBeUndefined()
  })

  test('one sample is every quantile, exactly', () => {
    for (const p of [0, 0.01, 0.5, 0.99, 1]) expect(quantile(histogramOf([123.456]), p)).toBe(123.456)
  })

  test('equal samples have that value for every quantile, exactly', () => {
    for (const p of [0, 0.01, 0.5, 0.99, 1]) expect(quantile(histogramOf(Array<number>(500).fill(77.7)), p)).toBe(77.7)
  })

  test('with ties the rank decides', () => {
    const tied = histogramOf([1, 2, 2, 2, 9])
    expect(quantile(tied, 0.2)).toBeCloseTo(1, 2)
    expect(quantile(tied, 0.8)).toBeCloseTo(2, 2)
    expect(quantile(tied, 0.81)).toBeCloseTo(9, 1)
  })

  test('is within 0.4 % of the sorted samples’ own, rises with p, doubles with the samples and ignores their order', () => {
    const random = randomFrom(3)
    for (const n of [7, 19, 100, 999]) {
      const values = Array.from({ length: n }, () => 5 - 40 * Math.log(1 - random()))
      const sorted = [...values].sort((a, b) => a - b)
      let last = 0
      for (const p of [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999]) {
        const found = quantile(histogramOf(values), p) ?? Number.NaN
        const exact = sorted[rankOf(p, n) - 1] ?? Number.NaN
        expect(Math.abs(found - exact) / exact).toBeLessThan(0.004)
        expect(found).toBeGreaterThanOrEqual(last)
        expect(quantile(histogramOf(sorted), p)).toBe(found)
        expect(Math.abs((quantile(histogramOf(values.map((value) => value * 2)), p) ?? Number.NaN) / found / 2 - 1)).toBeLessThan(0.008)
        last = found
      }
    }
  })
})

describe('bounds with missing samples', () => {
  const hundred = histogramOf(upTo(100))

  // science.md §2, small vector: 1 to 100 ms completed, 5 dropped.
  test.each([
    [0.5, 48, 53],
    [0.9, 90, 95],
    [0.95, 95, 100],
    [0.99, 99, Infinity],
  ])('1 to 100 ms with 5 dropped: p%d lies between %d and %d ms', (p, low, high) => {
    const { lower, upper } = quantileBounds(hundred, p, 5)
    expect(Math.abs(lower - low) / low).toBeLessThan(0.004)
    if (high === Infinity) expect(upper).toBe(Infinity)
    else expect(Math.abs(upper - high) / high).toBeLessThan(0.004)
  })

  test('nothing missing leaves a point, which is the quantile', () => {
    for (const p of [0, 0.5, 0.95, 1]) expect(quantileBounds(hundred, p, 0)).toEqual({ lower: quantile(hundred, p), upper: quantile(hundred, p) })
  })

  test('without any answer nothing is known', () => {
    expect(quantileBounds(empty, 0.5, 0)).toEqual({ lower: 0, upper: Infinity })
    expect(quantileBounds(empty, 0.5, 10)).toEqual({ lower: 0, upper: Infinity })
  })

  test('timeouts are slow for certain, so both bounds know it', () => {
    expect(quantileBounds(hundred, 0.95, 0, 20)).toEqual({ lower: Infinity, upper: Infinity })
    expect(quantileBounds(hundred, 0.5, 0, 20).lower).toBeCloseTo(60, 0)
    expect(quantileBounds(empty, 0.5, 0, 3)).toEqual({ lower: Infinity, upper: Infinity })
  })

  test('the maximum is exact below and endless above as soon as one is missing', () => {
    expect(quantileBounds(hundred, 1, 0)).toEqual({ lower: 100, upper: 100 })
    expect(quantileBounds(hundred, 1, 1)).toEqual({ lower: 100, upper: Infinity })
    expect(quantileBounds(hundred, 1, 0, 1)).toEqual({ lower: Infinity, upper: Infinity })
    expect(quantileBounds(hundred, 0, 1)).toEqual({ lower: 0, upper: 1 })
  })

  test('whatever the missing ones were, the truth lies between the bounds', () => {
    const random = randomFrom(11)
    for (let draw = 0; draw < 300; draw++) {
      const values = Array.from({ length: 50 + Math.floor(random() * 400) }, () => random() ** 3 * 900 + 1)
      const kept = values.filter((value) => (draw % 2 === 0 ? random() < 0.95 : value < 500 || random() < 0.5))
      for (const p of [0.5, 0.9, 0.95, 0.99]) {
        const truth = [...values].sort((a, b) => a - b)[rankOf(p, values.length) - 1] ?? Number.NaN
        const { lower, upper } = quantileBounds(histogramOf(kept), p, values.length - kept.length)
        expect(lower).toBeLessThanOrEqual(truth * 1.004)
        expect(upper).toBeGreaterThanOrEqual(truth * 0.996)
      }
    }
  })
})

test('the share below a limit counts what is at most as slow', () => {
  expect(shareBelow(histogramOf(upTo(100)), 50.5)).toBe(0.5)
  expect(shareBelow(histogramOf(upTo(100)), 1000)).toBe(1)
  expect(shareBelow(histogramOf(upTo(100)), 0.1)).toBe(0)
})

describe('science.md §2: 200 arrivals a second for 60 s, 3 ms of service, frozen five times for a second', () => {
  const arrivals = Array.from({ length: 12_000 }, (_, n) => n * 5)
  const frozenUntil = (t: number): number =>
    [5, 16, 27, 38, 49].some((start) => t >= start * 1000 && t < (start + 1) * 1000) ? (Math.floor(t / 1000) + 1) * 1000 : t
  const simulate = (mostInFlight: number) => {
    const times: number[] = []
    let inFlight: number[] = []
    let dropped = 0
    for (const due of arrivals) {
      inFlight = inFlight.filter((end) => end > due)
      if (inFlight.length >= mostInFlight) {
        dropped += 1
        continue
      }
      const end = frozenUntil(due) + 3
      inFlight.push(end)
      times.push(end - due)
    }
    return { histogram: histogramOf(times), dropped }
  }
  const about = (value: number | undefined, expected: number): void =>
    expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThanOrEqual(expected * 0.004 + 0.01)

  test('without a cap p95 and p99 are 403 and 883 ms', () => {
    const { histogram, dropped } = simulate(Infinity)
    expect(dropped).toBe(0)
    about(quantile(histogram, 0.95), 403)
    about(quantile(histogram, 0.99), 883)
  })

  test('with 50 in flight 6.29 % are dropped, p95 looks like 3 ms and may be endless', () => {
    const { histogram, dropped } = simulate(50)
    expect(dropped / 12_000).toBeCloseTo(0.0629, 4)
    about(quantile(histogram, 0.95), 3)
    about(quantile(histogram, 0.99), 893)
    expect(quantileBounds(histogram, 0.95, dropped).upper).toBe(Infinity)
    about(quantileBounds(histogram, 0.95, dropped).lower, 3)
    about(quantileBounds(histogram, 0.99, dropped).lower, 883)
  })

  test('with 150 in flight 2.125 % are dropped and p95 lies between 403 and 658 ms', () => {
    const { histogram, dropped } = simulate(150)
    expect(dropped / 12_000).toBe(0.02125)
    about(quantile(histogram, 0.95), 418)
    about(quantileBounds(histogram, 0.95, dropped).lower, 403)
    about(quantileBounds(histogram, 0.95, dropped).upper, 658)
    about(quantileBounds(histogram, 0.99, dropped).lower, 883)
    expect(quantileBounds(histogram, 0.99, dropped).upper).toBe(Infinity)
  })
})

test('the quantile over several histograms is that of their sum, call after call', () => {
  const random = randomFrom(4)
  for (let draw = 0; draw < 50; draw++) {
    const parts = Array.from({ length: 5 }, () => histogramOf(Array.from({ length: Math.floor(random() * 40) }, () => random() ** 4 * 3000)))
    for (const p of [0.01, 0.5, 0.95, 0.999]) expect(quantileOver(parts, p)).toBe(quantile(merge(parts), p))
  }
  expect(quantileOver([empty, empty], 0.5)).toBeUndefined()
})
