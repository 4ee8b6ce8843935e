import { describe, expect, test } from 'vitest'
import { median } from '../../../runner/stats/few.ts'
import { standardErrors, warmUpOf, winsorised } from '../../../runner/stats/warm-up.ts'
import { noiseOf, normalFrom } from './series.ts'

// science.md §3
const settling = [50, 40, 32, 26, 22, 20, 21, 20, 19, 20, 21, 20, 19, 20, 21, 20, 20, 19, 21, 20, 20, 21, 19, 20].flatMap((value) => Array(5).fill(value))
const withSpike = settling.map((value, index) => (index === 97 ? 400 : value))

describe('MSER-5', () => {
  test('finds where the published series settles', () => {
    const errors = standardErrors(settling)
    expect(errors[0]).toBeCloseTo(2.2274, 4)
    expect(errors[5]).toBeCloseTo(0.0248, 4)
    expect(warmUpOf(settling)).toEqual({ cut: 25 })
  })

  test('is led astray by one spike, unless the spike is cut off', () => {
    expect(standardErrors(withSpike)[1]).toBeCloseTo(10.915, 3)
    expect(standardErrors(withSpike).indexOf(Math.min(...standardErrors(withSpike)))).toBe(1)
    expect(Math.max(...winsorised(withSpike))).toBeCloseTo(28.8956, 4)
    expect(standardErrors(winsorised(withSpike))[5]).toBeCloseTo(0.03257, 5)
    expect(warmUpOf(withSpike)).toEqual({ cut: 25 })
  })

  test('a series that never varies needs no warm-up, and is left as it is', () => {
    const flat = Array(60).fill(20)
    expect(winsorised(flat)).toEqual(flat)
    expect(warmUpOf(flat)).toEqual({ cut: 0 })
  })

  test('doubling every value moves no cut', () => {
    expect(warmUpOf(settling.map((value) => value * 2))).toEqual({ cut: 25 })
  })
})

describe('refuses', () => {
  test('a series that falls to its end', () => {
    const falling = Array.from({ length: 120 }, (_, index) => 120 - index)
    expect(warmUpOf(falling)).toEqual({ declined: true, because: 'no steady state within 120 s: lengthen the run or set the warm-up yourself' })
  })

  test('a series too short to tell', () => {
    expect(warmUpOf(Array(40).fill(1))).toEqual({ declined: true, because: 'warm-up unknown, because the run lasted 40 s and 60 s are needed' })
    expect(warmUpOf([])).toEqual({ declined: true, because: 'warm-up unknown, because the run lasted 0 s and 60 s are needed' })
  })
})

describe('simulated, 600 s with AR(0.5) noise of deviation 0.1', () => {
  const repetitions = 300
  const outcomes = (height: number, time: number, change: (values: number[]) => void = () => {}) => {
    const normal = normalFrom(5)
    const found = Array.from({ length: repetitions }, () => {
      const values = noiseOf(normal, 600, 0.5, 0.1).map((noise, t) => 1 + height * Math.exp(-t / time) + noise)
      change(values)
      return warmUpOf(values)
    })
    const cuts = found.flatMap((each) => ('cut' in each ? [each.cut] : []))
    return { cut: median(cuts), refused: 1 - cuts.length / repetitions }
  }

  // The medians are science.md's; a median of 300 lies within two batches of it.
  test.each([
    { height: 1, time: 20, cut: 50 },
    { height: 1, time: 60, cut: 145 },
    { height: 0.3, time: 60, cut: 80 },
    { height: 0, time: 1, cut: 0 },
  ])('a warm-up of height $height and time $time s is cut at about $cut s', ({ height, time, cut }) => {
    const found = outcomes(height, time)
    expect(Math.abs(found.cut - cut)).toBeLessThanOrEqual(10)
    expect(found.refused).toBeLessThan(0.06) // at most 1.2 % there
  })

  test('one that outlasts the run is refused in most cases', () => {
    const { refused } = outcomes(2, 120)
    expect(refused).toBeGreaterThan(0.66) // 78 % there, with 5 standard deviations to spare
    expect(refused).toBeLessThan(0.9)
  })

  test('one spike late in the run does not make it refuse', () => {
    const spike = (values: number[]): void => {
      values[490] = 15
    }
    expect(outcomes(0, 1, spike).refused).toBeLessThan(0.06)
  })
})
