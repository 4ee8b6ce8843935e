import { describe, expect, test } from 'vitest'
import { capacityOf } from '../../../budgets/capacity/capacity.ts'
import { findingsOf } from '../../../budgets/capacity/plateau.ts'
import type { Chart } from '../../../reports/charts/chart.ts'
import { chartsOf } from '../../../reports/charts/index.ts'
import { dark, light, painted } from '../../../reports/charts/palette.ts'
import { compose } from '../../../reports/compose.ts'
import { aRun } from '../../support/a-run.ts'
import { aSweep, doublings } from '../../support/a-sweep.ts'
import { aVerdict, everyReport } from '../support/situations.ts'

const chart = (charts: readonly Chart[], id: string): Chart | undefined => charts.find((each) => each.id === id)

/** WCAG 2.2 contrast of two colours, 1 to 21. */
const contrast = (a: string, b: string): number => {
  const channel = (hex: string): number => {
    const value = Number.parseInt(hex, 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  const luminance = (colour: string): number =>
    0.2126 * channel(colour.slice(1, 3)) + 0.7152 * channel(colour.slice(3, 5)) + 0.0722 * channel(colour.slice(5, 7))
  const [bright = 0, dim = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (bright + 0.05) / (dim + 0.05)
}

describe.each(Object.entries(everyReport))('the charts of %s', (_, make) => {
  const charts = chartsOf(make())

  test('are plain JSON, without a function', () => {
    for (const { config } of charts) expect(JSON.parse(JSON.stringify(config))).toEqual(config)
  })

  test('have a value or a gap for each moment of their axis', () => {
    for (const { config } of charts)
      for (const { data } of config.data.datasets) {
        expect(data).toHaveLength(config.data.labels.length)
        expect(data.every((value) => value === null || Number.isFinite(value))).toBe(true)
      }
  })

  test('say in words what they show', () => {
    for (const { lead } of charts) expect(lead).toMatch(/\w.*\.$/)
  })

  test('name only colours that both palettes have', () => {
    for (const palette of [light, dark]) for (const { config } of charts) expect(JSON.stringify(painted(config, palette))).not.toContain('"@')
  })

  test('have a table with a cell for each head', () => {
    for (const { table } of charts) for (const row of table.rows) expect(row).toHaveLength(table.heads.length)
  })
})

test.each([
  ['light', light],
  ['dark', dark],
])('every colour of the %s palette stands 3:1 off its paper, text 4.5:1', (_, palette) => {
  const paper = palette.paper ?? ''
  for (const [role, colour] of Object.entries(palette))
    if (!['paper', 'grid'].includes(role)) expect([role, contrast(colour, paper) >= (role === 'text' ? 4.5 : 3)]).toEqual([role, true])
})

test('dropped arrivals are drawn where there are any', () => {
  const labels = (report: ReturnType<typeof everyReport.failingSpike>): string[] =>
    chart(chartsOf(report), 'arrivals')?.config.data.datasets.map(({ label }) => label) ?? []
  expect(labels(everyReport.failingSpike())).toContain('dropped')
  expect(labels(everyReport.passingBaseline())).not.toContain('dropped')
})

test('what was never answered is marked at the edge, and not drawn as a number', () => {
  const drawn = chart(chartsOf(everyReport.failingSpike()), 'response-times')
  const [p95, unanswered] = ['p95', 'never answered'].map((name) => drawn?.config.data.datasets.find(({ label }) => label === name)?.data ?? [])
  expect(p95?.some((value, index) => value === null && unanswered?.[index] !== null)).toBe(true)
})

test('no failures, no chart of failures', () => {
  expect(chart(chartsOf(everyReport.passingBaseline()), 'errors')).toBeUndefined()
  expect(chart(chartsOf(everyReport.failingSpike()), 'errors')?.config.data.datasets.map(({ label }) => label)).toEqual(['HTTP 503', 'timeout', 'reset'])
})

test('many kinds of error share the last colour, and their sum is kept', () => {
  const errors = Object.fromEntries(Array.from({ length: 9 }, (_, kind) => [`HTTP ${500 + kind}`, 9 - kind]))
  const report = compose(aRun({ rate: 100, seconds: 10, errors }), aVerdict([], ''))
  const drawn = chart(chartsOf(report), 'errors')
  expect(drawn?.config.data.datasets.map(({ label }) => label).at(-1)).toBe('4 other kinds')
  const total = drawn?.config.data.datasets.flatMap(({ data }) => data).reduce<number>((sum, value) => sum + (value ?? 0), 0)
  expect(total).toBeCloseTo(45)
})

test('the curve of capacity shows what was served of what was offered, and where a resource is full', () => {
  const drawn = chart(chartsOf(everyReport.aKnownCapacity()), 'capacity-curve')
  const of = (label: string): number[] => drawn?.config.data.datasets.find((each) => each.label === label)?.data.filter((value) => value !== null) ?? []
  expect(of('served')).toHaveLength(7)
  for (const [step, served] of of('served').entries()) expect(Math.abs(served / (55.6 * (step + 1)) - 1)).toBeLessThan(0.1)
  expect(new Set(of('postgres.pool full')).size).toBe(1)
  expect(Math.abs((of('postgres.pool full')[0] ?? 0) - 429)).toBeLessThan(20)
})

test('a step that broke is told from one that held', () => {
  const labels = chart(chartsOf(everyReport.aBreakpoint()), 'capacity-curve')?.config.data.datasets.map(({ label }) => label)
  expect(labels).toEqual(['served, steps that held', 'served, steps that broke', 'all of what was offered'])
})

test('use by rate has the points and the line of each resource, up to where it is full', () => {
  const drawn = chart(chartsOf(everyReport.aKnownCapacity()), 'use-by-rate')
  expect(drawn?.config.data.datasets.map(({ label }) => label)).toEqual(['postgres.pool', 'postgres.pool, fitted', 'app.cpu', 'app.cpu, fitted'])
  for (const { data } of drawn?.config.data.datasets ?? []) for (const value of data) if (value !== null) expect(value).toBeLessThan(101)
  expect(chart(chartsOf(everyReport.passingBaseline()), 'use-by-rate')).toBeUndefined()
})

test('a line whose idle use is told to be below none begins at none', () => {
  const report = everyReport.aKnownCapacity()
  const capacity = report.capacity && {
    ...report.capacity,
    resources: report.capacity.resources.map((each) => ({ ...each, demand: each.demand.declined ? each.demand : { ...each.demand, background: -0.4 } })),
  }
  const fitted = chart(chartsOf({ ...report, capacity }), 'use-by-rate')?.config.data.datasets.filter(({ label }) => label?.endsWith('fitted')) ?? []
  expect(fitted).toHaveLength(2)
  for (const { data } of fitted) {
    const values = data.filter((value) => value !== null).map(Number)
    expect(values.length).toBeGreaterThan(2)
    expect(Math.min(...values)).toBeCloseTo(0, 6)
  }
})

test('a sweep that the law fits shows the law and what is about 90 % sure', () => {
  const sweep = aSweep({ throughput: (n) => (1000 * n) / (1 + 0.03 * (n - 1) + 5e-4 * n * (n - 1)), connections: doublings(128) })
  const run = { ...aRun({ test: 'stress' }), sweep }
  const drawn = chart(chartsOf(compose(run, aVerdict([], ''), { swept: findingsOf(sweep), capacity: capacityOf([run]) })), 'sweep-curve')
  const [law, low, high] = drawn?.config.data.datasets.slice(3).map(({ data }) => data) ?? []
  expect(drawn?.config.data.datasets[3]?.label).toBe('scalability law')
  for (const [at, value] of (law ?? []).entries())
    if (value !== null) {
      expect(low?.[at]).toBeLessThanOrEqual(value)
      expect(high?.[at]).toBeGreaterThanOrEqual(value)
    }
})

test('the launch is drawn as offered load, capacity and backlog, and beside it what reacting alone would do', () => {
  const charts = chartsOf(everyReport.anAdvisedLaunch())
  const most = (id: string, label: string): number =>
    Math.max(
      ...(chart(charts, id)
        ?.config.data.datasets.find((each) => each.label === label)
        ?.data.filter((value) => value !== null) ?? []),
    )
  for (const id of ['simulation', 'simulation-reactive']) expect(most(id, 'offered')).toBe(800)
  expect(most('simulation', 'arrivals that wait (right)')).toBe(0)
  expect(most('simulation-reactive', 'arrivals that wait (right)')).toBeGreaterThan(10_000)
  expect(most('simulation', 'capacity of the instances in service')).toBeGreaterThan(800)
  expect(chart(chartsOf(everyReport.aKnownCapacity()), 'simulation')).toBeUndefined()
})
