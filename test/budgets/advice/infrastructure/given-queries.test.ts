import { describe, expect, test } from 'vitest'
import { requestsQuery } from '../../../../budgets/advice/infrastructure/prometheus/figures.ts'
import { watchedAlerts } from '../../../../budgets/advice/infrastructure/prometheus/rules.ts'
import type { GivenQueries, Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { watchedSituations } from '../../../support/alerts.ts'

const given: GivenQueries = { requests: 'sum(rate(asked[2m]))', errors: 'sum(rate(failed[2m]))', p95: 'slow_seconds', instances: 'count(alive)' }
const plain = watchedSituations['not told where'] as Recommendation
const expressionsOf = (prometheus: GivenQueries | undefined): Record<string, string> => {
  const { watched } = watchedAlerts({ ...plain, capacity: 80, ...(prometheus && { prometheus }) })
  return Object.fromEntries(watched.map(({ alert, query }) => [alert.metric, query.expression]))
}

describe('what the configuration says Prometheus calls it', () => {
  test('stands in the rules in place of assumed names', () => {
    expect(expressionsOf(given)).toMatchObject({
      p95: 'slow_seconds',
      errors: '((sum(rate(failed[2m]))) or vector(0)) / (sum(rate(asked[2m])))',
      capacity: '(sum(rate(asked[2m]))) / ((count(alive)) * 80)',
      instances: 'count(alive)',
    })
    expect(requestsQuery({ ...plain, prometheus: given })).toEqual({ expression: 'sum(rate(asked[2m]))', assumes: expect.stringContaining('configuration') })
  })

  test('leaves the others as they are assumed', () => {
    const assumed = expressionsOf(undefined)
    expect(expressionsOf({ p95: 'slow_seconds' })).toEqual({ ...assumed, p95: 'slow_seconds' })
    expect(expressionsOf({ requests: 'asked' })).toEqual({ ...assumed, capacity: '(asked) / ((sum(up{job="service"})) * 80)' })
  })

  test('a job alone changes the label that the assumed names carry', () => {
    expect(expressionsOf({ job: 'shop' }).p95).toContain('{job="shop"}')
    expect(watchedAlerts({ ...plain, prometheus: { job: 'shop' } }).watched[0]?.labels).toMatchObject({ service: 'shop' })
  })
})
