import { describe, expect, test } from 'vitest'
import { compose } from '../../reports/compose.ts'
import { percentile, samplesFor } from '../../reports/percentiles.ts'
import type { Report } from '../../reports/report.ts'
import { histogramOf } from '../../runner/stats/histogram.ts'
import { constant } from '../../scenarios/shapes.ts'
import { aRun } from '../support/a-run.ts'
import { simulate } from './support/simulate.ts'
import { aVerdict, everyReport } from './support/situations.ts'

const reportOn = (facts: Parameters<typeof aRun>[0]): Report => compose(aRun(facts), aVerdict([], 'nothing to judge'))
const codes = (report: Report): string[] => report.caveats.map(({ code }) => code)

describe('a percentile has a number only if enough samples stand behind it', () => {
  test.each([
    ['p50', 0.5, 2],
    ['p90', 0.9, 10],
    ['p95', 0.95, 20],
    ['p99', 0.99, 100],
    ['p99.9', 0.999, 1000],
  ])('%s needs as many as 1 ÷ (1 − p)', (_, p, needed) => {
    expect(samplesFor(p)).toBe(needed)
    const samples = Array.from({ length: needed }, (_, n) => n + 1)
    expect(percentile(histogramOf(samples), p)).not.toBeNull()
    expect(percentile(histogramOf(samples.slice(1)), p)).toBeNull()
  })

  test('and a caveat says which are missing, and why', () => {
    const report = reportOn({ rate: 5, seconds: 10 })
    expect(report.responseTime.p95).toBeCloseTo(20, 0)
    expect(report.responseTime.p99).toBeNull()
    expect(report.caveats.find(({ code }) => code === 'few-answers')?.text).toMatch(/no p99 or p99\.9: 50 answers came, p99 needs 100/)
  })

  test('an endpoint that few requests reached is named', () => {
    const report = everyReport.passingBaseline()
    expect(report.endpoints.find(({ name }) => name === 'POST /checkout')?.responseTime.p999).toBeNull()
    expect(report.caveats.find(({ code }) => code === 'few-answers-endpoint')?.text).toContain('POST /checkout')
  })
})

describe('what was never answered counts as infinitely slow', () => {
  test('with one arrival in ten dropped, p90 has a number and p95 has none', () => {
    const report = reportOn({ rate: 100, seconds: 10, dropped: 100 })
    expect(report.responseTime.p50).toBeCloseTo(20, 0)
    expect(report.responseTime.p90).toBeCloseTo(20, 0)
    expect(report.responseTime.p95).toBe(Infinity)
    expect(report.responseTime.max).toBe(Infinity)
    expect(codes(report)).toContain('never-answered')
  })

  test('a journey of three requests takes three with it', () => {
    const report = reportOn({ rate: 100, seconds: 10, dropped: 60, endpoints: ['GET /', 'GET /search', 'POST /cart'] })
    expect(report.responseTime.p95).toBe(Infinity)
    for (const { responseTime } of report.endpoints) expect(responseTime.p95).toBe(Infinity)
  })

  test('service time knows nothing of arrivals that were never sent', () => {
    expect(reportOn({ rate: 100, seconds: 10, dropped: 100 }).serviceTime.p95).toBeCloseTo(20, 0)
  })

  test('a timeout is in both times', () => {
    const report = reportOn({ rate: 100, seconds: 10, errors: { timeout: 100 } })
    expect([report.responseTime.p95, report.serviceTime.p95]).toEqual([Infinity, Infinity])
  })

  test('a fast failure is in neither', () => {
    const report = reportOn({ rate: 100, seconds: 10, errors: { 'HTTP 503': 500 } })
    expect(report.responseTime.p50).toBeCloseTo(20, 0)
    expect(report.failureTime.p50).toBeLessThan(5)
    expect(codes(report)).not.toContain('never-answered')
  })
})

describe('nothing is 0 that was not measured', () => {
  test('without an answer there are no times, and a caveat', () => {
    const report = everyReport.zeroAnswers()
    expect(Object.values(report.responseTime)).toEqual([null, null, null, null, null, null])
    expect(codes(report)).toContain('no-answers')
  })

  test('without a request there is no error rate', () => {
    expect(reportOn({ rate: 10, seconds: 10, dropped: 100 }).errorRate).toBeNull()
  })
})

test.each(Object.entries(everyReport))('the totals of %s equal their parts', (_, make) => {
  const { totals } = make()
  expect(totals.filter(({ holds }) => !holds)).toEqual([])
})

