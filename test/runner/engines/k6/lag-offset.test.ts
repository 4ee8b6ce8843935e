import { expect, test } from 'vitest'
import { LagTracker } from '../../../../runner/engines/k6/lag-offset.ts'
import { names } from '../../../../runner/engines/k6/metric-names.ts'
import type { MetricSeries } from '../../../../runner/engines/k6/metric-set.ts'
import { histogramOf } from '../../../../runner/stats/histogram.ts'
import { quantile } from '../../../../runner/stats/quantile.ts'
import { constant } from '../../../../scenarios/shapes.ts'

const labels = new Map<string, string>()
const dropsIn = (time: number, sum: number): MetricSeries => ({ metric: 'dropped_iterations', labels, samples: [{ kind: 'counter', time, sum }] })
const lagsIn = (time: number, ...values: number[]): MetricSeries => ({
  metric: names.lag,
  labels,
  samples: [{ kind: 'trend', time, values: histogramOf(values) }],
})

/** 100 arrivals a second, a constant of 2 ms, and 50 of them dropped in second 3: half a second that every later number runs behind. */
const tracked = (): LagTracker => {
  const tracker = new LagTracker(constant({ rate: '100/s', duration: '10s' }), 0)
  tracker.observe([lagsIn(0, 2, 3)])
  tracker.observe([dropsIn(3, 50)])
  return tracker
}
const median = (tracker: LagTracker, value: number, second: number): number => quantile(tracker.lowerEnded(histogramOf([value]), second), 0.5) ?? 0

test('before any drop a time loses the constant and nothing else', () => {
  expect(median(tracked(), 22, 1)).toBeCloseTo(20, 0)
})

test('a time that began after the drops loses what they added', () => {
  expect(median(tracked(), 502 + 20, 6)).toBeCloseTo(20, 0)
})

test('a time that hung while others were dropped keeps its length, whichever second it ends in', () => {
  for (const [began, second] of [
    [2.2, 4],
    [2.9, 5],
    [1.5, 6],
  ] as const) {
    const length = 1000 * (second + 0.5 - began)
    expect(median(tracked(), length + 2, second)).toBeGreaterThan(length * 0.99)
  }
})

test('right after the drops, where both could be, a time is rather too long, and how much is told', () => {
  const tracker = tracked()
  expect(median(tracker, 502 + 20, 4)).toBeGreaterThanOrEqual(19)
  expect(tracker.uncertainty).toBeGreaterThan(450)
})

test('a second of mixed times loses bucket by bucket, and none is lost', () => {
  const mixed = histogramOf([522, 523, 524, 3602])
  const moved = tracked().lowerEnded(mixed, 6)
  expect(moved.count).toBe(4)
  expect(quantile(moved, 0.5)).toBeLessThan(25)
  expect(moved.max).toBeGreaterThan(3590)
  expect(moved.sum).toBeGreaterThan(3600)
})
