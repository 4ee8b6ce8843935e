import { describe, expect, test } from 'vitest'
import { allenCunneen, erlangB, erlangC, fewestServers, largestUse, waiting } from '../../../budgets/capacity/queue.ts'
import { randomFrom } from '../../../scenarios/shape.ts'

const lineOf = (servers: number, arrivals: number, service: number) => {
  const line = waiting({ servers, arrivals, service })
  if (line.declined) throw new Error(line.because)
  return line
}

// Vectors of science.md §9, checked there by an independent program.
describe('published values', () => {
  test('Erlang B and C', () => {
    expect(erlangB({ servers: 10, offered: 8 })).toBeCloseTo(0.1216611, 7)
    expect(erlangC({ servers: 10, offered: 8 })).toBeCloseTo(0.4091802, 7)
    expect(erlangC({ servers: 2, offered: 1 })).toBeCloseTo(1 / 3, 10)
    expect(erlangC({ servers: 5, offered: 4 })).toBeCloseTo(0.5541126, 7)
    expect(erlangC({ servers: 100, offered: 90 })).toBeCloseTo(0.2169405, 7)
  })

  test('waiting for one of ten', () => {
    const line = lineOf(10, 8, 1)
    expect(line.mean).toBeCloseTo(0.2045901, 7)
    expect(line.longerThan(1)).toBeCloseTo(0.0553765, 7)
    expect(line.quantile(0.95)).toBeCloseTo(1.051066, 6)
    expect(line.quantile(0.99)).toBeCloseTo(1.855785, 6)
    expect(line.quantile(0.5)).toBe(0)
  })

  test('Allen and Cunneen', () => {
    expect(erlangC({ servers: 4, offered: 3.2 })).toBeCloseTo(0.5964325, 7)
    expect(allenCunneen({ servers: 4, arrivals: 160, service: 0.02 }, { arrivals: 1, service: 0.5 })).toBeCloseTo(0.0111831, 7)
    expect(allenCunneen({ servers: 1, arrivals: 70, service: 0.01 }, { arrivals: 1, service: 0.25 })).toBeCloseTo(0.0145833, 7)
  })

  test.each([
    [1, [0.167, 0.333, 0.5, 0.667]],
    [2, [0.478, 0.626, 0.735, 0.828]],
    [4, [0.704, 0.801, 0.863, 0.913]],
    [8, [0.839, 0.896, 0.93, 0.956]],
    [16, [0.914, 0.946, 0.964, 0.978]],
  ])('the largest use of %i servers for p99 at 1.2, 1.5, 2 and 3 times the unloaded', (servers, uses) => {
    for (const [at, factor] of [1.2, 1.5, 2, 3].entries()) expect(Math.abs(largestUse(servers, factor) - (uses[at] as number))).toBeLessThan(0.0006)
  })

  test('the fewest servers with which less than 5 % wait', () => {
    expect([2, 5, 10, 20, 50, 100, 500].map((offered) => fewestServers(offered, 0.05))).toEqual([6, 10, 17, 29, 64, 119, 540])
  })

  test('staffing by the square root, exactly', () => {
    expect([105, 110, 115, 120].map((servers) => Number(erlangC({ servers, offered: 100 }).toFixed(4)))).toEqual([0.5157, 0.237, 0.0954, 0.0332])
  })
})

test('more work than servers has no steady state', () => {
  expect(waiting({ servers: 8, arrivals: 84, service: 0.1 })).toEqual({ declined: true, because: 'No steady state: 8.4 servers of work for 8 servers.' })
})

test('a simulated line of four waits as long as the formula says', () => {
  const random = randomFrom(1)
  const exponential = (mean: number): number => -mean * Math.log(1 - random())
  const free = [0, 0, 0, 0]
  let now = 0
  let waited = 0
  let late = 0
  const arrivals = 200_000
  for (let n = 0; n < arrivals; n++) {
    now += exponential(1 / 160)
    const first = free.indexOf(Math.min(...free))
    const start = Math.max(now, free[first] as number)
    const end = start + exponential(0.02)
    free[first] = end
    waited += start - now
    if (end - now > 0.1) late += 1
  }
  const line = lineOf(4, 160, 0.02)
  expect(Math.abs(waited / arrivals / line.mean - 1)).toBeLessThan(0.1)
  expect(Math.abs(late / arrivals / line.responseLongerThan(0.1) - 1)).toBeLessThan(0.15)
})
