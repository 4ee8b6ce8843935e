import { expect, test } from 'vitest'
import { breakingOrder } from '../../../budgets/capacity/breaking-order.ts'
import type { Capacity } from '../../../budgets/capacity/capacity.ts'
import type { ResourceCapacity } from '../../../budgets/capacity/resource-capacity.ts'

const aResource = (resource: string, rate: ResourceCapacity['rate']): ResourceCapacity => ({
  resource,
  servers: 2,
  noun: 'core',
  demand: { declined: false, demand: 0.01, background: 0, determination: 1, from: 10, until: 90, points: [] },
  rate,
  highestUse: 1,
  points: [],
})

const aCapacity = (...resources: ResourceCapacity[]): Pick<Capacity, 'resources'> => ({ resources })

test('what is full at the lowest rate comes first, and each that follows says how much more it allows', () => {
  const { order } = breakingOrder(aCapacity(aResource('pool', 100), aResource('cpu', 150), aResource('database', 300)))
  expect(order.map(({ because }) => because)).toEqual([
    'pool would be full first, at 100/s successful requests (2 cores).',
    'With more of pool, cpu would be full next, at 150/s: 50 % more.',
    'With more of those, database would be full next, at 300/s: 100 % more.',
  ])
})

test('what has no rate is named with the reason, and has no place in the order', () => {
  const { order, unknown } = breakingOrder(
    aCapacity(aResource('pool', 100), aResource('cpu', { declined: true, because: 'it would be extrapolating from 12 %' }), {
      ...aResource('disk', { declined: true, because: 'the rate' }),
      demand: { declined: true, because: 'use does not follow throughput' },
    }),
  )
  expect(order.map(({ resource }) => resource)).toEqual(['pool'])
  expect(unknown).toEqual([
    { resource: 'cpu', because: 'it would be extrapolating from 12 %' },
    { resource: 'disk', because: 'use does not follow throughput' },
  ])
})
