import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { json, type Summary, summaryJsonSchema, summaryOf, summarySchema } from '../../reports/json.ts'
import { everyReport } from './support/situations.ts'

const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } })
const validate = ajv.compile(summaryJsonSchema() as object)

describe.each(Object.entries(everyReport))('summary.json of %s', (_, make) => {
  const report = make()
  const summary: Summary = JSON.parse(json(report))

  test('keeps to the published schema', () => {
    validate(summary)
    expect(validate.errors ?? []).toEqual([])
    expect(summarySchema.parse(summary)).toEqual(summary)
  })

  test('says why for each figure that is null', () => {
    const figures = [
      summary.errorRate,
      ...[summary, ...summary.endpoints].flatMap(({ responseTime, serviceTime }) => [...Object.values(responseTime), ...Object.values(serviceTime)]),
    ]
    if (figures.includes(null)) expect(summary.caveats.length).toBeGreaterThan(0)
    for (const budget of summary.budgets) if (budget.status === 'unknown') expect(budget.because + budget.name).not.toBe(budget.name)
  })
})

test('holds the fields of the contract, and no other', () => {
  expect(Object.keys(summaryOf(everyReport.passingBaseline()))).toEqual(
    'format id test engine target startedAt durationSeconds verdict because validity caveats exitCode load warmUp throughput errorRate errors responseTime serviceTime responseTimeIntervals setupTime lag endpoints budgets saturation capacity advice'.split(
      ' ',
    ),
  )
})

test('writes infinity as null: JSON has no other word for it', () => {
  const summary = summaryOf(everyReport.failingSpike())
  expect(summary.responseTime.p95).toBeNull()
  expect(summary.budgets.find(({ name }) => name === 'API response p95')).toMatchObject({ status: 'exceeded', observed: null, headroom: null })
  expect(summary.caveats.map(({ code }) => code)).toContain('never-answered')
})

test('a breakpoint test states an interval; any other declines', () => {
  expect(summaryOf(everyReport.aBreakpoint()).capacity).toMatchObject({ unit: 'arrivals/s', lastGood: 120, firstBad: 130 })
  expect(summaryOf(everyReport.passingBaseline()).capacity).toMatchObject({ declined: true })
})

test('says of each resource at which rate it is full, the first one first', () => {
  const { resources } = summaryOf(everyReport.aKnownCapacity())
  expect(resources?.map(({ resource }) => resource)).toEqual(['postgres.pool', 'app.cpu'])
  expect(Math.abs((resources?.[0]?.fullAt ?? 0) / 429 - 1)).toBeLessThan(0.05)
  expect(resources?.[1]?.because).toMatch(/^With more of postgres.pool, app.cpu would be full next/)
})

test('advice in short, where somebody asked for it', () => {
  expect(summaryOf(everyReport.anAdvisedLaunch()).advice).toMatchObject({
    instances: { minimum: 8, maximum: 11 },
    target: { metric: 'requests', value: 160 },
    monthlyCost: { now: 36.04 },
    proof: null,
  })
  expect(summaryOf(everyReport.aKnownCapacity()).advice).toBeNull()
})

test('is one JSON document and ends its line', () => {
  expect(json(everyReport.tenSecondSmoke())).toMatch(/^\{[\s\S]*\}\n$/)
})
