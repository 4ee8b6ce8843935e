import { describe, expect, test } from 'vitest'
import { histogramOf } from '../../../runner/stats/histogram.ts'
import { assess } from '../../../runner/validity/assess.ts'
import { aRun } from '../../support/a-run.ts'

const codes = (facts: Parameters<typeof assess>[0]) => assess(facts).reasons.map(({ code }) => code)

test('a run that went as planned is VALID, without reasons', () => {
  expect(assess(aRun({}))).toEqual({ state: 'VALID', reasons: [] })
})

describe('what makes a run less believable', () => {
  test.each([
    { what: 'dropped arrivals', facts: aRun({ dropped: 30 }), state: 'SUSPECT', code: 'arrivals-dropped' },
    { what: 'an interruption', facts: aRun({ ending: { state: 'interrupted', because: 'Ctrl-C' } }), state: 'SUSPECT', code: 'interrupted' },
    { what: 'an engine that failed', facts: aRun({ ending: { state: 'failed', because: 'k6 was killed' } }), state: 'INVALID', code: 'engine-failed' },
    { what: 'a few requests turned away', facts: aRun({ errors: { 'HTTP 429': 100 } }), state: 'SUSPECT', code: 'rate-limited' },
    { what: 'a third of requests turned away', facts: aRun({ errors: { 'HTTP 429': 600, 'HTTP 403': 450 } }), state: 'INVALID', code: 'rate-limited' },
    { what: 'no answers at all', facts: aRun({ answer: () => 'never' }), state: 'INVALID', code: 'nothing-measured' },
    {
      what: 'a generator that is late now and then',
      facts: { ...aRun({}), lag: histogramOf([...Array.from({ length: 95 }, () => 1), 80, 80, 80, 80, 80]) },
      state: 'SUSPECT',
      code: 'generator-late',
    },
    { what: 'a generator that is late by half a second', facts: { ...aRun({}), lag: histogramOf([1, 1, 600]) }, state: 'INVALID', code: 'generator-late' },
  ])('$what: $state', ({ facts, state, code }) => {
    expect(assess(facts).state).toBe(state)
    expect(codes(facts)).toContain(code)
  })

  test('the reason names the figures and what to do', () => {
    expect(assess(aRun({ rate: 10, seconds: 30, dropped: 30 })).reasons[0]?.text).toMatch(
      /^30 of 300 arrivals \(10 %\) never started because all \d+ virtual users were busy\. .*--users\.$/,
    )
  })
})
