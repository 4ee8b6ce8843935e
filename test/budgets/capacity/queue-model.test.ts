import { describe, expect, test } from 'vitest'
import { largestUse, waiting } from '../../../budgets/capacity/queue.ts'
import { kneeUnder, longerThan, type Pool, relaxation, responseQuantile, variationOf, withoutLoad } from '../../../budgets/capacity/queue-model.ts'
import { histogramOf } from '../../../runner/stats/histogram.ts'

/** Every quantile once, so that the times are exponential without chance. */
const exponential = (mean: number, many = 4000) => histogramOf(Array.from({ length: many }, (_, n) => -mean * Math.log(1 - (n + 0.5) / many)))
const constant = (time: number) => histogramOf([time, time, time])
const poolOf = (servers: number, facts: Partial<Pool> = {}): Pool => ({ servers, service: 0.01, calm: exponential(10), scale: 1, arrivals: 1, ...facts })

describe('with Poisson arrivals and exponential service', () => {
  test.each([
    [1, 60],
    [2, 170],
    [4, 350],
  ])('%i servers at %i/s answer as Erlang has it', (servers, rate) => {
    const line = waiting({ servers, arrivals: rate, service: 0.01 })
    if (line.declined) throw new Error(line.because)
    for (const t of [20, 50, 100, 200]) expect(longerThan(poolOf(servers), rate, t)).toBeCloseTo(line.responseLongerThan(t / 1000), 2)
  })

  test.each([1, 2, 4, 8])('the knee of %i servers is the largest use at which p99 is three times that without load', (servers) => {
    const knee = kneeUnder(poolOf(servers), { quantile: 0.99, milliseconds: 3 * -10 * Math.log(0.01) })
    expect(Math.abs(knee / 100 / servers / largestUse(servers, 3) - 1)).toBeLessThan(0.01)
  })

  test('times that were measured at a tenth of the load lose the wait that was in them', () => {
    const measured = exponential(10 / 0.9) // M/M/1 at ρ .1: exponential, too
    const pool = withoutLoad({ servers: 1, service: 0.01, calm: measured, arrivals: 1 }, 10)
    expect(pool.scale).toBeCloseTo(0.9, 2)
    expect(kneeUnder(pool, { quantile: 0.99, milliseconds: 200 })).toBeCloseTo(100 - -Math.log(0.01) / 0.2, 0) // p99 of M/M/1: ln 100 ÷ (μ − λ)
  })
})

test('even arrivals at servers of constant time wait for nobody until they are full', () => {
  const pool = poolOf(2, { calm: constant(10), arrivals: 0 })
  expect(variationOf(pool.calm)).toBeCloseTo(0, 4)
  expect(responseQuantile(pool, 190, 0.99)).toBeLessThan(11)
  expect(kneeUnder(pool, { quantile: 0.99, milliseconds: 50 })).toBeGreaterThan(198)
})

test('a full pool has no steady state, and an objective that a calm target misses no knee', () => {
  expect(responseQuantile(poolOf(2), 200, 0.99)).toBe(Infinity)
  expect(kneeUnder(poolOf(2), { quantile: 0.99, milliseconds: 40 })).toBe(0) // p99 without load is 46 ms
})

test('a line is the slower to forget the nearer it is to full', () => {
  expect(relaxation({ servers: 1, service: 0.01 }, 25)).toBeCloseTo(0.04, 6)
  expect(relaxation({ servers: 1, service: 0.01 }, 81)).toBeCloseTo(1, 6)
})
