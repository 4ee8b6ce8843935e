import { readFileSync } from 'node:fs'
import snappy from 'snappyjs'
import { describe, expect, test } from 'vitest'
import { decodeMetricSet, histogramOfTrend, type MetricSeries } from '../../../../runner/engines/k6/metric-set.ts'
import { bucketOf } from '../../../../runner/stats/histogram.ts'

const fixture = (name: string): MetricSeries[] => decodeMetricSet(readFileSync(new URL(`../../../fixtures/k6-1.8.1/${name}`, import.meta.url)))
const recorded = [...fixture('push-0.snappy'), ...fixture('push-1.snappy')]

const samplesOf = (metric: string) => recorded.filter((series) => series.metric === metric).flatMap(({ samples }) => samples)

describe('pushes recorded from k6 1.8.1', () => {
  test('every value that the script added is there, in the bucket that it belongs to', () => {
    // Value, bucket: the vectors of the format's description. −1 counts as the lowest and 10²⁰ as the highest bucket.
    const vectors = [
      [0, 0],
      [0.0004, 1],
      [0.5, 378],
      [1.242844, 539],
      [80.5, 1309],
      [300.268638, 1554],
    ] as const
    const [sample] = samplesOf('vectors')
    if (sample?.kind !== 'trend') throw new Error('no trend')
    expect(sample.values.count).toBe(8)
    expect(sample.values.max).toBe(1e20)
    expect(sample.values.buckets.slice(0, 4)).toEqual([0, 2, 1, 1]) // 0 and −1, then 0.0004
    for (const [value, bucket] of vectors) {
      expect(sample.values.buckets).toContain(bucket)
      expect(bucketOf(value)).toBe(bucket) // k6's layout and ours are one
    }
    expect(sample.values.buckets.filter((_, at) => at % 2 === 1).reduce((sum, count) => sum + count, 0)).toBe(8)
  })

  test('counters, rates and trends of the same iterations agree with each other', () => {
    const iterations = samplesOf('iterations').reduce((sum, sample) => sum + (sample.kind === 'counter' ? sample.sum : 0), 0)
    const orders = samplesOf('perf_own_orders').reduce((sum, sample) => sum + (sample.kind === 'counter' ? sample.sum : 0), 0)
    const rated = samplesOf('rated').reduce((sum, sample) => sum + (sample.kind === 'rate' ? sample.total : 0), 0)
    const quarter = samplesOf('rated').reduce((sum, sample) => sum + (sample.kind === 'rate' ? sample.nonzero : 0), 0)
    const dropped = samplesOf('dropped_iterations').reduce((sum, sample) => sum + (sample.kind === 'counter' ? sample.sum : 0), 0)
    const lags = samplesOf('perf_lag').reduce((sum, sample) => sum + (sample.kind === 'trend' ? sample.values.count : 0), 0)
    expect(iterations).toBeGreaterThan(60)
    expect(orders).toBe(1.5 * iterations)
    expect(rated).toBe(iterations)
    expect(quarter).toBe(Math.ceil(iterations / 4))
    expect(lags).toBe(iterations)
    expect(iterations + dropped).toBe(81) // this executor makes one tick more at the end
  })

  test('a label without a value is an empty text, and gauges have their largest value', () => {
    const reset = recorded.find(({ metric, labels }) => metric === 'http_req_duration' && labels.get('name') === 'POST /reset')
    expect(Object.fromEntries(reset?.labels ?? [])).toMatchObject({
      error_code: '1220',
      status: '0',
      expected_response: 'false',
      group: '',
      scenario: 'load',
      method: 'POST',
    })
    expect(samplesOf('vus_max').every((sample) => sample.kind === 'gauge' && sample.max === 2)).toBe(true)
  })
})

test('counters are dealt out over spans, gap by gap', () => {
  const histogram = histogramOfTrend({
    counters: [5, 1, 2],
    spans: [
      { offset: 10, length: 1 },
      { offset: 4, length: 2 },
    ],
    sum: 0.1,
    count: 8,
    min: 0.0095,
    max: 0.016,
    belowZero: 0,
    tooHigh: 0,
  })
  expect(histogram.buckets).toEqual([10, 5, 15, 1, 16, 2])
})

test('what is no push is refused', () => {
  expect(() => decodeMetricSet(new Uint8Array([1, 2, 3]))).toThrow()
  expect(() => decodeMetricSet(snappy.compress(new Uint8Array([0x0b, 0x01])))).toThrow()
})

test('an empty push holds nothing', () => {
  expect(decodeMetricSet(snappy.compress(new Uint8Array()))).toEqual([])
})
