import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pricesSchema } from '../../../../budgets/advice/prices/prices.ts'
import { hourlyPrice } from '../../../../budgets/advice/sizing/cost.ts'
import { fargateSizesSchema, type Size, sizesOf } from '../../../../budgets/advice/sizing/fargate-size.ts'
import { type Measured, memoryNeeded, type Plan, rightSize } from '../../../../budgets/advice/sizing/right-size.ts'

const shipped = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../../budgets/advice/${path}`, import.meta.url), 'utf8'))
const prices = pricesSchema.parse(shipped('prices/us-east-1.json'))
const sizes = sizesOf(fargateSizesSchema.parse(shipped('sizing/fargate-sizes.json')))
const price = (size: Size) => hourlyPrice(prices, size, 'x86')

const measured: Measured = {
  demand: 0.005,
  background: 0.02,
  unevenness: 1,
  cores: 1,
  usable: Infinity,
  memory: 0.6,
  leak: 0,
  planned: 75,
  seconds: 900,
  throttled: 0,
  held: undefined,
}
const plan: Plan = { rate: 500, factor: 2, factorBecause: 'p99 to stay within 2 times what it is without load', restart: 24, fewest: 2 }
const found = (facts: Partial<Measured> = {}, planned: Partial<Plan> = {}, now?: { size: Size; instances: number }) => {
  const size = rightSize({ ...measured, ...facts }, { ...plan, ...planned }, sizes, price, now)
  if (size.declined) throw new Error(size.because)
  return size
}

describe('the size of an instance', () => {
  test('serves the rate at a use that its cores allow, and no candidate is cheaper', () => {
    const { best, candidates } = found()
    expect(best.instances * best.capacity).toBeGreaterThanOrEqual(500)
    expect(best.size.gigabytes).toBeGreaterThanOrEqual(0.72)
    for (const { hourly } of candidates) expect(hourly).toBeGreaterThanOrEqual(best.hourly)
  })

  test('several cores share a line and may be busier than one', () => {
    const { candidates } = found({}, { rate: 4000 })
    const useOf = (vcpu: number): number => (candidates.find(({ size }) => size.vcpu === vcpu)?.capacity ?? Number.NaN) / vcpu
    // 50 % of one core, 86 % of each of four (science.md §9).
    expect(useOf(4) / useOf(1)).toBeGreaterThan(1.6)
  })

  test('there are two at least, however little is asked for', () => {
    expect(found({}, { rate: 1 }).best.instances).toBe(2)
  })

  test('twice the rate needs at least as much', () => {
    expect(found({}, { rate: 1000 }).best.hourly).toBeGreaterThan(found().best.hourly)
  })

  test('what is deployed may be right already', () => {
    const { best } = found()
    const again = found({}, {}, best)
    expect(again.isAlreadyRight).toBe(true)
    expect(again.because).toMatch(/^Already right: \d+ instances of /)
  })

  test('what something else than CPU bounds serves no more on a larger size', () => {
    // 60/s took 0.32 of one core.
    const { candidates, because } = found({ held: 60 })
    for (const { capacity } of candidates) expect(capacity).toBeLessThanOrEqual(54 + 1e-9)
    expect(because).toContain('Not CPU bounds it: it held 60/s with 32 % of its CPU in use, so no size is trusted with more than 90 % of that.')
  })

  test('what its CPU bounds serves more on a larger one, and never as much of it as where it broke', () => {
    // 150/s took 0.77 of one core; four may be 86 % busy for p99, and 0.9 × 0.77 is less.
    const { candidates } = found({ held: 150 }, { rate: 4000 })
    const four = candidates.find(({ size }) => size.vcpu === 4)
    expect(four?.capacity).toBeCloseTo((4 * 0.9 * 0.77 - 0.02) / 0.005, 6)
  })

  test('one busy thread gains nothing from a second core', () => {
    const { candidates } = found({ usable: 1 }, { rate: 4000 })
    const capacityOf = (vcpu: number) => candidates.find(({ size }) => size.vcpu === vcpu)?.capacity
    expect(capacityOf(4)).toBe(capacityOf(1))
    expect(capacityOf(0.5)).toBeLessThan(capacityOf(1) ?? 0)
  })

  test('an uneven minute is provided for', () => {
    expect(found({ unevenness: 1.5 }).best.capacity).toBeLessThan(found().best.capacity)
    expect(found({ unevenness: 1.5 }).because).toContain('Its busiest minute took 1.5 times what its requests come to')
  })

  test('the measured size is kept unless another is a twentieth cheaper', () => {
    const free = { background: 0, usable: 1, memory: 0.4 } // so that every size up to one core costs alike
    expect(found({ ...free, cores: 1 }, { rate: 490 }).best.size.vcpu).toBe(1)
    expect(found({ ...free, cores: 0.25 }, { rate: 490 }).best.size.vcpu).toBe(0.25)
    expect(found({ ...free, cores: 16 }, { rate: 10 }).best.size.vcpu).toBe(0.25)
  })

  test('memory: a fifth more, or what leaks until the restart', () => {
    expect(memoryNeeded(measured, 24)).toBeCloseTo(0.72, 10)
    expect(memoryNeeded({ ...measured, leak: 0.1 }, 24)).toBeCloseTo(3, 10)
  })
})

describe('declined', () => {
  test.each<[Partial<Measured>, string]>([
    [
      { throttled: 0.2 },
      'Size unknown, because a quota held the instance back in 20 % of its periods: the measured CPU is the limit, not the need. Measure at a larger size.',
    ],
    [
      { seconds: 60 },
      'Size unknown, because 60 seconds at the planned rate were measured and 600 are needed. Run perf run baseline --rate 75/s --duration 12m.',
    ],
    [{ memory: 200 }, 'No size holds it: 240 GB and 0.02 cores without any request are needed.'],
  ])('%j', (facts, because) => {
    expect(rightSize({ ...measured, ...facts }, plan, sizes, price)).toEqual({ declined: true, because })
  })
})
