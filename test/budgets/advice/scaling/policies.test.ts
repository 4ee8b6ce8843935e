import { describe, expect, test } from 'vitest'
import { desiredPods, podAutoscaling } from '../../../../budgets/advice/scaling/horizontal-pod-autoscaler.ts'
import { simulate } from '../../../../budgets/advice/scaling/simulate.ts'
import { stepScaling } from '../../../../budgets/advice/scaling/step-scaling.ts'

const spiked = (calm: number, rate: number, seconds: number): number[] => [...Array<number>(300).fill(calm), ...Array<number>(seconds).fill(rate)]

describe('pods', () => {
  // Kubernetes' documentation (science.md §14).
  test('50 at 90 % of a target of 75 % become 60, at 80 % they stay', () => {
    expect(desiredPods(50, 0.9, 0.75)).toBe(60)
    expect(desiredPods(50, 0.8, 0.75)).toBe(50)
  })

  const hpa = podAutoscaling({ metric: 'use', target: 0.6, minimum: 2, maximum: 100 })

  test('are doubled at most in 15 s', () => {
    const { steps } = simulate(spiked(500, 4000, 300), { instances: 9, capacity: 100, startUp: 20 }, hpa)
    expect(steps.length).toBeGreaterThan(1)
    for (const { from, to } of steps) expect(to).toBeLessThanOrEqual(Math.max(from + 4, 2 * from))
  })

  test('that are starting are not asked for twice', () => {
    // Requests per pod are known without delay: 40 are enough for 4,000/s at 100 each.
    const perPod = podAutoscaling({ metric: 'requests', target: 100, minimum: 2, maximum: 1000 })
    const { seconds } = simulate(spiked(900, 4000, 600), { instances: 9, capacity: 120, startUp: 90 }, perPod)
    expect(Math.max(...seconds.map(({ running, pending }) => running + pending))).toBeLessThanOrEqual(44)
  })

  test('go only to the highest wish of five minutes', () => {
    const offered = [...Array<number>(600).fill(3000), ...Array<number>(900).fill(600)]
    const { steps, seconds } = simulate(offered, { instances: 50, capacity: 100, startUp: 20 }, hpa)
    const firstIn = steps.find(({ from, to }) => to < from)
    expect(firstIn?.at).toBeGreaterThanOrEqual(600 + 285)
    expect(seconds.at(-1)?.running).toBe(10)
  })
})

describe('steps', () => {
  const policy = stepScaling({
    metric: 'requests',
    threshold: 80,
    steps: [
      { beyond: 0, change: { instances: 2 } },
      { beyond: 40, change: { share: 1 } },
    ],
    points: { needed: 1, of: 1 },
    period: 60,
    publication: 10,
    minimum: 2,
    maximum: 60,
  })
  const fleet = { instances: 10, capacity: 100, startUp: 30 }

  test('a little beyond adds two', () => {
    expect(simulate(spiked(500, 900, 120), fleet, policy).steps[0]).toEqual({ at: 370, from: 10, to: 12 })
  })

  test('far beyond doubles', () => {
    expect(simulate(spiked(500, 2000, 120), fleet, policy).steps[0]).toEqual({ at: 370, from: 10, to: 20 })
  })

  test('below its threshold nothing happens', () => {
    expect(simulate(spiked(500, 790, 600), fleet, policy).steps).toEqual([])
  })

  // Application Auto Scaling's documentation: two are added, and within the cooldown a step of three adds one.
  test('within the cooldown what was just added counts towards the next step', () => {
    const byTwoOrThree = stepScaling({
      metric: 'requests',
      threshold: 80,
      steps: [
        { beyond: 0, change: { instances: 2 } },
        { beyond: 40, change: { instances: 3 } },
      ],
      points: { needed: 1, of: 1 },
      period: 60,
      minimum: 2,
      maximum: 60,
    })
    const offered = [...Array<number>(120).fill(500), ...Array<number>(60).fill(900), ...Array<number>(200).fill(2000)]
    expect(simulate(offered, fleet, byTwoOrThree).steps).toEqual([
      { at: 210, from: 10, to: 12 },
      { at: 270, from: 12, to: 13 },
    ])
  })

  test('after the cooldown a step adds to all there are', () => {
    const { steps } = simulate(spiked(500, 5000, 900), fleet, policy)
    expect(steps).toEqual([
      { at: 370, from: 10, to: 20 },
      { at: 670, from: 20, to: 40 },
      { at: 970, from: 40, to: 60 },
    ])
  })

  test('a policy of its own goes in, and waits for its cooldown', () => {
    const inwards = stepScaling({
      metric: 'requests',
      direction: 'in',
      threshold: 40,
      steps: [
        { beyond: 0, change: { share: 0.25 } },
        { beyond: 35, change: { exactly: 3 } },
      ],
      points: { needed: 3, of: 3 },
      period: 60,
      publication: 10,
      minimum: 2,
      maximum: 60,
    })
    // 10/s each: 30 below the threshold, not 35. A quarter of 20, then of 15 and 11, rounded down; then each has more than 40.
    const { steps } = simulate(Array<number>(1500).fill(200), { ...fleet, instances: 20 }, inwards)
    expect(steps).toEqual([
      { at: 190, from: 20, to: 15 },
      { at: 490, from: 15, to: 12 },
      { at: 790, from: 12, to: 9 },
      { at: 1090, from: 9, to: 7 },
      { at: 1390, from: 7, to: 6 },
    ])
    expect(simulate(Array<number>(300).fill(80), { ...fleet, instances: 20 }, inwards).steps).toEqual([{ at: 190, from: 20, to: 3 }])
  })
})
