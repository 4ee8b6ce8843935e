import { describe, expect, test } from 'vitest'
import { allowedWait, objectivesIn } from '../../../../budgets/advice/sizing/allowed-wait.ts'
import { largestUse } from '../../../../budgets/capacity/queue.ts'
import { aBudget } from '../../../reports/support/situations.ts'
import { aRun, holds } from '../../../support/a-run.ts'

/** Calm answers take 10 ms; those at 100/s take 40. */
const run = aRun({ shape: holds([20, 20], [100, 20]), answer: ({ t }) => (t < 20 ? 10 : 40) })
const p95 = (milliseconds: number) => [{ quantile: 0.95, milliseconds }]

describe('by how much an answer may take longer', () => {
  test('the objective over what it takes in the calm', () => {
    expect(allowedWait([run], p95(25))).toMatchObject({
      declined: false,
      because: expect.stringMatching(/^p95 ≤ 25 ms, 2\.\d+ times the [\d.]+ ms without load$/),
    })
    const found = allowedWait([run], p95(25))
    expect(found.declined ? 0 : Math.abs(found.factor / 2.5 - 1)).toBeLessThan(0.02)
  })

  test('at most as much as keeps one core 70 % busy, and what is left to bursts is said', () => {
    const found = allowedWait([run], p95(500))
    expect(found).toMatchObject({ because: expect.stringContaining('of which 3.33 times are planned with, since bursts take the rest') })
    expect(largestUse(1, found.declined ? 0 : found.factor)).toBeCloseTo(0.7, 2)
  })

  test('of several objectives the one that allows least', () => {
    const found = allowedWait([run], [...p95(30), { quantile: 0.99, milliseconds: 15 }])
    expect(found).toMatchObject({ because: expect.stringMatching(/^p99 ≤ 15 ms/) })
  })

  test('twice where none is known, or the calm has too few answers', () => {
    for (const found of [allowedWait([run], []), allowedWait([aRun({ rate: 1, seconds: 20 })], p95(100))])
      expect(found).toMatchObject({ factor: 2, because: expect.stringContaining('no objective says otherwise') })
  })

  test('an objective that a calm target misses is declined', () => {
    expect(allowedWait([run], p95(8))).toMatchObject({
      declined: true,
      because: expect.stringMatching(/^Size unknown, because the objective p95 ≤ 8 ms is missed without load already: 10\.?\d* ms then\./),
    })
  })
})

test('budgets on the response time of everything are objectives; of one endpoint, of warnings, of other things are not', () => {
  expect(
    objectivesIn([
      aBudget('all', 200),
      aBudget('tail', 400, { stat: 'p99' }),
      aBudget('one', 50, { endpoint: 'GET /' }),
      aBudget('told', 50, { level: 'warn' }),
      aBudget('errors', 0.01, { metric: 'error_rate', stat: 'value' }),
    ]),
  ).toEqual([
    { quantile: 0.95, milliseconds: 200 },
    { quantile: 0.99, milliseconds: 400 },
  ])
})
