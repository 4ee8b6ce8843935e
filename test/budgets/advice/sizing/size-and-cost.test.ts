import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Prices, pricesSchema, staleness, warningsOf } from '../../../../budgets/advice/prices/prices.ts'
import { breakEven, hourlyPrice, monthlyCost, perMillion } from '../../../../budgets/advice/sizing/cost.ts'
import { cheapestHolding, fargateSizesSchema, type Size, sizesOf } from '../../../../budgets/advice/sizing/fargate-size.ts'

const shipped = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../../budgets/advice/${path}`, import.meta.url), 'utf8'))
const prices: Prices = pricesSchema.parse(shipped('prices/us-east-1.json'))
const sizes = sizesOf(fargateSizesSchema.parse(shipped('sizing/fargate-sizes.json')))
const hourly = (size: Size): number => hourlyPrice(prices, size, 'x86') ?? Number.NaN

describe('sizes', () => {
  test('74 pairs', () => {
    expect(sizes.length).toBe(74)
  })

  test.each([
    [0.3, 0.6, 0.5, 1],
    [0.6, 1.5, 1, 2],
    [1.1, 9, 2, 9],
    [0.5, 6, 1, 6],
    [3, 31, 8, 32],
    [0.25, 2.5, 0.5, 3],
  ])('%d vCPU and %d GB need %d and %d', (vcpu, gigabytes, cpu, memory) => {
    expect(cheapestHolding(sizes, { vcpu, gigabytes }, hourly)).toEqual({ vcpu: cpu, gigabytes: memory })
  })

  test('what is larger than the largest has none', () => {
    expect(cheapestHolding(sizes, { vcpu: 17, gigabytes: 1 }, hourly)).toBeUndefined()
  })
})

// science.md §15.
describe('cost', () => {
  test('1 vCPU and 4 GB for 720 h, 2 GB for 730 h, ARM and Spot', () => {
    expect(monthlyCost(hourly({ vcpu: 1, gigabytes: 4 }), 1, 720)).toBeCloseTo(41.95, 2)
    expect(monthlyCost(hourly({ vcpu: 1, gigabytes: 2 }), 1)).toBeCloseTo(36.04, 2)
    expect(monthlyCost(hourlyPrice(prices, { vcpu: 1, gigabytes: 2 }, 'arm') ?? 0, 1)).toBeCloseTo(28.835, 3)
    expect(monthlyCost(hourlyPrice(prices, { vcpu: 1, gigabytes: 2 }, 'x86', 'spot') ?? 0, 1)).toBeCloseTo(10.8, 2)
  })

  test('a million requests at 100 a second', () => {
    expect(perMillion(hourly({ vcpu: 1, gigabytes: 2 }), 1, 100)).toBeCloseTo(0.1371, 4)
  })

  test('a price that the file has not is none', () => {
    expect(hourlyPrice(prices, { vcpu: 1, gigabytes: 2 }, 'arm', 'spot')).toBeUndefined()
  })

  test('half price pays from half of the time on', () => {
    expect(breakEven(0.5)).toBe(0.5)
  })
})

// science.md §15: the table of EC2 on demand as it was published, an xlarge at twice its large.
test.each([
  ['t3.medium', 0.0416],
  ['t4g.medium', 0.0336],
  ['m5 m6i', 0.096],
  ['m6a', 0.0864],
  ['m7i', 0.1008],
  ['m7i-flex', 0.09576],
  ['m6g', 0.077],
  ['m7g', 0.0816],
  ['c5 c6i', 0.085],
  ['c7i', 0.08925],
  ['c6g', 0.068],
  ['c7g', 0.0725],
  ['r5 r6i', 0.126],
  ['r6g', 0.1008],
  ['r7g', 0.1071],
  ['r7i', 0.1323],
])('EC2: %s costs $%d an hour', (names, hour) => {
  for (const name of names.split(' ')) {
    const [small, large] = name.includes('.') ? [name] : [`${name}.large`, `${name}.xlarge`]
    expect(prices.instances?.[small as string]?.hour).toBe(hour)
    if (large !== undefined) expect(prices.instances?.[large]?.hour).toBeCloseTo(2 * hour, 10)
  }
})

describe('the age of prices', () => {
  test('180 days are not too many, 181 are', () => {
    const dated = { ...prices, dated: '2026-01-01' }
    expect(staleness(dated, new Date('2026-06-30'))).toEqual({ days: 180, warning: undefined })
    expect(staleness(dated, new Date('2026-07-01')).warning).toMatch(/^The prices of us-east-1 are 181 days old \(2026-01-01\), and more than 180 are too many/)
  })

  test('prices of another region than the one it is deployed in are said', () => {
    const today = new Date(prices.dated)
    expect(warningsOf(prices, today, 'eu-west-1')).toEqual([
      'The prices are of us-east-1, and it is deployed in eu-west-1, where they differ. Give those of eu-west-1 with --prices.',
    ])
    expect(warningsOf(prices, today, 'us-east-1')).toEqual([])
  })
})
