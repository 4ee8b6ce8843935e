/** Several policies, schedules, KEDA, and wishes between what runs and what is on its way. */
import { describe, expect, test } from 'vitest'
import { keda } from '../../../../budgets/advice/scaling/keda.ts'
import type { ScalingPolicy } from '../../../../budgets/advice/scaling/policy.ts'
import { scheduledBounds } from '../../../../budgets/advice/scaling/scheduled-bounds.ts'
import { severalPolicies } from '../../../../budgets/advice/scaling/several-policies.ts'
import { simulate } from '../../../../budgets/advice/scaling/simulate.ts'
import { targetTracking } from '../../../../budgets/advice/scaling/target-tracking.ts'

const fleet = { instances: 10, capacity: 100, startUp: 30 }
const wishes = (scalesIn: boolean, byMoment: Readonly<Record<number, number>>): ScalingPolicy => ({
  name: 'wishes',
  period: 60,
  publication: 30,
  bounds: { minimum: 1, maximum: 100 },
  scalesIn,
  start:
    () =>
    ({ now }) =>
      byMoment[now],
})
const flat = (rate: number, seconds: number): number[] => Array<number>(seconds).fill(rate)
const stepsOf = (policy: ScalingPolicy, offered: readonly number[] = flat(100, 200)) => simulate(offered, fleet, policy).steps

describe('several policies', () => {
  test('out if any asks, to the largest wish', () => {
    expect(stepsOf(severalPolicies([wishes(true, { 10: 12, 20: 5 }), wishes(true, { 10: 15 })]))).toEqual([{ at: 10, from: 10, to: 15 }])
  })

  test('in only if all agree, to the largest wish', () => {
    expect(stepsOf(severalPolicies([wishes(true, { 10: 4, 20: 4 }), wishes(true, { 20: 7 })]))).toEqual([{ at: 20, from: 10, to: 7 }])
  })

  test('one that never takes away has no say in it', () => {
    expect(stepsOf(severalPolicies([wishes(true, { 10: 4 }), wishes(false, {})]))).toEqual([{ at: 10, from: 10, to: 4 }])
  })

  test('of different periods are refused', () => {
    expect(() => severalPolicies([wishes(true, {}), { ...wishes(true, {}), name: 'quick', period: 20 }])).toThrow(
      '"quick" has points every 20 s and another policy every 60 s.',
    )
  })
})

describe('a wish between what runs and what is on its way', () => {
  test('gives up those that were asked for last', () => {
    const { seconds, steps } = simulate(flat(100, 100), fleet, wishes(true, { 10: 14, 20: 20, 25: 16 }))
    expect(steps.at(-1)).toEqual({ at: 25, from: 20, to: 16 })
    expect(seconds[25]).toMatchObject({ running: 10, pending: 6 })
    expect(seconds[40]).toMatchObject({ running: 14, pending: 2 })
    expect(seconds[50]).toMatchObject({ running: 16, pending: 0 })
  })
})

describe('scheduled actions', () => {
  const tracking = targetTracking({ metric: 'use', target: 0.6, minimum: 4, maximum: 40 })
  const scheduled = scheduledBounds(tracking, [{ from: 600, until: 1800, minimum: 30, maximum: 60 }])

  test('bring the instances before the rise, so that nobody waits', () => {
    const offered = [...flat(200, 900), ...flat(2500, 600), ...flat(200, 2400)]
    const found = simulate(offered, { ...fleet, lines: 'per-instance' }, scheduled)
    expect(found.steps[0]).toEqual({ at: 600, from: 10, to: 30 })
    expect(found.largestBacklog.requests).toBe(0)
    const alone = simulate(offered, { ...fleet, lines: 'per-instance' }, tracking)
    expect(alone.largestBacklog.requests).toBeGreaterThan(100_000)
    // Its own minimum counts again afterwards, and the policy goes back to it.
    expect(found.seconds.at(-1)?.running).toBe(4)
  })

  test('a maximum below what runs takes some away at once', () => {
    expect(stepsOf(scheduledBounds(wishes(true, {}), [{ from: 50, until: 100, minimum: 1, maximum: 6 }]))).toEqual([{ at: 50, from: 10, to: 6 }])
  })
})

describe('KEDA', () => {
  const onQueue = (facts: Partial<Parameters<typeof keda>[0]> = {}) =>
    keda({ metric: 'backlog', target: 500, minimum: 0, maximum: 50, period: 30, publication: 0, ...facts })

  test('wakes a service that sleeps at its next look, and puts it to sleep after the cooldown', () => {
    const offered = [...flat(0, 65), ...flat(50, 235), ...flat(0, 700)]
    const { steps, seconds } = simulate(offered, { ...fleet, instances: 0 }, onQueue())
    expect(steps[0]).toEqual({ at: 90, from: 0, to: 1 })
    // Nothing came after second 300: the last look that saw something is that of 300, and 300 s later it is put to sleep.
    const asleep = steps.at(-1)
    expect(asleep?.to).toBe(0)
    expect(asleep?.at).toBeGreaterThanOrEqual(600)
    expect(asleep?.at).toBeLessThanOrEqual(660)
    expect(seconds.at(-1)).toMatchObject({ running: 0, pending: 0 })
  })

  test('with one pod at least it never sleeps', () => {
    const { seconds } = simulate(flat(0, 1500), fleet, onQueue({ minimum: 1 }))
    expect(seconds.at(-1)?.running).toBe(1)
  })

  test('a cron trigger has its pods there before anything comes', () => {
    const { seconds } = simulate([...flat(0, 600), ...flat(1500, 300)], { ...fleet, instances: 0 }, onQueue({ cron: [{ from: 300, until: 900, pods: 20 }] }))
    expect(seconds[299]).toMatchObject({ running: 0, pending: 0 })
    expect(seconds[600]?.running).toBe(20)
    expect(seconds[899]?.backlog).toBe(0)
  })

  test('a queue asks for as many as hold so many messages each', () => {
    // 10 pods do 1,000/s of 3,000/s: after 30 s 60,000 wait, which is 120 pods of 500 each, and 50 is the most.
    const { seconds } = simulate(flat(3000, 400), fleet, onQueue())
    expect(seconds.at(-1)?.running).toBe(50)
  })
})
