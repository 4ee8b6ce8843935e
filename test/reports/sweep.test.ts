import { expect, test } from 'vitest'
import { findingsOf } from '../../budgets/capacity/plateau.ts'
import { sweepChart } from '../../reports/charts/sweep.ts'
import { compose } from '../../reports/compose.ts'
import { summaryOf } from '../../reports/json.ts'
import type { Report } from '../../reports/report.ts'
import { text } from '../../reports/text.ts'
import { aRun } from '../support/a-run.ts'
import { aSweep, type SweepFacts } from '../support/a-sweep.ts'
import { aVerdict, everyReport } from './support/situations.ts'

const reportOn = (facts: SweepFacts): Report => {
  const sweep = aSweep(facts)
  return compose({ ...aRun({ test: 'stress' }), sweep }, aVerdict([], ''), { swept: findingsOf(sweep) })
}

test('no throughput over the whole is stated, because its levels have one each', () => {
  const { throughput, endpoints } = everyReport.aSweptPool()
  expect(throughput).toBeNull()
  expect(endpoints.map((endpoint) => endpoint.throughput)).toEqual(endpoints.map(() => null))
})

test('levels that could not be used are marked, each reason once', () => {
  const lines = text(reportOn({ throughput: (n) => 5000 * n, busy: (n) => (n >= 16 ? 0.95 : 0.4) })).split('\n')
  expect(lines.filter((line) => /^ *\d+ \* /.test(line)).length).toBe(3)
  expect(lines.filter((line) => line.includes('not used')).length).toBe(1)
  expect(lines.join(' ')).toContain('* N = 16, 32, 64 not used: the generator’s own thread was busy 95 % of the time.')
})

test('the summary holds a plateau, or why there is none with what was reached', () => {
  expect(summaryOf(reportOn({ throughput: (n) => 100 * Math.min(n, 8) })).sweep?.plateau).toMatchObject({ connections: 8, falls: false })
  expect(summaryOf(reportOn({ throughput: (n) => 100 * n })).sweep?.plateau).toMatchObject({ declined: true, atLeast: expect.any(Number) })
  expect(summaryOf(compose(aRun(), aVerdict([], ''))).sweep).toBeUndefined()
})

test('a sweep that was killed before its first level is told without a table of figures', () => {
  const report = reportOn({ throughput: () => 100, connections: [] })
  expect(text(report)).toContain('No plateau can be stated: 0 levels can be used and 3 are needed.')
  expect(sweepChart(report)).toBeUndefined()
})

test('the curve has a step for each doubling', () => {
  const { labels } = sweepChart(reportOn({ throughput: (n) => 100 * n, connections: [1, 2, 4, 8] }))?.config.data ?? {}
  expect(labels).toEqual([0, 1, 2, 3])
})

test('answers that point elsewhere are told of, because a sweep does not follow them', () => {
  const run = aRun({ test: 'stress' })
  const sweep = aSweep({ throughput: () => 50 })
  const redirected = { ...run, sweep, endpoints: run.endpoints.map((cell) => ({ ...cell, statuses: { 302: cell.count } })) }
  const codes = compose(redirected, aVerdict([], ''), { swept: findingsOf(sweep) }).caveats.map(({ code }) => code)
  expect(codes).toContain('redirected')
  expect(reportOn({ throughput: () => 50 }).caveats.map(({ code }) => code)).not.toContain('redirected')
})
