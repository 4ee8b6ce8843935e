import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pricesSchema } from '../../../../budgets/advice/prices/prices.ts'
import { instanceCandidates } from '../../../../budgets/advice/sizing/instances.ts'
import { podPrice, rightPod } from '../../../../budgets/advice/sizing/pod-size.ts'
import type { Measured, Plan } from '../../../../budgets/advice/sizing/right-size.ts'

const prices = pricesSchema.parse(JSON.parse(readFileSync(new URL('../../../../budgets/advice/prices/us-east-1.json', import.meta.url), 'utf8')))

describe('EC2 instances for tasks', () => {
  test('hold as many as vCPU and memory both allow', () => {
    // A c6i.large has 4 GB, of which the system takes some: 2 tasks of 1 GB by its 2 vCPU, one task of 2 GB.
    const of = (gigabytes: number) =>
      instanceCandidates({ vcpu: 1, gigabytes }, 12, { ...prices, instances: { c: prices.instances['c6i.large'] as never } }, 'x86')
    expect(of(1)).toEqual([{ type: 'c', tasks: 2, instances: 6, hourly: 6 * 0.085 }])
    expect(of(2)).toEqual([{ type: 'c', tasks: 1, instances: 12, hourly: 12 * 0.085 }])
    expect(of(4)).toEqual([])
  })

  test('are two at least, of the architecture that was measured, steady ones, the cheapest first', () => {
    const found = instanceCandidates({ vcpu: 0.25, gigabytes: 0.5 }, 2, prices, 'arm')
    expect(found[0]).toEqual({ type: 'c6g.large', tasks: 7, instances: 2, hourly: 0.136 })
    for (const { type, hourly } of found) {
      expect(prices.instances[type]?.architecture).toBe('arm')
      expect(type).not.toMatch(/^t/)
      expect(hourly).toBeGreaterThanOrEqual(0.136)
    }
  })
})

describe('a pod', () => {
  const measured: Measured = {
    demand: 0.005,
    background: 0.02,
    unevenness: 1.2,
    cores: 1,
    usable: Infinity,
    memory: 0.6,
    leak: 0,
    planned: 75,
    seconds: 900,
    throttled: 0,
    held: undefined,
  }
  const plan: Plan = { rate: 480, factor: 2, factorBecause: 'p99 to stay within 2 times what it is without load', restart: 24, fewest: 2 }
  const price = (size: { readonly vcpu: number; readonly gigabytes: number }) => podPrice(prices, size, 'x86')

  test('requests what its busiest minute takes, and its memory with a fifth to spare', () => {
    const pod = rightPod(measured, plan, price)
    if (pod.declined) throw new Error(pod.because)
    // (0.5 ÷ 1.2 − 0.02) ÷ 0.005 = 79.3/s to each: 7 pods of 68.6/s, (0.02 + 0.343) × 1.2 cores, 0.72 GB up to the next 16 MiB.
    expect(pod.best.instances).toBe(7)
    expect(pod.best.size).toEqual({ vcpu: 0.44, gigabytes: 0.734375 })
    expect(pod.because).toContain('each requesting 440m of CPU, what its busiest minute takes, without a limit, and 752Mi of memory as request and limit')
  })

  test('may be right already', () => {
    const pod = rightPod(measured, plan, price, { size: { vcpu: 0.44, gigabytes: 0.734375 }, instances: 7 })
    expect(pod.because).toMatch(/^Already right: 7 pods serve 480\/s/)
  })

  test('costs its larger share of the cheapest node', () => {
    // A c6i.large and a c5.large cost 0.085 for 2 vCPU and 4 GB; an r5.large 0.126 for 2 and 16.
    expect(price({ vcpu: 1, gigabytes: 1 })).toBeCloseTo(0.0425, 6)
    expect(price({ vcpu: 0.2, gigabytes: 4 })).toBeCloseTo(0.0315, 6)
  })

  test('is unknown where a size would be', () => {
    expect(rightPod({ ...measured, seconds: 60 }, plan, price).because).toMatch(/^Size unknown, because 60 seconds at the planned rate were measured/)
  })
})
