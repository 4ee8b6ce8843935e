import { describe, expect, test } from 'vitest'
import type { Advice } from '../../../budgets/advice/advise.ts'
import { recommend } from '../../../budgets/advice/recommend.ts'
import { autoscalers } from '../../../budgets/advice/scaling/autoscalers.ts'
import { recommendScaling } from '../../../budgets/advice/scaling/recommend.ts'
import type { Deployment } from '../../../runner/deployments/deployment.ts'
import { declined } from '../../../runner/stats/few.ts'
import { anAdvice, aScalingNeed, somePrices } from '../../support/an-advice.ts'

const [advice, prices] = [anAdvice(), somePrices]
const chosenOf = ({ scaling }: Advice) => {
  if (scaling.declined) throw new Error(scaling.because)
  return scaling.chosen
}

describe('the recommendation', () => {
  test('counts requests, of which a journey makes two', () => {
    const { capacity, scaling } = recommend(advice, { prices })
    expect(capacity).toBe(200)
    expect(scaling?.target).toEqual({ metric: 'requests', value: chosenOf(advice).target * 200 })
  })

  test('a target of CPU is the share of the cores that was used, and declined where nobody watched', () => {
    const byCpu = { ...advice, scaling: recommendScaling({ ...aScalingNeed(140, 3600), useAtCapacity: 0.8 }, autoscalers['ecs-20s']) }
    expect(recommend(byCpu, { prices }).scaling).toMatchObject({ period: 20, target: { metric: 'cpu', value: chosenOf(byCpu).target * 0.8 } })
    const unwatched = { ...advice, scaling: recommendScaling(aScalingNeed(140, 3600), autoscalers['ecs-20s']) }
    expect(recommend(unwatched, { prices })).toMatchObject({ scaling: undefined, declined: [expect.stringContaining('no probe watched it')] })
  })

  test('instances that must be there before a launch are scheduled where its beginning is known, and always there where it is not', () => {
    const always = recommend(advice, { prices })
    const scheduled = recommend(advice, { prices, begins: Date.parse('2026-12-01T18:00:00Z') / 1000 })
    expect(always.scaling?.minimum).toBe(chosenOf(advice).minimum)
    expect(always.scaling?.scheduled).toEqual([])
    expect(scheduled.scaling?.minimum).toBeLessThan(chosenOf(advice).minimum)
    expect(scheduled.scaling?.scheduled).toEqual([
      { name: 'launch', from: '2026-12-01T17:54:00', until: '2026-12-01T18:25:00', minimum: chosenOf(advice).minimum, maximum: chosenOf(advice).maximum },
    ])
    expect(scheduled.cost?.monthly).toBeLessThan(always.cost?.monthly ?? 0)
  })

  test('stands beside what is deployed, at what that costs', () => {
    const deployment: Deployment = {
      name: { kind: 'ecs', cluster: 'shop', service: 'web', region: 'us-east-1', account: '123456789012' },
      readAt: '2026-11-21T00:00:00Z',
      size: { vcpu: 1, gigabytes: 2 },
      instances: { desired: 3, running: 3, minimum: 2, maximum: 6 },
      policies: [],
      schedules: [],
      startUps: [],
      activities: [],
      series: [],
      caveats: [],
    }
    const { now, deployment: name } = recommend(advice, { prices, deployment })
    expect(name).toEqual(deployment.name)
    expect(now).toMatchObject({ instances: 3, minimum: 2, maximum: 6, size: { vcpu: 1, gigabytes: 2 } })
    expect(now?.cost?.monthly).toBeCloseTo(3 * 36.04, 1)
  })

  test('what is declined is absent, with its reason', () => {
    const found = recommend({ ...advice, size: declined('Size unknown.'), cost: declined('Cost unknown, because the size is.') }, { prices })
    expect(found.size).toBeUndefined()
    expect(found.cost).toBeUndefined()
    expect(found.declined).toEqual(['Size unknown.', 'Cost unknown, because the size is.'])
  })
})
