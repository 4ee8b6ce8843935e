import { describe, expect, test } from 'vitest'
import { budgetsIn } from '../../budgets/budget-file.ts'
import { judge } from '../../budgets/judge.ts'
import { readDefaultBudgets } from '../../budgets/read.ts'
import type { Run } from '../../runner/run.ts'
import { aRun, holds } from '../support/a-run.ts'
import { aSeries } from '../support/a-series.ts'

/** 100 queries a second of 10 ms, from 0:31 on of 40 ms. */
const aDatabase = (bounds: object = { p95_low: 30, p95_high: 90 }, warmUp = 0): Run => {
  const load = { shape: holds([20, 30], [40, 30]), warmUp }
  return {
    ...aRun({
      ...load,
      probes: [
        aSeries('postgres.query_time', 'ms', 61, (at) => (at === 0 ? null : at <= 30 ? 10 : 40)),
        aSeries('postgres.queries', '/s', 61, (at) => (at === 0 ? null : at <= 30 ? 100 : 300)),
      ],
    }),
    watched: [{ name: 'postgres', kind: 'postgres', readings: 61, missed: 0 }],
    observations: [
      { probe: 'postgres', kind: 'query_time', subject: 'all statements', values: { calls: 12_000, mean: 32.5, statements: 3, forgotten: 0, ...bounds } },
    ],
  }
}
const judged = (run: Run, value: object) => judge(run, budgetsIn({ queries: { metric: 'postgres.query_time', ...value } }, 'b.json')).judgements[0]

describe('a percentile of query times lies between what the sums allow', () => {
  test.each([
    ['met where even the highest is below the limit', { at_most: '100ms' }, 'met', 90],
    ['exceeded where even the lowest is above it', { at_most: '20ms' }, 'exceeded', 90],
    ['unknown in between', { at_most: '50ms' }, 'unknown', null],
  ])('and is %s', (_, limit, status, observed) => {
    expect(judged(aDatabase(), { stat: 'p95', ...limit })).toMatchObject({ status, observed })
  })

  test('which the sentence says, and why', () => {
    expect(judged(aDatabase(), { stat: 'p95', at_most: '50ms' })?.because).toBe(
      'p95 of postgres.query_time lies between 30 ms and 90 ms, and at most 50 ms is allowed, because databases keep number, mean, spread and maximum of each statement, and no percentiles.',
    )
  })

  test('over the whole run only, and of all that was counted', () => {
    expect(judged(aDatabase(), { stat: 'p95', at_most: '100ms', per: 'step' })).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('before and after the whole load only'),
    })
    expect(judged(aDatabase({ p95_high: 90 }, 10), { stat: 'p95', at_most: '100ms' })).toMatchObject({ status: 'unknown' })
    expect(judged(aDatabase({ p95_high: 90, forgotten: 2 }), { stat: 'p95', at_most: '100ms' })).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('forgot what it had counted of 2 statements'),
    })
  })
})

describe('the mean of query times is exact', () => {
  test('over the whole run, and in each step weighs seconds by their queries', () => {
    expect(judged(aDatabase(), { stat: 'mean', at_most: '35ms' })).toMatchObject({ status: 'met', observed: 32.5 })
    const perStep = judged(aDatabase(), { stat: 'mean', at_most: '35ms', per: 'step' })
    expect(perStep).toMatchObject({ status: 'exceeded', observed: 40, because: expect.stringContaining('mean of postgres.query_time was 40 ms at 40/s') })
    expect(judged(aDatabase({}, 20), { stat: 'mean', at_most: '50ms' })?.observed).toBeCloseTo((10 * 100 * 10 + 30 * 300 * 40) / (10 * 100 + 30 * 300), 6)
  })
})

test('the shipped budget on database queries is that of every database', async () => {
  const shipped = (await readDefaultBudgets()).filter(({ name }) => name === 'database query')
  expect(judge(aDatabase(), shipped).judgements).toMatchObject([{ status: 'met', budget: { name: 'database query', metric: 'postgres.query_time' } }])
})
