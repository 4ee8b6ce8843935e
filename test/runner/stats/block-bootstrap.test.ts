import { describe, expect, test } from 'vitest'
import { blockBootstrap, type Interval, repetitions, SampledSeconds, type SecondOfSamples } from '../../../runner/stats/block-bootstrap.ts'
import { type Histogram, histogramOf, merge } from '../../../runner/stats/histogram.ts'
import { quantileBounds } from '../../../runner/stats/quantile.ts'
import { randomFrom } from '../../../scenarios/shape.ts'
import { queueOf } from './series.ts'

const secondsOf = (answers: readonly (readonly number[])[]): SecondOfSamples[] => answers.map((values) => ({ histograms: [histogramOf(values)], endless: 0 }))
const sampled = (seconds: readonly SecondOfSamples[]): SampledSeconds => {
  const all = new SampledSeconds()
  for (const second of seconds) all.add(second)
  return all
}
const intervals = (seconds: readonly SecondOfSamples[], percentiles: readonly number[], seed = 1): readonly Interval[] => {
  const found = blockBootstrap(sampled(seconds), percentiles, seed)
  if ('declined' in found) throw new Error(found.because)
  return found
}

/** The bootstrap as books have it: every repetition is built, and its percentile read. */
const plainly = (seconds: readonly SecondOfSamples[], p: number, seed: number): { low: number; high: number } => {
  const random = randomFrom(seed)
  const values = Array.from({ length: repetitions }, () => {
    const drawn: Histogram[] = []
    let endless = 0
    for (let block = 0; block < Math.ceil(seconds.length / 10); block++) {
      const from = Math.floor(random() * (seconds.length - 9))
      for (const second of seconds.slice(from, from + 10)) {
        drawn.push(...second.histograms)
        endless += second.endless
      }
    }
    return quantileBounds(merge(drawn), p, 0, endless).upper
  }).sort((a, b) => a - b)
  return { low: values[0.025 * repetitions - 1] as number, high: values[0.975 * repetitions - 1] as number }
}

test('gives the limits of the plain way, endless samples included', () => {
  const seconds = secondsOf(queueOf(3, 203, 4, 6)).map((second, index) => ({ ...second, endless: index % 50 === 7 ? 1 : 0 }))
  for (const p of [0.5, 0.95]) {
    const [found] = intervals(seconds, [p], 9)
    const { low, high } = plainly(seconds, p, 9)
    // The value of a repetition's percentile is kept within that repetition's own extremes; a bucket is 0.8 % wide.
    expect((found as Interval).low / low).toBeCloseTo(1, 2)
    expect((found as Interval).high / high).toBeCloseTo(1, 2)
  }
})

test('the same seed gives the same interval, and another seed one near it', () => {
  const seconds = secondsOf(queueOf(2, 300, 10, 15))
  expect(intervals(seconds, [0.95], 1)).toEqual(intervals(seconds, [0.95], 1))
  const [[one], [other]] = [intervals(seconds, [0.95], 1), intervals(seconds, [0.95], 2)]
  expect((one as Interval).low / (other as Interval).low).toBeGreaterThan(0.8)
  expect((one as Interval).low / (other as Interval).low).toBeLessThan(1.25)
})

test('answers that are all alike leave no doubt', () => {
  const seconds = secondsOf(Array.from({ length: 200 }, () => [20, 20, 20]))
  expect(intervals(seconds, [0.5])).toEqual([{ low: 20, high: 20, level: 0.95, kind: 'within-run' }])
})

test('where the percentile may lie among what never ended, the upper limit is no number', () => {
  const seconds = secondsOf(queueOf(2, 300, 10, 15)).map((second, index) => ({ ...second, endless: index % 20 === 0 ? 10 : 0 }))
  const [p50, p95] = intervals(seconds, [0.5, 0.95])
  expect(p50?.high).toBeLessThan(Infinity)
  expect(p95?.high).toBe(Infinity)
})

describe('refuses', () => {
  test('fewer than 20 blocks', () => {
    expect(blockBootstrap(sampled(secondsOf(queueOf(1, 90, 10, 15))), [0.95], 1)).toEqual({
      declined: true,
      because: 'interval unknown, because 90 s hold 9 blocks of 10 s and 20 are needed',
    })
    expect(blockBootstrap(sampled([]), [0.95], 1)).toMatchObject({ declined: true })
  })

  test('seconds in which nothing was measured', () => {
    expect(blockBootstrap(sampled(secondsOf(Array.from({ length: 200 }, () => []))), [0.95], 1)).toEqual({
      declined: true,
      because: 'interval unknown, because nothing was measured',
    })
  })
})

test('simulated: it holds the true p95 of a busy queue as often as published for it, which is less than 95 %', () => {
  // M/M/1 at 0.7, 6000 responses, blocks of 100: science.md §6 says 0.88, and 400 repetitions here 0.855.
  const [arrivals, service] = [10, 10 / 0.7]
  const truth = (-Math.log(0.05) / (service - arrivals)) * 1000
  const runs = 100
  let held = 0
  for (let run = 0; run < runs; run++) {
    const [interval] = intervals(secondsOf(queueOf(1000 + run, 600, arrivals, service)), [0.95], run)
    if (interval !== undefined && interval.low <= truth && truth <= interval.high) held++
  }
  expect(held / runs).toBeGreaterThan(0.7)
  expect(held / runs).toBeLessThan(0.98)
})
