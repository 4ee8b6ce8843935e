import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Accounts } from '../../../../runner/engines/k6/accounts.ts'
import { LagTracker } from '../../../../runner/engines/k6/lag-offset.ts'
import { names } from '../../../../runner/engines/k6/metric-names.ts'
import { decodeMetricSet, type MetricSeries } from '../../../../runner/engines/k6/metric-set.ts'
import { Translator } from '../../../../runner/engines/k6/translate.ts'
import { histogramOf } from '../../../../runner/stats/histogram.ts'
import { Timeline, totalOf } from '../../../../runner/timeline.ts'
import { constant } from '../../../../scenarios/shapes.ts'
import { cellOf } from './measuring.ts'

const push = (name: string): MetricSeries[] => decodeMetricSet(readFileSync(new URL(`../../../fixtures/k6-1.8.1/${name}`, import.meta.url)))
const shape = constant({ rate: '40/s', duration: '2s' })

const told = (pushes: readonly (readonly MetricSeries[])[], mode: 'journeys' | 'script' | 'own-options' = 'journeys') => {
  const start = Math.min(
    ...pushes
      .flat()
      .filter(({ metric }) => metric === 'iterations')
      .flatMap(({ samples }) => samples.map(({ time }) => time)),
  )
  const lags = new LagTracker(shape, start)
  const translator = new Translator(start, lags, { target: 'http://127.0.0.1:80', mode, name: 'script' })
  const timeline = new Timeline()
  for (const series of pushes) {
    lags.observe(series)
    for (const part of translator.parts(series)) timeline.add(part)
  }
  return { timeline, lags, total: totalOf(timeline.seconds()) }
}

describe('a recorded run', () => {
  const pushes = [push('push-0.snappy'), push('push-1.snappy')]
  const { total, lags } = told(pushes)

  test("has a cell for each endpoint and outcome, with kinds of failures in the run's own words", () => {
    expect(cellOf(total, 'GET /hang', 'failure')).toMatchObject({ count: 1, errors: { timeout: 1 }, statuses: { 0: 1 } })
    expect(cellOf(total, 'POST /reset', 'failure')).toMatchObject({ count: 1, errors: { reset: 1 } })
    expect(cellOf(total, 'GET /503', 'failure')).toMatchObject({ count: 1, errors: { 'HTTP 503': 1 }, statuses: { 503: 1 } })
    expect(cellOf(total, 'GET /refused', 'failure')).toMatchObject({ count: 1, errors: { refused: 1 }, serviceTime: { count: 0 } })
    const good = cellOf(total, 'GET /')
    expect(good.statuses).toEqual({ 200: good.count })
    expect(good.errors).toEqual({})
    expect(good.responseTime.count).toBe(good.count)
    expect(good.serviceTime.min).toBeGreaterThan(19)
    expect(good.setupTime.count).toBe(good.count)
  })

  test('leaves set-up out of every figure', () => {
    expect(total.cells.map(({ endpoint }) => endpoint)).not.toContain('GET /setup')
  })

  test('counts arrivals, journeys, drops, checks, groups and metrics', () => {
    const { started } = total
    expect(started).toBeGreaterThan(60)
    expect(started + total.dropped).toBe(81)
    expect(total.iterations.completed).toBe(started)
    expect(total.journeyTime.one?.count).toBe(started)
    expect(total.checks.ok).toEqual({ passed: started, failed: 0 })
    expect((total.checks.even?.passed ?? 0) + (total.checks.even?.failed ?? 0)).toBe(started)
    expect(total.groups['outer::inner']?.count).toBe(started)
    expect(total.metrics.orders).toEqual({ kind: 'counter', sum: 1.5 * started })
    expect(total.metrics.rated_total).toEqual({ kind: 'counter', sum: started })
    expect(total.bytesReceived).toBeGreaterThan(0)
  })

  test("has the smallest lag taken out as k6's own, from lags and from first response times", () => {
    expect(lags.constant).toBe(3)
    expect(total.lag.min).toBe(0)
    // The script says lags of 3 to 7 ms in turns; second 0 has no drop before it.
    const { timeline } = told(pushes.slice(0, 1))
    expect(timeline.at(0).lag.max).toBeGreaterThan(0.9)
    expect(timeline.at(0).lag.max).toBeLessThan(4.1)
    expect(cellOf(totalOf(timeline.seconds()), 'GET /').responseTime.min).toBeLessThan(cellOf(totalOf(timeline.seconds()), 'GET /').serviceTime.min + 5)
  })
})

const series = (metric: string, time: number, sample: object, labels: Record<string, string> = {}): MetricSeries => ({
  metric,
  labels: new Map(Object.entries({ scenario: 'load', group: '', ...labels })),
  samples: [{ time, ...sample } as never],
})

