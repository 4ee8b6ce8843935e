import { describe, expect, test } from 'vitest'
import { judge } from '../../budgets/judge.ts'
import { compose } from '../../reports/compose.ts'
import { renderers } from '../../reports/index.ts'
import { summaryOf } from '../../reports/json.ts'
import { afterWarmUp, cutOf } from '../../runner/after-warm-up.ts'
import { aBudget } from '../reports/support/situations.ts'
import { aRun, holds } from '../support/a-run.ts'

/** Slow for 30 s, as a cold target is, and quick from then on. */
const cold = (warmUp?: number) =>
  aRun({ rate: 20, seconds: 120, latency: ({ t }) => (t < 29 ? 800 : 20), dropped: ({ n }) => n === 10, ...(warmUp !== undefined && { warmUp }) })

test('without a warm-up the run counts whole', () => {
  const run = cold()
  expect(afterWarmUp(run)).toBe(run)
  expect(cutOf(run)).toBeUndefined()
})

test('what ends, starts or is dropped in the warm-up does not count; nothing is lost between the two sides', () => {
  const run = cold(30)
  const [rest, cut] = [afterWarmUp(run), cutOf(run)]
  expect(rest.load).toEqual({ planned: 1800, started: 1800, dropped: 0, completed: 1800, failed: 0 })
  expect([cut?.started, cut?.dropped, cut?.iterations.completed]).toEqual([599, 1, 599])
  expect(rest.durationSeconds).toBe(90)
  expect(Array.from(rest.timeline, ({ second }) => second)).toEqual(Array.from({ length: 90 }, (_, index) => 30 + index))
  expect(run.load.planned).toBe(2400)
  expect(afterWarmUp(rest)).toBe(rest)
})

test('readings of probes in the warm-up do not count either', () => {
  const series = { name: 'cpu', unit: 'ratio', limit: 1, at: [0, 29.9, 30, 60], values: [1, 1, 0.2, null] }
  expect(afterWarmUp(aRun({ seconds: 90, warmUp: 30, probes: [series] })).probes).toEqual([{ ...series, at: [30, 60], values: [0.2, null] }])
})

test('journeys cut off by the end stay open, though others began in the warm-up and ended after it', () => {
  const run = aRun({ rate: 10, seconds: 60, latency: 900, warmUp: 30, answer: ({ t }) => (t > 55 ? 'never' : 900) })
  expect(run.iterations.interrupted).toBe(50)
  expect(afterWarmUp(run).iterations.interrupted).toBe(50)
})

describe('judging', () => {
  const p95 = aBudget('p95', 200)

  test('a slow warm-up exceeds a budget unless it was planned', () => {
    expect(judge(cold(), [p95]).word).toBe('fail')
    expect(judge(cold(30), [p95])).toMatchObject({ word: 'pass', judgements: [{ status: 'met' }] })
  })

  test('moments stay seconds since the start of the load', () => {
    const run = aRun({ rate: 200, seconds: 120, latency: ({ t }) => (t >= 90 ? 400 : 20), warmUp: 30 })
    expect(judge(run, [p95]).judgements[0]).toMatchObject({ status: 'exceeded', firstAt: 90 })
    expect(judge(run, [{ ...p95, window: 30 }]).judgements[0]).toMatchObject({ status: 'exceeded', firstAt: 90 })
  })

  test('a run that ended within its warm-up has no verdict, and says why', () => {
    const run = aRun({ seconds: 60, until: 20, warmUp: 30, ending: { state: 'stopped', because: 'a rule' } })
    expect(judge(run, [p95])).toMatchObject({
      word: 'unknown',
      because: 'No request was completed after the warm-up of 30 seconds, so there is nothing to judge.',
    })
  })
})

describe('a report', () => {
  const report = compose(cold(30), judge(cold(30), []))

  test('says what was cut and what it was like', () => {
    expect(report.warmUp).toMatchObject({ seconds: 30, because: '--warm-up', load: { planned: 600, dropped: 1, completed: 599 } })
    expect(renderers.markdown(report)).toMatch(/The first 30 s \(--warm-up\) are in no figure below: 600 arrivals, 599 requests, p95 \d+ ms\./)
    expect(renderers.html(report)).toMatch(/The first 30\u00a0s \(--warm-up\) are in no figure below: 600 arrivals/)
    expect(renderers.text(report)).toMatch(/^warm-up {4}first 30 s in no figure: 600 arrivals, 599 requests, p95 \d+ ms$/m)
  })

  test('counts the rest alone, and the whole run only in its length and its sums', () => {
    expect(report.responseTime.max).toBeLessThan(30)
    expect(report.availability).toBe(1)
    expect(report.points[0]?.second).toBe(30)
    expect(report.totals.every(({ holds: adds }) => adds)).toBe(true)
    expect(report.totals[0]?.text).toBe('2,400 arrivals planned = 2,399 started + 1 dropped')
    const { load, warmUp, durationSeconds } = summaryOf(report)
    expect(durationSeconds).toBe(120)
    expect(load.planned + (warmUp?.load.planned ?? 0)).toBe(2400)
    expect(load.completed + (warmUp?.load.completed ?? 0)).toBe(2399)
  })

  test('a stage that was cut whole says so', () => {
    const run = aRun({ shape: holds([10, 20], [20, 60]), warmUp: 30 })
    const { stages } = compose(run, judge(run, []))
    expect(stages.map(({ reached, started }) => [reached, started])).toEqual([
      [false, 0],
      [true, 1000],
    ])
    expect(renderers.html(compose(run, judge(run, [])))).toContain('in the warm-up</td>')
  })
})
