import { describe, expect, test } from 'vitest'
import {
  bucketBounds,
  bucketOf,
  empty,
  type Histogram,
  HistogramRecorder,
  HistogramSum,
  histogramOf,
  merge,
  midpoint,
} from '../../../runner/stats/histogram.ts'
import { quantile } from '../../../runner/stats/quantile.ts'
import { randomFrom } from '../../../scenarios/shape.ts'

const oneToThousand = histogramOf(Array.from({ length: 1000 }, (_, index) => index + 1))

describe('layout', () => {
  // science.md §1, checked there for each: value in µs, index, lowest and highest µs of its bucket.
  test.each([
    [255, 255, 255, 255],
    [256, 256, 256, 257],
    [257, 256, 256, 257],
    [258, 257, 258, 259],
    [511, 383, 510, 511],
    [512, 384, 512, 515],
    [1000.2, 506, 1000, 1003],
    [10_000, 924, 9984, 10_047],
    [100_000, 1347, 99_840, 100_351],
    [500_000, 1652, 499_712, 501_759],
    [1_000_000, 1780, 999_424, 1_003_519],
    [60_000_000, 2532, 59_768_832, 60_030_975],
    [120_000_000, 2660, 119_537_664, 120_061_951],
  ])('%d µs lies in bucket %d', (micros, index, low, high) => {
    expect(bucketOf(micros / 1000)).toBe(index)
    expect(bucketBounds(index)).toEqual({ low, high })
  })

  // From data that k6 1.8.1 sent: value in ms, index, lowest and highest µs.
  test.each([
    [0.0004, 1, 1, 1],
    [0.5, 378, 500, 501],
    [1.242844, 539, 1240, 1247],
    [80.5, 1309, 80_384, 80_895],
    [300.268638, 1554, 299_008, 301_055],
  ])('%d ms lies where k6 puts it', (value, index, low, high) => {
    expect(bucketOf(value)).toBe(index)
    expect(bucketBounds(index)).toEqual({ low, high })
  })

  test('every bucket holds its own bounds, the next one begins right after it, and none is wider than 0.79 %', () => {
    for (let index = 0; index < 3200; index++) {
      const { low, high } = bucketBounds(index)
      expect(bucketOf(low / 1000)).toBe(index)
      expect(bucketOf(high / 1000)).toBe(index)
      expect(bucketBounds(index + 1).low).toBe(high + 1)
      if (index >= 256) expect((high - low + 1) / low).toBeLessThanOrEqual(1 / 128)
    }
  })

  test('the middle of a bucket is at most 1/256 off', () => {
    const random = randomFrom(1)
    for (let draw = 0; draw < 20_000; draw++) {
      const micros = Math.ceil(2 ** (random() * 40))
      expect(Math.abs(midpoint(bucketOf(micros / 1000)) * 1000 - micros) / micros).toBeLessThanOrEqual(1 / 256)
    }
  })

  test('values beyond 31 bits of microseconds do not wrap round', () => {
    expect(bucketOf(2 ** 31 / 1000)).toBe(128 * 24 + 128)
    expect(bucketBounds(3199)).toEqual({ low: 255 * 2 ** 23, high: 2 ** 31 - 1 })
    expect(bucketBounds(3200)).toEqual({ low: 2 ** 31, high: 129 * 2 ** 24 - 1 })
  })
})

describe('recording', () => {
  test.each([Number.NaN, -0.001, -1, Infinity])('%d is refused and leaves no trace', (value) => {
    const recorder = new HistogramRecorder()
    expect(recorder.add(value)).toBe(false)
    expect(recorder.take()).toEqual(empty)
  })

  test('zero is a value', () => {
    expect(histogramOf([0])).toEqual({ buckets: [0, 1], count: 1, sum: 0, min: 0, max: 0 })
  })

  test('taking empties the recorder', () => {
    const recorder = new HistogramRecorder()
    recorder.add(5, 3)
    expect(recorder.count).toBe(3)
    expect(recorder.take()).toMatchObject({ count: 3, sum: 15, min: 5, max: 5 })
    expect(recorder.take()).toEqual(empty)
    recorder.add(7)
    expect(recorder.take()).toMatchObject({ buckets: [bucketOf(7), 1], count: 1 })
  })

  test('a value beyond the last bucket keeps its count and its exact maximum', () => {
    const histogram = histogramOf([1e13])
    expect(histogram).toMatchObject({ count: 1, max: 1e13 })
    expect(histogram.buckets[1]).toBe(1)
  })

  test('buckets are stored in rising order, each once, and add up to the count', () => {
    const { buckets, count } = histogramOf([900, 1, 30, 1, 900.1, 0.2])
    const indices = buckets.filter((_, at) => at % 2 === 0)
    expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b))
    expect(buckets.filter((_, at) => at % 2 === 1).reduce((a, b) => a + b, 0)).toBe(count)
  })
})

describe('merging', () => {
  test('nothing merged is empty', () => {
    expect(merge([])).toEqual(empty)
    expect(merge([empty, empty])).toEqual(empty)
  })

  test('parts merged are the whole', () => {
    const parts = [0, 1, 2].map((third) => histogramOf(Array.from({ length: 1000 }, (_, index) => index + 1).filter((value) => value % 3 === third)))
    expect(merge(parts)).toEqual(oneToThousand)
  })

  test('shards merged in any order and grouping give the same bytes', () => {
    const random = randomFrom(7)
    const shards = Array.from({ length: 12 }, () => histogramOf(Array.from({ length: 200 }, () => random() * 50 + 0.1234567)))
    const bytes = JSON.stringify(merge(shards))
    for (let shuffle = 0; shuffle < 20; shuffle++) {
      const order = shards.map((shard) => ({ shard, key: random() })).sort((a, b) => a.key - b.key)
      const shuffled = order.map(({ shard }) => shard)
      expect(JSON.stringify(merge(shuffled))).toBe(bytes)
      expect(JSON.stringify(merge([merge(shuffled.slice(0, 5)), merge(shuffled.slice(5))]))).toBe(bytes)
    }
  })

  test('pooling 99 × 10 ms + 1 × 1000 ms with 50 × 10 ms + 50 × 500 ms gives a p95 of 500 ms, not the mean of 10 and 500', () => {
    const a = histogramOf([...Array<number>(99).fill(10), 1000])
    const b = histogramOf([...Array<number>(50).fill(10), ...Array<number>(50).fill(500)])
    expect(quantile(a, 0.95)).toBeCloseTo(10, 1)
    expect(quantile(b, 0.95)).toBe(500)
    expect(quantile(merge([a, b]), 0.95)).toBeCloseTo(500, -1)
  })
})

describe('a sum of histograms', () => {
  const of = (histograms: Iterable<Histogram>) => {
    const sum = new HistogramSum()
    for (const histogram of histograms) sum.add(histogram)
    return sum.total
  }

  test('is what merging them makes, whatever their order and wherever their buckets lie', () => {
    const random = randomFrom(3)
    const histograms = Array.from({ length: 60 }, (_, index) => histogramOf(Array.from({ length: index % 5 }, () => 0.001 * 10 ** (10 * random()))))
    expect(of(histograms)).toEqual(merge(histograms))
    expect(of(histograms.toReversed())).toEqual(merge(histograms))
  })

  test('of none is empty, and of one is that one', () => {
    const one = histogramOf([1 / 3, 5])
    expect(of([empty, empty])).toEqual(empty)
    expect(of([empty, one, empty])).toBe(one)
  })
})
