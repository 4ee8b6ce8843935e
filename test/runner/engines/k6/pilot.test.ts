import { expect, test } from 'vitest'
import { slowestOf } from '../../../../runner/engines/k6/pilot.ts'

const took = (journey: string, time: number) => ({ journey, time, isWhole: true })

test('kinds of journeys count by their weight, each with its slowest', () => {
  const journeys = [
    { name: 'browse', weight: 9 },
    { name: 'checkout', weight: 1 },
  ]
  expect(slowestOf({ journeys }, [took('browse', 1000), took('checkout', 11_000), took('browse', 2000)])).toBeCloseTo(0.9 * 2 + 0.1 * 11)
})

test('a kind that told nothing is left out', () => {
  const journeys = [
    { name: 'browse', weight: 9 },
    { name: 'checkout', weight: 1 },
  ]
  expect(slowestOf({ journeys }, [took('browse', 500)])).toBeCloseTo(0.5)
  expect(slowestOf({ journeys }, [])).toBe(0)
})
