import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Fleet, waysToPay } from '../../../../budgets/advice/cost/ways-to-pay.ts'
import { pricesSchema } from '../../../../budgets/advice/prices/prices.ts'

const prices = pricesSchema.parse(JSON.parse(readFileSync(new URL('../../../../budgets/advice/prices/us-east-1.json', import.meta.url), 'utf8')))
const fleet: Fleet = { size: { vcpu: 1, gigabytes: 2 }, architecture: 'x86', calm: 2, height: 10, hours: 20 }
const monthlyOf = (given: Fleet) => Object.fromEntries(waysToPay(given, prices).map(({ way, monthly }) => [way, monthly]))

test('each way adds up: always there, scheduled, commitments for the calm, Spot for the rest', () => {
  // 1 vCPU with 2 GB: 0.04937 an hour, 0.0148 on Spot (science.md §15).
  const found = monthlyOf(fleet)
  expect(found['always there']).toBeCloseTo(0.04937 * 10 * 730, 6)
  expect(found.scheduled).toBeCloseTo(0.04937 * (2 * 730 + 8 * 20), 6)
  expect(found['one year']).toBeCloseTo(0.04937 * (2 * 730 * 0.85 + 8 * 20), 6)
  expect(found['three years']).toBeCloseTo(0.04937 * (2 * 730 * 0.5 + 8 * 20), 6)
  expect(found.spot).toBeCloseTo(0.04937 * 2 * 730 + 0.0148 * 8 * 20, 6)
})

test('a commitment pays for the height only above its break-even use', () => {
  const because = (hours: number) => waysToPay({ ...fleet, hours }, prices).find(({ way }) => way === 'three years')?.because
  expect(because(364)).toContain(
    'pays for an instance that runs more than 50 % of the time, 365 h of 730: for the 2 instances that always run, not for the other 8',
  )
  expect(because(366)).toContain('and for the other 8')
})

test('ARM has no Spot price in the file, so Spot is no way', () => {
  expect(monthlyOf({ ...fleet, architecture: 'arm' }).spot).toBeUndefined()
})

test('the cheapest comes first, and without a height there is nothing to schedule', () => {
  const ways = waysToPay({ ...fleet, height: 2 }, prices)
  expect(ways.map(({ way }) => way)).toEqual(['three years', 'one year', 'always there'])
})
