import { describe, expect, test } from 'vitest'
import { batchMean } from '../../../runner/stats/batch-means.ts'
import { randomFrom } from '../../../scenarios/shape.ts'

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A series with mean 100 and standard deviation 10 in which each value remembers `memory` of the one before. */
const remembering = (memory: number, length: number, random: () => number): number[] => {
  let deviation = normal(random)
  return Array.from({ length }, () => {
    deviation = memory * deviation + Math.sqrt(1 - memory ** 2) * normal(random)
    return 100 + 10 * deviation
  })
}

test('five independent batches give the interval of Student’s t', () => {
  // 10 ± t(0.975, 4) · √(2.5/5), by hand
  const { mean, low, high, degrees, joined } = batchMean([9, 11, 10, 12, 8]) ?? { mean: 0, low: 0, high: 0, degrees: 0, joined: 0 }
  expect([mean, degrees, joined]).toEqual([10, 4, 1])
  expect(low).toBeCloseTo(10 - 2.776445 * Math.sqrt(0.5), 5)
  expect(high).toBeCloseTo(10 + 2.776445 * Math.sqrt(0.5), 5)
})

test('four batches are too few', () => expect(batchMean([1, 2, 3, 4])).toBeUndefined())

test('equal batches have an interval of no width', () => {
  expect(batchMean([7, 7, 7, 7, 7, 7])).toMatchObject({ mean: 7, low: 7, high: 7 })
})

test('twice the counts give twice the mean and the limits', () => {
  const counts = remembering(0.5, 40, randomFrom(3))
  const [once, twice] = [batchMean(counts), batchMean(counts.map((value) => 2 * value))]
  expect((twice?.low ?? 0) / (once?.low ?? 1)).toBeCloseTo(2, 9)
  expect(twice?.joined).toBe(once?.joined)
})

describe('how often the nominal 95 % interval covers the truth, of 1,000 seeded series', () => {
  const coverage = (memory: number, length: number): number => {
    const random = randomFrom(11)
    const series = Array.from({ length: 1000 }, () => batchMean(remembering(memory, length, random)))
    return series.filter((result) => result !== undefined && result.low <= 100 && 100 <= result.high).length / series.length
  }
  test('independent batches: about 95 %', () => {
    expect(coverage(0, 20)).toBeGreaterThan(0.92)
    expect(coverage(0, 20)).toBeLessThan(0.97)
  })
  test('batches that remember half of the one before: more than without joining, which covers 74 %', () => {
    expect(coverage(0.5, 20)).toBeGreaterThan(0.77)
    expect(coverage(0.5, 100)).toBeGreaterThan(0.86)
  })
})
