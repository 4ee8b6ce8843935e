import { describe, expect, test } from 'vitest'
import { breakpointOf } from '../../../budgets/capacity/breakpoint.ts'
import { elasticOf, reactionTime } from '../../../budgets/capacity/elastic.ts'
import type { BreakpointTest, Run } from '../../../runner/run.ts'
import { aRun, holds, type RunFacts } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const hold = 60
const rates = [20, 40, 80]
/** Points each second, and an instance that needs ten: a reaction takes 15 s. */
const quick: BreakpointTest = { elastic: { metricPeriod: 1, startUp: 10 } }

/** Late until capacity has come, `lag` seconds after each step; `instances` by second. */
const aFollower = (instances: (at: number) => number, lag: number, facts: RunFacts & { breakpoint?: BreakpointTest } = {}): Run => {
  const { breakpoint = quick, ...rest } = facts
  const run = aRun({
    test: 'breakpoint',
    shape: holds(...rates.map((rate) => [rate, hold] as const)),
    latency: ({ t }) => (t >= hold && t % hold < lag ? 900 : 20),
    probes: [aSeries('shop.instances', 'count', hold * rates.length, instances)],
    ...rest,
  })
  return { ...run, breakpoint }
}
const found = (run: Run) => {
  const elastic = elasticOf(run)
  if (elastic.declined) throw new Error(elastic.because)
  return elastic
}

describe('an autoscaler that follows', () => {
  // 1 → 2 after 14 s of the second step; 2 → 5 after 14 s of the third, and back to 4 before it ends.
  const follows = (at: number): number => (at < 74 ? 1 : at < 134 ? 2 : at < 165 ? 5 : 4)

  test('keeps up, with its lag and its overshoot', () => {
    const elastic = found(aFollower(follows, 16))
    expect(elastic).toMatchObject({ keepsUp: true, lag: 14, overshoot: 1 })
    expect(elastic.steps.map(({ rate, before, most, end, lag }) => [rate, before, most, end, lag])).toEqual([
      [40, 1, 2, 2, 14],
      [80, 2, 5, 4, 14],
    ])
    expect(elastic.because).toBe(
      'The autoscaler keeps up to 80/s, the highest rate that was held long enough; capacity came 14 s after a step at the latest, in 2 of 2 steps, and for 34 s in all answers were late. Overshoot: at 80/s it went to 5 instances and ended with 4.',
    )
  })

  test('has no breakpoint, although answers were late after each step', () => {
    expect(breakpointOf(aFollower(follows, 25))).toMatchObject({ found: false, atLeast: 80 })
  })

  test('is seen through gaps of its probe', () => {
    expect(found(aFollower((at) => (at % 3 === 1 ? (null as never) : follows(at)), 16))).toMatchObject({ keepsUp: true })
  })

  test('needs no instance where none is needed', () => {
    const elastic = found(aFollower(() => 2, 0))
    expect(elastic).toMatchObject({ keepsUp: true, lag: null, overshoot: 0 })
    expect(elastic.because).toContain('no step made it start an instance')
  })
})

test('one that never comes does not keep up, and the first such step is named', () => {
  const elastic = found(aFollower((at) => (at < 74 ? 1 : 2), 0, { latency: ({ t }) => (t >= 120 ? 900 : 20) }))
  expect(elastic).toMatchObject({ keepsUp: false })
  expect(elastic.because).toMatch(/^The autoscaler does not keep up at 80\/s: after 60 s of it, with 2 instances, the objective was still missed;/)
})

test('a step that is bad as it ends is broken, since nothing more was to come', () => {
  const behind = aFollower(() => 1, 0, { latency: ({ t }) => (t >= 150 ? 900 : 20) })
  expect(breakpointOf(behind)).toMatchObject({ found: true, lastGood: 40, firstBad: 80 })
  expect(breakpointOf({ ...behind, breakpoint: {} })).toMatchObject({ found: false }) // of a fixed size it may be a hiccup
})

test('a step that was begun when the run ended is none', () => {
  const ended = aFollower((at) => (at < 74 ? 1 : 2), 16, { until: 155, ending: { state: 'stopped', because: 'At 80/s it broke' } })
  expect(found(ended).steps.map(({ rate }) => rate)).toEqual([40])
})

describe('no claim', () => {
  test('of steps that are shorter than a reaction', () => {
    const slow = aFollower(() => 1, 0, { breakpoint: { elastic: { metricPeriod: 60, startUp: 90 } } })
    expect(elasticOf(slow)).toEqual({
      declined: true,
      because:
        'Whether the autoscaler keeps up is unknown, because steps were held for 60 s and it needs 390 s to show it: 5 periods of 60 s of its metric and 90 s of start-up. Hold them longer with --duration, or tell --metric-period and --start-up.',
    })
  })

  test('without the number of instances', () => {
    expect(elasticOf(aFollower(() => 1, 0, { probes: [] }))).toMatchObject({ because: expect.stringContaining('no probe watched how many instances serve') })
  })

  test('of a load that was not raised, and of a run without an autoscaler', () => {
    expect(elasticOf(aFollower(() => 1, 0, { shape: holds([20, 60]) }))).toMatchObject({ because: expect.stringContaining('the load was not raised') })
    expect(elasticOf(aFollower(() => 1, 0, { breakpoint: {} }))).toMatchObject({ declined: true })
  })
})

test('a reaction of ECS takes six to eight minutes by default, and three to four with 20-second metrics', () => {
  expect(reactionTime({ metricPeriod: 60, startUp: 90 }) / 60).toBeCloseTo(6.5, 9)
  expect(reactionTime({ metricPeriod: 20, startUp: 90 }) / 60).toBeCloseTo(3.17, 2)
})
