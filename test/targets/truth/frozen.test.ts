import { describe, expect, test } from 'vitest'
import { type Frozen, frozenOutcome, quantileOf } from './frozen.ts'

/** Bounds of Manski: the dropped were the fastest, or the slowest. */
const bounds = (times: readonly number[], dropped: number, p: number): readonly number[] => {
  const rank = Math.ceil(p * (times.length + dropped) - 1e-9)
  return [rank > dropped ? (times[rank - dropped - 1] ?? Infinity) : 0, times[rank - 1] ?? Infinity].map(Math.round)
}

describe('five freezes of a second in a minute, 200 arrivals a second, 3 ms (science.md, section 2)', () => {
  const freezes = [5, 16, 27, 38, 49].map((from) => ({ from, until: from + 1 }))
  const frozen: Frozen = { rate: 200, duration: 60, service: 3, freezes, first: 0 }

  test('without a limit the truth is 403 and 883 ms', () => {
    const { times, dropped } = frozenOutcome(frozen)
    expect([times.length, dropped, quantileOf(times, 0.95), quantileOf(times, 0.99)]).toEqual([12_000, 0, 403, 883])
  })

  test.each([
    [50, 0.0629, [3, Infinity], [883, Infinity]],
    [150, 0.02125, [403, 658], [883, Infinity]],
  ])('with at most %i in flight the rest is dropped', (most, share, p95, p99) => {
    const { times, dropped } = frozenOutcome(frozen, { most, beyond: 'drop' })
    expect(dropped / 12_000).toBeCloseTo(share, 4)
    expect([bounds(times, dropped, 0.95), bounds(times, dropped, 0.99)]).toEqual([p95, p99])
  })
})

describe('a freeze of 1 s in 10 s, 500 arrivals a second, 5 ms', () => {
  const frozen: Frozen = { rate: 500, duration: 10, service: 5, freezes: [{ from: 4, until: 5 }] }

  test('who waits in line waits for those before it too: by arithmetic, 1 − 0.75 a seconds at a seconds into the freeze', () => {
    // 10 places do 2,000 a second, so that the line of 500 is gone after a third of a second: 2/15 of the arrivals wait up to 1 s.
    const { times, dropped } = frozenOutcome(frozen, { most: 10, beyond: 'wait' })
    expect(dropped).toBe(0)
    for (const p of [0.9, 0.95, 0.99]) expect(Math.abs(quantileOf(times, p) - (1005 - ((1 - p) * 10 * 1000) / (4 / 3)))).toBeLessThan(5)
  })

  test('more places never make anybody wait longer, and enough of them are as good as no limit', () => {
    const at = [10, 50, 600, Infinity].map((most) => frozenOutcome(frozen, { most, beyond: 'wait' }).times)
    for (const p of [0.5, 0.9, 0.95, 0.99, 1]) {
      const waits = at.map((times) => quantileOf(times, p))
      expect(waits).toEqual(waits.toSorted((a, b) => b - a))
    }
    expect(at[2]).toEqual(at[3])
    expect([0.95, 0.99].map((p) => quantileOf(at[3] ?? [], p))).toEqual([508, 908]) // 505 and 905, and the three requests that the freeze overtakes
  })
})
