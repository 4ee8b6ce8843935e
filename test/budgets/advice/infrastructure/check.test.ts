import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { wrongIn } from '../../../../budgets/advice/infrastructure/check/recommendation.ts'
import { fargateSizesSchema, sizesOf } from '../../../../budgets/advice/sizing/fargate-size.ts'
import { aRecommendation, aScaling, hostileName, situations } from '../../../support/a-recommendation.ts'

const sizes = sizesOf(
  fargateSizesSchema.parse(JSON.parse(readFileSync(new URL('../../../../budgets/advice/sizing/fargate-sizes.json', import.meta.url), 'utf8'))),
)
const scaled = (...facts: Parameters<typeof aScaling>) => wrongIn(aRecommendation({ scaling: aScaling(...facts) }), sizes)

describe('what no outside validator sees', () => {
  test('nothing is wrong with what can be true', () => {
    for (const [name, recommendation] of Object.entries(situations)) if (name !== 'hostile names') expect(wrongIn(recommendation, sizes), name).toEqual([])
  })

  test('fewer at most than at least', () => {
    expect(scaled({ minimum: 4, maximum: 3 })).toEqual(["Scaling has at least 4 instances and at most 3. The least can't be more than the most."])
    expect(scaled({ scheduled: [{ name: 'a\nb', from: '2026-11-27T07:00:00Z', minimum: 9, maximum: 8 }] })[0]).toContain('Schedule "a b" has at least 9')
  })

  test('instances in parts, and cooldowns below 0', () => {
    expect(scaled({ minimum: 1.5 })[0]).toContain('1.5 to 13 instances')
    expect(scaled({ scaleInCooldown: -1 })[0]).toContain('-1 s')
  })

  test('a target that the metric never shows', () => {
    expect(scaled({ target: { metric: 'cpu', value: 60 } })).toEqual(['The target of cpu is 60. It is above 0 and at most 1.'])
    expect(scaled({ target: { metric: 'requests', value: 0 } })).toHaveLength(1)
    expect(scaled({ target: { metric: 'requests', value: Number.NaN } })).toHaveLength(1)
    expect(scaled({ target: { metric: 'requests', value: 60 } })).toEqual([])
  })

  test('a pair of CPU and memory that Fargate has not', () => {
    const { size } = aRecommendation()
    const wrong = wrongIn(aRecommendation({ size: size && { ...size, gigabytes: 16 } }), sizes)
    expect(wrong).toEqual(['The size is 0.5 vCPU and 16 GB. Fargate has no such size.'])
  })

  test('names that ECS has not, and a resource label that is none', () => {
    expect(wrongIn(situations['hostile names'] ?? aRecommendation(), sizes)).toHaveLength(2)
    expect(wrongIn(aRecommendation({ resourceLabel: hostileName }), sizes)[0]).toContain('is no resource label')
    expect(wrongIn(aRecommendation({ resourceLabel: 'app/a/1f\n/targetgroup/b/2e' }), sizes)).toHaveLength(1)
  })
})
