import { describe, expect, test } from 'vitest'
import type { ScalingPolicy } from '../../../../budgets/advice/scaling/policy.ts'
import { simulate, violatedRequests, waitQuantile } from '../../../../budgets/advice/scaling/simulate.ts'
import { targetTracking } from '../../../../budgets/advice/scaling/target-tracking.ts'

const spike = (seconds: number): number[] => Array<number>(seconds).fill(2000)
const use = (target: number, period = 60, publication = 30): ScalingPolicy =>
  targetTracking({ metric: 'use', target, minimum: 1, maximum: 1000, period, publication, scalesIn: false })
const fleet = (instances: number) => ({ instances, capacity: 100, startUp: 30 })

// science.md §12, checked there by direct simulation: x 100, T 60 %, λ 2000 from t = 0, start 30 s, cooldown 300 s.
describe('target tracking under a spike', () => {
  test('17 instances, points of 60 s', () => {
    const found = simulate(spike(1800), fleet(17), use(0.6))
    expect(found.steps).toEqual([
      { at: 210, from: 17, to: 29 },
      { at: 330, from: 29, to: 49 },
    ])
    expect(found.largestBacklog).toEqual({ requests: expect.closeTo(72_000, 6), at: 240 })
    expect(found.emptyAt).toBe(320)
    expect(found.instanceSeconds).toBe(78_120)
    expect(found.paidSeconds).toBe(78_120 + 30 * 12 + 30 * 20)
  })

  test('17 instances, points of 20 s', () => {
    const found = simulate(spike(1800), fleet(17), use(0.6, 20, 10))
    expect(found.steps).toEqual([
      { at: 100 - 30, from: 17, to: 29 },
      { at: 160 - 30, from: 29, to: 49 },
    ])
    expect(found.largestBacklog.requests).toBeCloseTo(30_000, 6)
    expect(found.emptyAt).toBe(134)
  })

  test('20 instances are at their limit, so none wait', () => {
    const found = simulate(spike(600), fleet(20), use(0.6))
    expect(found.steps[0]).toEqual({ at: 210, from: 20, to: 34 })
    expect(found.largestBacklog.requests).toBe(0)
    expect(found.emptyAt).toBe(0)
  })

  test('14 instances and a target of 75 %', () => {
    const found = simulate(spike(700), fleet(14), use(0.75))
    expect(found.steps.map(({ to }) => to)).toEqual([19, 26, 35, 46])
    expect(found.steps.map(({ at }) => at + 30)).toEqual([240, 360, 480, 600])
    expect(found.largestBacklog).toEqual({ requests: expect.closeTo(156_000, 6), at: 360 })
    expect(found.emptyAt).toBe(536)
  })
})

// science.md §11: rounding up to whole instances can save a round of those that headroom.test.ts counts.
test.each([
  [0.7, [2, 3, 5, 7]],
  [0.8, [3, 5, 7, 10]],
])('from 10 instances at %d it takes so many rounds to be sized for 2, 3, 5 and 10 times the load', (target, rounds) => {
  for (const [at, factor] of [2, 3, 5, 10].entries()) {
    const { steps } = simulate(Array<number>(3600).fill(factor * 1000 * target), { ...fleet(10), startUp: 0 }, use(target, 60, 0))
    expect(steps.findIndex(({ to }) => to >= 10 * factor) + 1).toBe(rounds[at])
  }
})

/** A fixed number after a fixed lag: §11's table. */
const onceAt = (lag: number, to: number): ScalingPolicy => ({
  name: 'once',
  bounds: { minimum: 1, maximum: 1000 },
  scalesIn: false,
  period: 60,
  publication: 0,
  start: () => {
    return ({ now }) => (now === lag ? to : undefined)
  },
})

describe('waits and recovery after a fixed lag of 240 s', () => {
  test.each([
    [14, 22, 144_000, 72, 960],
    [14, 25, 144_000, 72, 528],
    [14, 30, 144_000, 72, 384],
    [17, 22, 72_000, 36, 600],
    [17, 25, 72_000, 36, 384],
    [17, 30, 72_000, 36, 312],
  ])('%i to %i instances', (from, to, backlog, wait, recovery) => {
    const found = simulate(spike(1000), { instances: from, capacity: 100, startUp: 0 }, onceAt(240, to))
    expect(found.largestBacklog.requests).toBeCloseTo(backlog, 6)
    expect(found.emptyAt).toBe(recovery)
    expect(Math.max(...found.waits)).toBeGreaterThan(wait - 1.5)
    expect(Math.max(...found.waits)).toBeLessThan(wait + 1.5)
  })

  test('enough from the start: nobody waits', () => {
    const found = simulate(spike(300), { instances: 20, capacity: 100, startUp: 0 }, onceAt(240, 30))
    expect(Math.max(...found.waits)).toBe(0)
    expect(violatedRequests(found, 0.5)).toBe(0)
  })
})

describe('figures of the waits', () => {
  const found = simulate(spike(1000), { instances: 14, capacity: 100, startUp: 0 }, onceAt(240, 30))

  test('requests that waited too long came while there was a backlog', () => {
    // Until the spike's end at 384 s, all but those of the first and the last second.
    const violated = violatedRequests(found, 0.5)
    expect(violated).toBeGreaterThan(2000 * 370)
    expect(violated).toBeLessThan(2000 * 385)
  })

  test('quantiles rise, and the largest is the longest wait', () => {
    const [p50, p95, p100] = [0.5, 0.95, 1].map((p) => waitQuantile(found, p)) as [number, number, number]
    expect(p50).toBe(0)
    expect(p95).toBeGreaterThan(50)
    expect(p100).toBe(Math.max(...found.waits))
  })

  test('what is never served waits without end', () => {
    const stuck = simulate(spike(100), { instances: 10, capacity: 100, startUp: 0 }, onceAt(1000, 10))
    expect(stuck.emptyAt).toBeNull()
    expect(waitQuantile(stuck, 0.99)).toBe(Infinity)
  })
})

test('what came in is served or waits, every second', () => {
  const { seconds } = simulate(spike(900), fleet(14), use(0.75))
  let before = 0
  for (const { offered, served, backlog } of seconds) {
    expect(before + offered - served).toBeCloseTo(backlog, 6)
    before = backlog
  }
})

test('after the spike the policy goes in again, fifteen points later and not below its minimum', () => {
  const offered = [...spike(600), ...Array<number>(3000).fill(300)]
  const { steps, seconds } = simulate(offered, fleet(17), targetTracking({ metric: 'use', target: 0.6, minimum: 8, maximum: 100 }))
  const firstIn = steps.find(({ from, to }) => to < from)
  // The overshoot to 49 of 360 s on is below the target as well, so the fifteen points begin there.
  expect(firstIn?.at).toBeGreaterThan(360 + 15 * 60)
  expect(seconds.at(-1)?.running).toBe(8)
})

test('requests per instance say how much more is wanted at once, where use stops at 100 %', () => {
  const { steps } = simulate(
    [...Array<number>(300).fill(500), ...spike(900)],
    fleet(10),
    targetTracking({ metric: 'requests', target: 50, minimum: 1, maximum: 100 }),
  )
  expect(steps[0]?.to).toBeGreaterThanOrEqual(34)
  expect(steps.length).toBeLessThanOrEqual(2)
})
