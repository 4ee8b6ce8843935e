import { describe, expect, test } from 'vitest'
import { aftermath, busiestBefore, headroom, headroomForRamp, instancesFor } from '../../../../budgets/advice/scaling/headroom.ts'
import { roundsToAbsorb } from '../../../../budgets/advice/scaling/rounds.ts'
import { overZones } from '../../../../budgets/advice/scaling/zones.ts'

const spike = { rate: 1000, factor: 2, lag: 240, capacity: 100 }

// science.md §11, checked there by direct simulation.
describe('a spike that was not provided for', () => {
  test.each([
    [14, 144_000, 72, 102.9, [960, 528, 384], [1371, 754, 549]],
    [17, 72_000, 36, 42.4, [600, 384, 312], [706, 452, 367]],
    [20, 0, 0, 0, [0, 0, 0], [0, 0, 0]],
  ])('%i instances before', (before, backlog, shared, apart, recoveryShared, recoveryApart) => {
    for (const [at, afterwards] of [22, 25, 30].entries()) {
      const [together, each] = [aftermath(spike, before, afterwards, 'shared'), aftermath(spike, before, afterwards, 'per-instance')]
      if (together.declined || each.declined) throw new Error('declined')
      expect([together.backlog, each.backlog]).toEqual([backlog, backlog])
      expect(together.wait).toBeCloseTo(shared, 1)
      expect(each.wait).toBeCloseTo(apart, 1)
      expect(Math.round(together.recovery)).toBe(recoveryShared[at])
      expect(Math.round(each.recovery)).toBe(recoveryApart[at])
    }
  })

  test('too few afterwards: it never recovers', () => {
    expect(aftermath(spike, 14, 19, 'shared')).toEqual({
      declined: true,
      because: 'It never recovers: 2,000/s are offered to a capacity of 1,900/s.',
    })
  })
})

describe('headroom', () => {
  test.each([
    [1.2, [0.854, 0.84, 0.835, 0.834]],
    [1.5, [0.683, 0.672, 0.668, 0.667]],
    [2, [0.512, 0.504, 0.501, 0.501]],
    [3, [0.342, 0.336, 0.334, 0.334]],
  ])('before %d times the load, after lags of 20, 60, 240, 420 s', (factor, uses) => {
    for (const [at, lag] of [20, 60, 240, 420].entries()) expect(headroom(factor, lag, 0.5)).toBeCloseTo(uses[at] as number, 3)
  })

  test('is what a wait of exactly W follows from: in lines of their own as stated, in a shared one at 1 ÷ (r(1 − W ÷ D))', () => {
    for (const factor of [1.5, 2, 3])
      for (const lag of [20, 240]) {
        const instancesAt = (use: number): number => 1000 / (100 * use)
        const apart = aftermath({ ...spike, factor, lag }, instancesAt(headroom(factor, lag, 0.5) as number), 1000, 'per-instance')
        const shared = aftermath({ ...spike, factor, lag }, instancesAt(1 / (factor * (1 - 0.5 / lag))), 1000, 'shared')
        if (apart.declined || shared.declined) throw new Error('declined')
        expect([apart.wait, shared.wait]).toEqual([expect.closeTo(0.5, 9), expect.closeTo(0.5, 9)])
      }
  })

  test('a ramp', () => {
    expect(headroomForRamp(10, 60, 1000)).toBeCloseTo(0.625, 10)
  })

  test('a rise within the lag counts as a spike, a longer one as far as it comes until help is there', () => {
    const rise = { base: 1000, peak: 2000 }
    expect(busiestBefore({ ...rise, rise: 0 }, 240, 0.5)).toBe(headroom(2, 240, 0.5))
    expect(busiestBefore({ ...rise, rise: 60 }, 240, 0.5)).toBe(headroom(2, 240, 0.5))
    expect(busiestBefore({ ...rise, rise: 480 }, 240, 0.5)).toBeCloseTo(1 / 1.5, 10)
  })

  // science.md §10: base 10, peak 20, spike 20, three zones 30.
  test('instances for a spike, and so many that a zone may be lost', () => {
    expect([instancesFor(1000, 100, 1), instancesFor(2000, 100, 1), instancesFor(1000, 100, headroom(2, 240, 0.5))]).toEqual([10, 20, 20])
    expect([overZones(6, 3), overZones(6, 2), overZones(7, 3), overZones(20, 3)]).toEqual([9, 12, 11, 30])
  })
})

const factors = [2, 3, 5, 10]
// science.md §11: many instances, and ten that are rounded up to whole ones.
test.each([
  [1_000_000, 0.5, [1, 2, 3, 4]],
  [1_000_000, 0.6, [2, 3, 4, 5]],
  [1_000_000, 0.7, [2, 4, 5, 7]],
  [1_000_000, 0.8, [4, 5, 8, 11]],
  [10, 0.7, [2, 3, 5, 7]],
  [10, 0.8, [3, 5, 7, 10]],
])('rounds of target tracking from %i instances at %d to absorb 2, 3, 5 and 10 times the load', (instances, target, rounds) => {
  expect(factors.map((factor) => roundsToAbsorb({ instances, factor, target }))).toEqual(rounds)
})
