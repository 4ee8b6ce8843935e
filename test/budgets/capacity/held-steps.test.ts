import { describe, expect, test } from 'vitest'
import { type Interval, narrowed, nextRate } from '../../../budgets/capacity/bisection.ts'
import { breakpointOf } from '../../../budgets/capacity/breakpoint.ts'
import { isSurelyNone } from '../../../budgets/capacity/held-steps.ts'
import { waiting } from '../../../budgets/capacity/queue.ts'
import type { Objective } from '../../../budgets/capacity/step-judge.ts'
import { outcomeOf } from '../../../runner/commands/refine.ts'
import { randomFrom, type Shape } from '../../../scenarios/shape.ts'
import { type Arrival, aRun, holds } from '../../support/a-run.ts'

describe('a sum is surely at most 0', () => {
  test.each<[string, readonly number[], boolean]>([
    ['where every second is below', [-1, -1, -1, -1], true],
    ['where they are exactly at the limit', [0, 0, 0, 0], true],
    ['not where it is below by no more than its spread', [3, -4, 3, -4, 3, -4], false],
    ['where it is below by far more than its spread', [-3, -4, -3, -4, -3, -4], true],
    ['not where it is above', [1, 1, 1, 1], false],
  ])('%s', (_, values, expected) => {
    expect(isSurelyNone(values)).toBe(expected)
  })

  test('a burst that lasts weighs more than the same values apart, since it is one accident and not ten', () => {
    const apart = Array.from({ length: 100 }, (_, at) => (at % 10 === 0 ? 9 : -1.6))
    const burst = apart.toSorted((a, b) => b - a)
    expect([isSurelyNone(apart), isSurelyNone(burst)]).toEqual([true, false])
  })
})

/** c servers, service times exponential: p95 of the response is known at any rate. */
const aQueue = (servers: number, service: number, seed: number) => {
  const random = randomFrom(seed)
  const freeAt = Array.from({ length: servers }, () => 0)
  return ({ t }: Pick<Arrival, 't'>): number => {
    const server = freeAt.indexOf(Math.min(...freeAt))
    const end = Math.max(t, freeAt[server] ?? 0) - service * Math.log(1 - random())
    freeAt[server] = end
    return (end - t) * 1000
  }
}

const rateAt = (servers: number, service: number, { milliseconds }: Objective): number => {
  let [low, high] = [0, servers / service]
  for (let half = 0; half < 40; half++) {
    const middle = (low + high) / 2
    const line = waiting({ servers, arrivals: middle, service })
    if (!line.declined && line.responseLongerThan(milliseconds / 1000) <= 0.05) low = middle
    else high = middle
  }
  return low
}

const hold = 300 // seconds, as --refine takes with --poisson

/** A staircase and what refines it, as perf run breakpoint --refine makes them. */
const search = (seed: number) => {
  const random = randomFrom(seed * 7919)
  const servers = 1 + (seed % 6)
  const service = servers / (30 + 90 * random())
  const objective: Objective = { quantile: 0.95, milliseconds: service * 1000 * (4 + 4 * random()) }
  const found = (steps: readonly (readonly [number, number])[], part: number) => {
    const shape: Shape = { ...holds(...steps), arrivals: 'poisson' }
    return breakpointOf(aRun({ test: 'breakpoint', shape, seed: seed * 1000 + part, answer: aQueue(servers, service, seed * 1000 + part + 500) }), {
      objective,
    })
  }
  const stairs = found(
    Array.from({ length: 9 }, (_, step) => [((0.3 + step * 0.1) * servers) / service, hold] as const),
    0,
  )
  if (!stairs.found || stairs.lastGood === null) return undefined
  let interval: Interval = { lastGood: stairs.lastGood, firstBad: stairs.firstBad, unclear: stairs.unclear ?? [] }
  for (let part = 1, rate = nextRate(interval); rate !== undefined && part < 9; part++, rate = nextRate(interval)) {
    const outcome = outcomeOf(
      found(
        [
          [interval.lastGood / 2, 5],
          [rate, hold],
        ],
        part,
      ),
      rate,
    )
    if (outcome === undefined) break
    interval = narrowed(interval, rate, outcome)
  }
  return { ...interval, truth: rateAt(servers, service, objective) }
}

test('chance arrivals in front of 1 to 6 servers: the interval holds the rate at which p95 truly reaches the objective', () => {
  const found = Array.from({ length: 12 }, (_, at) => search(at + 1)).filter((each) => each !== undefined)
  const holding = found.filter(({ lastGood, firstBad, truth }) => lastGood <= truth && truth <= firstBad)
  expect(found).toHaveLength(12)
  expect(holding.length).toBeGreaterThanOrEqual(11)
  // None is far off, and an interval that is wide enough to be true must still tell something.
  for (const { lastGood, firstBad, truth } of found) {
    expect(lastGood / truth).toBeLessThan(1.1)
    expect(firstBad / truth).toBeGreaterThan(0.95)
    expect(firstBad / lastGood).toBeLessThan(1.5)
  }
})
