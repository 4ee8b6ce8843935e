import { describe, expect, test } from 'vitest'
import { randomFrom } from '../../../scenarios/shape.ts'
import { blocking, boundedWaitQuantile, boundedWaitTail, responseQuantile, responseTail, turnedAway, waiting, waitQuantile } from './queue.ts'

// Figures of science.md, section 9, recomputed there by an independent program.
const ten = { servers: 10, arrivals: 8, service: 1 }

describe('as published', () => {
  test('Erlang B and C', () => {
    expect(blocking(10, 8)).toBeCloseTo(0.1216611, 7)
    const c = (servers: number, arrivals: number) => waiting({ servers, arrivals, service: 1 })
    expect([c(10, 8), c(2, 1), c(5, 4), c(100, 90), c(4, 3.2)].map((value) => value.toFixed(7))).toEqual([
      '0.4091802',
      '0.3333333',
      '0.5541126',
      '0.2169405',
      '0.5964325',
    ])
  })

  test('waiting times of ten servers at eight erlangs', () => {
    expect([0.95, 0.99].map((p) => waitQuantile(ten, p))).toEqual([expect.closeTo(1.051066, 6), expect.closeTo(1.855785, 6)])
    expect(waitQuantile(ten, 0.5)).toBe(0) // 59 % do not wait
    expect(boundedWaitTail({ ...ten, places: 400 }, 1)).toBeCloseTo(0.0553765, 7)
  })

  test.each([
    [1, [0.167, 0.333, 0.5, 0.667]],
    [4, [0.704, 0.801, 0.863, 0.913]],
    [16, [0.914, 0.946, 0.964, 0.978]],
  ])('the load of %i servers at which p99 is 1.2, 1.5, 2 and 3 times the unloaded one', (servers, loads) => {
    const unloaded = -Math.log(0.01)
    const slowness = (load: number): number => responseQuantile({ servers, arrivals: load * servers, service: 1 }, 0.99) / unloaded
    for (const [at, factor] of [1.2, 1.5, 2, 3].entries()) {
      const load = loads[at] as number // to three decimals
      expect(slowness(load - 0.0006)).toBeLessThan(factor)
      expect(slowness(load + 0.0006)).toBeGreaterThan(factor)
    }
  })

  test('more work than the servers can do has no steady state', () => {
    expect(() => waiting({ servers: 8, arrivals: 8.4, service: 1 })).toThrow('no steady state: 8.4 servers of work for 8 servers')
  })
})

describe('laws', () => {
  test('a line long enough is as good as one without end, one without places loses what Erlang B says', () => {
    expect(turnedAway({ ...ten, places: 0 })).toBeCloseTo(blocking(10, 8), 12)
    expect(boundedWaitQuantile({ ...ten, places: 0 }, 0.99)).toBe(0)
    for (const p of [0.7, 0.95, 0.99]) expect(boundedWaitQuantile({ ...ten, places: 400 }, p)).toBeCloseTo(waitQuantile(ten, p), 8)
  })

  test('tails fall from the start, and one server of its own pace meets the special case between its neighbours', () => {
    expect(responseTail(ten, 0)).toBeCloseTo(1, 12)
    const at = (arrivals: number) => responseTail({ servers: 2, arrivals, service: 1 }, 1.5)
    expect(at(1)).toBeGreaterThan(at(0.999))
    expect(at(1)).toBeLessThan(at(1.001))
  })

  test('a simulation of a bounded pool agrees', () => {
    const queue = { servers: 4, arrivals: 4.4, service: 1, places: 6 }
    const random = randomFrom(5)
    const draw = (rate: number): number => -Math.log(1 - random()) / rate
    const free = [0, 0, 0, 0]
    let [now, away, over, letIn] = [0, 0, 0, 0]
    const starts: number[] = []
    for (let n = 0; n < 400_000; n++) {
      now += draw(queue.arrivals)
      while (starts.length > 0 && (starts[0] as number) <= now) starts.shift()
      if (starts.length >= queue.places && Math.min(...free) > now) {
        away += 1
        continue
      }
      const server = free.indexOf(Math.min(...free))
      const start = Math.max(now, free[server] as number)
      if (start > now) starts.push(start)
      free[server] = start + draw(queue.service)
      letIn += 1
      if (start - now > 1) over += 1
    }
    expect(away / 400_000).toBeCloseTo(turnedAway(queue), 2)
    expect(over / letIn).toBeCloseTo(boundedWaitTail(queue, 1), 2)
  })
})
