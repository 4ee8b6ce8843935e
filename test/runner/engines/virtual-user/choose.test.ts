import { describe, expect, test } from 'vitest'
import { pickJourney, randomOf, rowIndex, thinkTime } from '../../../../runner/engines/virtual-user/choose.ts'

const arrivals = Array.from({ length: 20_000 }, (_, arrival) => arrival)
const feed = (scope: 'shared' | 'user', order: 'sequential' | 'random', path = 'rows.csv') => ({ scope, order, path })

describe('pickJourney', () => {
  const journeys = [
    { name: 'browse', weight: 9 },
    { name: 'buy', weight: 1 },
  ]

  test('gives each journey the share of its weight', () => {
    const buying = arrivals.filter((arrival) => pickJourney(journeys, 7, arrival).name === 'buy').length
    expect(buying / arrivals.length).toBeCloseTo(0.1, 2) // standard error 0.002
  })

  test('repeats with the seed, and differs with another', () => {
    const names = (seed: number) => arrivals.slice(0, 200).map((arrival) => pickJourney(journeys, seed, arrival).name)
    expect(names(7)).toEqual(names(7))
    expect(names(7)).not.toEqual(names(8))
  })

  test('refuses to pick from nothing', () => {
    expect(() => pickJourney([], 1, 0)).toThrow(RangeError)
  })
})

describe('rowIndex', () => {
  test('a shared sequential feed gives arrival n row n, from the start again after the last', () => {
    expect([0, 1, 2, 3].map((arrival) => rowIndex(feed('shared', 'sequential'), 3, 1, arrival, 9, 9))).toEqual([0, 1, 2, 0])
  })

  test('a feed of scope user follows the iterations of the user, not the arrivals', () => {
    expect([0, 1, 2, 3].map((iteration) => rowIndex(feed('user', 'sequential'), 3, 1, 100, 9, iteration))).toEqual([0, 1, 2, 0])
  })

  test('a random feed hits all rows alike', () => {
    const hits = [0, 0, 0, 0]
    for (const arrival of arrivals) {
      const row = rowIndex(feed('shared', 'random'), 4, 1, arrival, 1, 0)
      hits[row] = (hits[row] ?? 0) + 1
    }
    for (const count of hits) expect(Math.abs(count - 5000)).toBeLessThan(300) // 5 standard errors
  })

  test('two random feeds do not go together', () => {
    const alike = arrivals.filter((n) => rowIndex(feed('shared', 'random', 'a'), 10, 1, n, 1, 0) === rowIndex(feed('shared', 'random', 'b'), 10, 1, n, 1, 0))
    expect(alike.length / arrivals.length).toBeCloseTo(0.1, 1)
  })

  test('says which feed is empty', () => {
    expect(() => rowIndex(feed('shared', 'sequential'), 0, 1, 0, 1, 0)).toThrow('rows.csv')
  })
})

test("random() is the arrival's own sequence, the same for the same seed", () => {
  const three = (seed: number, arrival: number) => {
    const random = randomOf(seed, arrival)
    return [random(), random(), random()]
  }
  expect(three(1, 5)).toEqual(three(1, 5))
  expect(three(1, 5)).not.toEqual(three(1, 6))
  const firsts = arrivals.map((arrival) => randomOf(1, arrival)())
  expect(firsts.reduce((sum, value) => sum + value, 0) / firsts.length).toBeCloseTo(0.5, 2)
})

test('think draws evenly between both durations, and nothing for one', () => {
  expect(thinkTime('1s', '3s', () => 0.25)).toBe(1.5)
  expect(
    thinkTime('500ms', undefined, () => {
      throw new Error('nothing to draw')
    }),
  ).toBe(0.5)
})