test('a total that differs from its parts says so', () => {
  const run = aRun({ rate: 10, seconds: 10 })
  const { totals } = compose({ ...run, load: { ...run.load, started: 99 } }, aVerdict([], ''))
  expect(totals[0]).toEqual({ holds: false, text: '100 arrivals planned ≠ 99 started + 0 dropped' })
})

describe('over time', () => {
  test('there is one point for each second of a short run', () => {
    const { points } = reportOn({ rate: 10, seconds: 60 })
    expect(points).toHaveLength(60)
    expect(points.every(({ seconds }) => seconds === 1)).toBe(true)
  })

  test('a long run has 600 points at most, and they add up to all of it', () => {
    const { points, run } = reportOn({ rate: 1, seconds: 1500 })
    expect(points).toHaveLength(300)
    expect(points.reduce((sum, { planned }) => sum + planned, 0)).toBe(run.load.planned)
    expect(points.reduce((sum, { completed }) => sum + completed, 0)).toBe(run.load.completed)
  })

  test('a span merges its seconds: one slow second in ten shows in p95, and a mean would hide it', () => {
    const latency = ({ t }: { readonly t: number }): number => (Math.floor(t) % 10 === 0 ? 1000 : 10)
    const { spans } = reportOn({ rate: 10, seconds: 240, latency })
    expect(spans[0]?.seconds).toBe(10)
    expect(spans.every(({ p50, p95 }) => Math.abs((p50 ?? 0) - 10) < 1 && Math.abs((p95 ?? 0) - 1000) < 10)).toBe(true)
  })

  test('p50 never lies above p95, nor p95 above p99', () => {
    for (const make of Object.values(everyReport))
      for (const { p50, p95, p99 } of make().spans) {
        if (p50 !== null && p95 !== null) expect(p50).toBeLessThanOrEqual(p95)
        if (p95 !== null && p99 !== null) expect(p95).toBeLessThanOrEqual(p99)
      }
  })

  test('the stages add up to the run, and those that were not reached say so', () => {
    const { stages, run } = everyReport.aBreakpoint()
    expect(stages.reduce((sum, { planned }) => sum + planned, 0)).toBe(run.load.planned)
    expect(stages.reduce((sum, { completed }) => sum + completed, 0)).toBe(run.load.completed)
    expect(stages.map(({ reached }) => reached)).toEqual([...Array(13).fill(true), ...Array(7).fill(false)])
  })
})

test('a run that was stopped early is said to be', () => {
  expect(codes(everyReport.aBreakpoint())).toContain('run-stopped')
})

test('reasons for the validity come before every other caveat, each text once', () => {
  const report = everyReport.failingSpike()
  expect(codes(report)[0]).toBe('generator-busy')
  expect(new Set(report.caveats.map(({ text }) => text)).size).toBe(report.caveats.length)
})

test('a resource is shown at its worst moment, gaps left out, and only if it has a limit', () => {
  const probes = [
    { name: 'db.connections', unit: '', limit: 20, at: [0, 1, 2], values: [4, null, 18] },
    { name: 'db.rows', unit: '', limit: null, at: [0], values: [1] },
  ]
  expect(reportOn({ probes }).saturation).toEqual([{ resource: 'db.connections', unit: '', used: 18, limit: 20, ratio: 0.9 }])
})

test('composing changes neither the run nor the verdict', () => {
  const run = simulate({ test: 'smoke', shape: constant({ rate: '10/s', duration: '10s' }), capacity: 50 })
  const before = structuredClone(run)
  compose(run, aVerdict([], ''))
  expect(run).toEqual(before)
})

describe('a wait before the request was sent', () => {
  const caveatIn = (lag: number, service: number) =>
    reportOn({ seconds: 30, rate: 100, latency: lag + service, lag }).caveats.find(({ code }) => code === 'waited-first')?.text

  test('is told when it is more than a tenth of the service time, with where it was spent', () => {
    expect(caveatIn(30, 20)).toMatch(
      /^Response time p95 \(\S+ ms\) is \d+ % above service time p95 \(\S+ ms\): users waited before their request was sent \(start lag p95 30 ms\)\./,
    )
  })

  test('is not told of fractions that every generator has', () => {
    expect(caveatIn(1, 200)).toBeUndefined() // half a percent
    expect(caveatIn(0.8, 3)).toBeUndefined() // a quarter, but less than 2 ms
  })
})
