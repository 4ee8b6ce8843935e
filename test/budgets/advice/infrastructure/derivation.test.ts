import { expect, test } from 'vitest'
import { comment, oneLine } from '../../../../budgets/advice/infrastructure/comment.ts'
import { headOf, reasonsOf } from '../../../../budgets/advice/infrastructure/derivation.ts'
import { aRecommendation, aScaling, hostileName } from '../../../support/a-recommendation.ts'

const head = (...facts: Parameters<typeof aRecommendation>) => headOf(aRecommendation(...facts), 'scaling.tf.').join('\n')

test('the head names the runs, the cost before and after, and what was declined', () => {
  const text = head({ declined: ['Size unknown, because no probe watched the CPU of the target.'] })
  expect(text).toContain('from runs 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx.')
  expect(text).toContain('286.4 USD a month now, 143.2 USD a month as recommended, 0.11 USD per million requests (−50 %)')
  expect(text).toContain('Not recommended: Size unknown, because no probe watched the CPU of the target.')
  expect(text).toContain('Not proved yet')
})

test('a cost that is not known is not a number, and one in another currency is not compared', () => {
  expect(head({ cost: undefined })).toContain('Cost: unknown.')
  const now = { instances: 8, cost: { monthly: 100, perMillion: 1, currency: 'EUR' } }
  expect(head({ now })).toContain('100 EUR a month now, 143.2 USD a month as recommended')
  expect(head({ now })).not.toMatch(/[+−]\d+ %/)
})

test('a proof is told in its own words', () => {
  expect(head({ proof: { state: 'not proved', because: 'the next smaller size met the objective too.', attempts: [] } })).toContain(
    'Not proved: the next smaller size met the objective too.',
  )
})

test('each value carries the arithmetic and the runs it came from', () => {
  const recommendation = aRecommendation({ scaling: aScaling({ target: { metric: 'requests', value: 40 } }) })
  const reasons = reasonsOf(recommendation)
  expect(reasons.minimum).toContain('4 × 80/s that one held = 320/s, now 2 (runs')
  expect(reasons.target).toContain('40/s an instance, 50 % of the 80/s that one held')
  expect(reasons.size).toContain('0.5 vCPU, 1 GB, now 1 vCPU, 2 GB')
  for (const reason of Object.values(reasons)) expect(reason).toContain('2026-11-21-103000-breakpoint-k4mz')
})

test('instances of another size than was measured are told by what one of that size serves', () => {
  const reasons = reasonsOf(aRecommendation({ capacityAtSize: 45.6, scaling: aScaling({ target: { metric: 'requests', value: 22.8 } }) }))
  expect(reasons.minimum).toContain('4 × 45.6/s that one of the recommended size serves, told from CPU = 182/s')
  expect(reasons.target).toContain('50 % of the 45.6/s that one of the recommended size serves')
})

test('no name ends a comment, and every line of one carries its mark', () => {
  expect(oneLine('a\r\nb\u2028c\u202ed')).toBe('a b c d')
  const lines = comment([`${hostileName} `.repeat(10)], '#')
  expect(lines.length).toBeGreaterThan(3)
  for (const line of lines) {
    expect(line).toMatch(/^# /)
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  }
})
