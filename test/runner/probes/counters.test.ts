import { expect, test } from 'vitest'
import { Counters } from '../../../runner/probes/counters.ts'

const counting = () => {
  let at = 0
  const counters = new Counters(() => at)
  return (milliseconds: number, counted: Record<string, number | undefined>) => {
    at += milliseconds
    return counters.since(counted)
  }
}

test('the first reading tells nothing, the next ones what came since the one before', () => {
  const read = counting()
  expect(read(0, { hits: 90, misses: 10 }).rate('hits')).toBeNull()
  const second = read(2000, { hits: 96, misses: 12 })
  expect(second.grown('hits')).toBe(6)
  expect(second.rate('hits')).toBe(3)
  expect(second.share('hits', 'misses')).toBe(0.75)
  const third = read(1000, { hits: 96, misses: 12 })
  expect(third.rate('hits')).toBe(0)
  expect(third.share('hits', 'misses')).toBeNull()
})

test('a counter that went back is unknown for that reading alone, and one that is not there stays unknown', () => {
  const read = counting()
  read(0, { hits: 100, misses: undefined })
  expect(read(1000, { hits: 5, misses: undefined }).grown('hits')).toBeNull()
  const after = read(1000, { hits: 9, misses: undefined })
  expect(after.grown('hits')).toBe(4)
  expect(after.grown('misses')).toBeNull()
  expect(after.share('hits', 'misses')).toBeNull()
})