describe('requests of scripts', () => {
  const duration = series(
    'http_req_duration',
    100,
    { kind: 'trend', values: histogramOf([10, 20]) },
    { name: 'http://127.0.0.1:80/items/42?x=1', method: 'GET', status: '200', expected_response: 'true' },
  )
  const iterations = series('iterations', 100, { kind: 'counter', sum: 2 })

  test("are named by method and path, and k6's duration stands in for a response time that nobody saw", () => {
    const { total } = told([[duration, iterations]], 'script')
    expect(cellOf(total, 'GET /items/:id')).toMatchObject({ count: 2, responseTime: histogramOf([10, 20]) })
  })
  test('under their own options count iterations as k6 does', () => {
    const { total } = told([[duration, iterations, series('dropped_iterations', 100, { kind: 'counter', sum: 1 })]], 'own-options')
    expect(total).toMatchObject({ planned: 3, started: 2, dropped: 1 })
  })
  test('of a journey never get a stand-in', () => {
    expect(cellOf(told([[duration, iterations]]).total, 'GET /items/:id').responseTime.count).toBe(0)
  })
})

test('endpoints that were known before the load, and journeys that are one request, are told by the names of their trends', () => {
  const lags = new LagTracker(shape, 100)
  const [pair, three] = [histogramOf([10, 20]), histogramOf([5, 6, 7])]
  const pushed = [
    series(names.lag, 100, { kind: 'trend', values: histogramOf([3, 4, 5]) }),
    series(`${names.wholeTime}_1`, 100, { kind: 'trend', values: three }),
    series(`${names.firstResponseTime}_0`, 100, { kind: 'trend', values: pair }),
    series(`${names.responseTime}_0`, 100, { kind: 'trend', values: pair }),
    series(names.journeyTime, 100, { kind: 'trend', values: pair }),
  ]
  lags.observe(pushed)
  const origin = { target: 'http://127.0.0.1:80', mode: 'journeys', name: 'one', endpoints: ['GET /', 'POST /cart'] } as const
  const timeline = new Timeline()
  for (const part of new Translator(100, lags, origin).parts(pushed)) timeline.add(part)
  const total = totalOf(timeline.seconds())
  expect(cellOf(total, 'GET /').responseTime.count).toBe(4)
  expect(cellOf(total, 'GET /').responseTime.max).toBe(20)
  expect(cellOf(total, 'GET /').responseTime.min).toBeCloseTo(7, 1) // the smallest lag, 3 ms, is k6's own
  expect(cellOf(total, 'POST /cart').responseTime).toMatchObject({ count: 3, max: 4 })
  expect(total.journeyTime.one?.count).toBe(5)
  expect(total.iterations.completed).toBe(5)
  expect(total.metrics).toEqual({})
})

test('lags after drops lose the time of the dropped arrivals, and say how sure they are', () => {
  // 40/s: a drop moves every later number by 25 ms.
  const lag = (time: number, values: number[]) => series(names.lag, time, { kind: 'trend', values: histogramOf(values) })
  const drop = series('dropped_iterations', 100, { kind: 'counter', sum: 2 }, { scenario: 'load' })
  const { timeline, lags } = told([[lag(100, [2, 2.5]), lag(101, [52.2, 53]), drop, series('iterations', 100, { kind: 'counter', sum: 4 })]])
  expect(lags.firstDrop).toBe(0)
  expect(lags.constant).toBe(2)
  expect(timeline.at(1).lag.min).toBeCloseTo(0.2, 1)
  expect(timeline.at(1).lag.max).toBeCloseTo(1, 1)
  expect(lags.uncertainty).toBeGreaterThanOrEqual(49)
})

describe('accounts', () => {
  const settled = (observe: Parameters<Accounts['observe']>[0][], until: number | undefined) => {
    const accounts = new Accounts(shape, 10)
    const timeline = new Timeline()
    for (const part of observe) {
      accounts.observe(part)
      timeline.add(part)
    }
    for (const part of accounts.settle(until)) timeline.add(part)
    return { total: totalOf(timeline.seconds()), timeline, accounts }
  }
  test('count what vanished as dropped', () => {
    const { total, accounts } = settled(
      [
        { second: 0, started: 39 },
        { second: 1, started: 38, dropped: 1 },
      ],
      Infinity,
    )
    expect(total).toMatchObject({ planned: 80, started: 77, dropped: 3 })
    expect(accounts.vanished).toBe(2)
  })
  test('plan only what fell due before a stop', () => {
    expect(
      settled(
        [
          { second: 0, started: 40 },
          { second: 1, started: 20 },
        ],
        1.5,
      ).total,
    ).toMatchObject({ planned: 60, started: 60, dropped: 0 })
    expect(
      settled(
        [
          { second: 0, started: 40 },
          { second: 1, started: 21 },
        ],
        1.5,
      ).total,
    ).toMatchObject({ planned: 61, started: 61, dropped: 0 })
  })
  test('plan what was measured when k6 was lost', () => {
    expect(settled([{ second: 0, started: 30, dropped: 3 }], undefined).total).toMatchObject({ planned: 33, started: 30, dropped: 3 })
  })
  test('count journeys without an end as interrupted, and users by what is under way', () => {
    const { total, timeline } = settled(
      [
        { second: 0, started: 40, iterations: { completed: 35, failed: 0, interrupted: 0, unavailable: 0 } },
        { second: 1, started: 40, dropped: 0 },
      ],
      Infinity,
    )
    expect(total.iterations.interrupted).toBe(45)
    expect(timeline.seconds().map(({ users }) => users)).toEqual([5, 10])
  })
})
