import { describe, expect, test } from 'vitest'
import { brokenRule, failingRule, limitedRule, refusedRule, silentRule, stopRulesFor } from '../../budgets/stop-rules.ts'
import type { Run } from '../../runner/run.ts'
import type { StopRule } from '../../runner/stop-rule.ts'
import { staircase } from '../../scenarios/shapes.ts'
import { aPool } from '../support/a-pool.ts'
import { type Answer, aRun, holds, type RunFacts } from '../support/a-run.ts'

/** Plays a run to a rule as it would come in, settled up to each second; the second at which it trips. */
const tripsAt = (rule: StopRule, run: Run): number | undefined => {
  for (let settledUntil = 0; settledUntil <= run.timeline.length; settledUntil++)
    if (rule.check(run.timeline.slice(0, settledUntil), { settledUntil }) !== undefined) return settledUntil
  return undefined
}
const fails = (from: number, kind: Answer, share = 1): RunFacts => ({ answer: ({ t, random }) => (t >= from && random() < share ? kind : 20) })

describe('failing', () => {
  test.each<[string, RunFacts, number | undefined]>([
    ['everything fails from second 20 on', fails(20, 'HTTP 500'), 30],
    ['95 % fail', fails(20, 'HTTP 500', 0.95), 30],
    ['80 % fail', fails(20, 'HTTP 500', 0.8), undefined],
    ['a burst of 6 s', { answer: ({ t }) => (t >= 20 && t < 26 ? 'reset' : 20) }, undefined],
    ['one request a second: too few to say', { ...fails(0, 'HTTP 500'), rate: 1 }, undefined],
    ['all is well', {}, undefined],
  ])('when %s', (_, facts, expected) => {
    const found = tripsAt(failingRule(), aRun(facts))
    if (expected === undefined) expect(found).toBeUndefined()
    else expect(Math.abs((found ?? 0) - expected)).toBeLessThanOrEqual(1)
  })

  test('says how many, how long and of what kind', () => {
    const { timeline } = aRun(fails(0, 'HTTP 500'))
    expect(failingRule().check(timeline, { settledUntil: 20 })).toEqual({
      because: '100 % of 500 requests failed within 10 s, mostly with "HTTP 500"; a run is ended at 90 %.',
    })
  })
})

test('seconds that have not settled are not judged', () => {
  const { timeline } = aRun(fails(20, 'HTTP 500'))
  for (const rule of stopRulesFor({ test: 'baseline', shape: holds([50, 60]) })) expect(rule.check(timeline, { settledUntil: 20 })).toBeUndefined()
})

test('a target that refuses every connection ends a run within 4 s, one that refuses half of them does not', () => {
  expect(tripsAt(refusedRule, aRun(fails(20, 'refused')))).toBe(24)
  expect(tripsAt(refusedRule, aRun(fails(20, 'refused', 0.5)))).toBeUndefined()
})

test('a third of requests turned away with 429 or 403 ends a run, a tenth does not', () => {
  expect(tripsAt(limitedRule, aRun(fails(20, 'HTTP 429', 0.5)))).toBeLessThan(32)
  expect(tripsAt(limitedRule, aRun(fails(20, 'HTTP 403', 0.1)))).toBeUndefined()
})

describe('silent', () => {
  test('a target that hangs ends a run after 30 s, whether the seconds are told or not', () => {
    const run = aRun({ ...fails(10, 'never'), seconds: 120 })
    const rule = silentRule(holds([50, 120]))
    expect(tripsAt(rule, run)).toBeGreaterThanOrEqual(40)
    expect(tripsAt(rule, run)).toBeLessThanOrEqual(41)
    expect(rule.check([], { settledUntil: 40 })?.because).toBe(
      'No answer came within 30 s, in which 1,500 arrivals were due: the target hangs, or can’t be reached.'.replace('’', "'"),
    )
  })

  test('hardly any arrivals due, or bytes still coming, are no hang', () => {
    expect(silentRule(holds([0.5, 120])).check([], { settledUntil: 40 })).toBeUndefined()
    const trickle = aRun({ ...fails(10, 'never'), seconds: 120 }).timeline.map((second) => ({ ...second, bytesReceived: 10 }))
    expect(silentRule(holds([50, 120])).check(trickle, { settledUntil: 60 })).toBeUndefined()
  })
})

describe('broken', () => {
  const shape = staircase({ from: '100/s', to: '600/s', steps: 11, hold: '5s' })

  test('ends a breakpoint test at the step that is over what the target can do, once', () => {
    const run = aRun({ test: 'breakpoint', shape, answer: aPool({ connections: 8, busy: 20 }) })
    const at = tripsAt(brokenRule(shape), run) ?? 0
    expect(at).toBeGreaterThanOrEqual(30)
    expect(at).toBeLessThanOrEqual(42)
    expect(brokenRule(shape).check(run.timeline, { settledUntil: 50 })?.because).toMatch(/^At 4[05]0\/s .*: the load has reached its breaking point\.$/)
  })

  test('lets a sound target pass', () => {
    expect(tripsAt(brokenRule(shape), aRun({ test: 'breakpoint', shape }))).toBeUndefined()
  })

  test('is asked in breakpoint tests only', () => {
    expect(stopRulesFor({ test: 'breakpoint', shape }).map(({ name }) => name)).toEqual(['refused', 'limited', 'broken', 'failing', 'silent'])
    expect(stopRulesFor({ test: 'spike', shape }).map(({ name }) => name)).toEqual(['refused', 'limited', 'failing', 'silent'])
  })
})

test('a spike test may fail at its peak for less than a minute, to see whether it recovers', () => {
  const run = aRun({ answer: ({ t }) => (t >= 10 && t < 55 ? 'HTTP 503' : 20), seconds: 120 })
  const trips = stopRulesFor({ test: 'spike', shape: holds([50, 120]) }).map((rule) => tripsAt(rule, run))
  expect(trips).toEqual([undefined, undefined, undefined, undefined])
})
