import { describe, expect, test } from 'vitest'
import { arrivalsOf, usersOf } from '../../../../runner/engines/embedded/arrivals.ts'
import { FreeUsers } from '../../../../runner/engines/embedded/free-users.ts'
import { plannedArrivals } from '../../../../scenarios/shape.ts'
import { constant, poisson, spike } from '../../../../scenarios/shapes.ts'

const steady = constant({ rate: '100/s', duration: '100s' })

describe('shares of the arrivals', () => {
  test.each([1, 2, 3, 7])('of %i workers make the whole schedule together, each arrival once', (workers) => {
    for (const shape of [spike({ base: '20/s', peak: '200/s' }), poisson(steady)]) {
      const all = Array.from({ length: workers }, (_, worker) => [...arrivalsOf(shape, 3, { worker, workers, origin: 0 })]).flat()
      const alone = [...arrivalsOf(shape, 3, { worker: 0, workers: 1, origin: 0 })]
      expect(all.sort((a, b) => a.number - b.number)).toEqual(alone)
      expect(alone).toHaveLength(plannedArrivals(shape, 3))
    }
  })

  test('are due in milliseconds after the origin', () => {
    const [first] = arrivalsOf(steady, 1, { worker: 0, workers: 1, origin: 1000 })
    expect(first).toEqual({ number: 0, due: 1005 })
  })
})

describe('Poisson arrivals', () => {
  const dues = (seed: number) => [...arrivalsOf(poisson(steady), seed, { worker: 0, workers: 1, origin: 0 })].map(({ due }) => due)

  test('repeat with the seed, and differ with another', () => {
    expect(dues(5)).toEqual(dues(5))
    expect(dues(5)).not.toEqual(dues(6))
  })

  test('come as often as the shape says, with counts a second whose variance is their mean', () => {
    const counts = new Array<number>(100).fill(0)
    for (const due of dues(5)) counts[Math.floor(due / 1000)] = (counts[Math.floor(due / 1000)] ?? 0) + 1
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1)
    expect(Math.abs(mean - 100)).toBeLessThan(4) // standard error 1
    expect(variance / mean).toBeGreaterThan(0.6) // χ² with 99 degrees of freedom: 0.6 and 1.5 lie beyond 3 standard errors
    expect(variance / mean).toBeLessThan(1.5)
  })
})

test('users are shared out evenly and completely', () => {
  const shares = [0, 1, 2].map((worker) => usersOf(8, worker, 3))
  expect(shares).toEqual([3, 3, 2])
})

describe('free users', () => {
  const pool = (most: number) => new FreeUsers(most, (index) => index)

  test('are made when none waits, up to the limit', () => {
    const users = pool(2)
    expect([users.take(), users.take(), users.take()]).toEqual([0, 1, undefined])
  })

  test('come back in the order in which they left', () => {
    const users = pool(3)
    users.take()
    users.take()
    users.giveBack(1)
    users.giveBack(0)
    expect([users.take(), users.take(), users.take(), users.take()]).toEqual([1, 0, 2, undefined])
  })
})
