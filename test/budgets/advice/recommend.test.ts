import { describe, expect, test } from 'vitest'
import type { Advice } from '../../../budgets/advice/advise.ts'
import { recommend } from '../../../budgets/advice/recommend.ts'
import type { Deployment } from '../../../runner/deployments/deployment.ts'
import { declined } from '../../../runner/stats/few.ts'
import { anAdvice, aPace, scalingTo, somePrices } from '../../support/an-advice.ts'

const [advice, prices, pace] = [anAdvice(), somePrices, aPace]
const chosenOf = ({ scaling }: Advice) => {
  if (scaling.declined) throw new Error(scaling.because)
  return scaling.chosen
}

describe('the recommendation', () => {
  test('counts requests, of which a journey makes two', () => {
    const { capacity, scaling } = recommend(advice, { pace, prices })
    expect(capacity).toBe(200)
    expect(scaling?.target).toEqual({ metric: 'requests', value: chosenOf(advice).target * 200 })
  })

  test('a target of CPU is the share of the cores that were used, and requests where nobody watched', () => {
    const even = { ...advice, scaling: scalingTo(140, 3600) }
    expect(recommend(even, { pace, prices }).scaling?.target).toEqual({ metric: 'cpu', value: chosenOf(even).target * 0.8 })
    expect(recommend({ ...even, useAtCapacity: undefined }, { pace, prices }).scaling?.target.metric).toBe('requests')
  })

  test('instances that must be there before a launch are scheduled where its beginning is known, and always there where it is not', () => {
    const always = recommend(advice, { pace, prices })
    const scheduled = recommend(advice, { pace, prices, begins: Date.parse('2026-12-01T18:00:00Z') / 1000 })
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
    const { now, deployment: name } = recommend(advice, { pace, prices, deployment })
    expect(name).toEqual(deployment.name)
    expect(now).toMatchObject({ instances: 3, minimum: 2, maximum: 6, size: { vcpu: 1, gigabytes: 2 } })
    expect(now?.cost?.monthly).toBeCloseTo(3 * 36.04, 1)
  })

  test('what is declined is absent, with its reason', () => {
    const found = recommend({ ...advice, size: declined('Size unknown.'), cost: declined('Cost unknown, because the size is.') }, { pace, prices })
    expect(found.size).toBeUndefined()
    expect(found.cost).toBeUndefined()
    expect(found.declined).toEqual(['Size unknown.', 'Cost unknown, because the size is.'])
  })
})
