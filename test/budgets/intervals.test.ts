import { describe, expect, test } from 'vitest'
import { isWithinNoise } from '../../budgets/intervals.ts'
import { judge } from '../../budgets/judge.ts'
import { compose } from '../../reports/compose.ts'
import { renderers } from '../../reports/index.ts'
import { summaryOf } from '../../reports/json.ts'
import { aBudget } from '../reports/support/situations.ts'
import { aRun, holds, type RunFacts } from '../support/a-run.ts'

/** Slow in some stretches and quick in others, so that its p95 depends on which stretches came. */
const unevenly = (facts: RunFacts = {}) =>
  aRun({ rate: 20, seconds: 300, latency: ({ t, random }) => (Math.floor(t / 10) % 7 === 3 ? 100 : 20) * (0.5 + random()), ...facts })
const judgementOf = (run: ReturnType<typeof aRun>, limit: number, changes = {}) => {
  const [judgement] = judge(run, [aBudget('p95', limit, changes)]).judgements
  if (judgement === undefined) throw new Error('not judged')
  return judgement
}

describe('a judged percentile', () => {
  test('lies within its interval, which the seed of the run repeats', () => {
    const { observed, interval } = judgementOf(unevenly(), 500)
    expect(interval).toMatchObject({ level: 0.95, kind: 'within-run' })
    if (interval === undefined || !('low' in interval)) throw new Error('no interval')
    expect(interval.low).toBeLessThanOrEqual(observed ?? 0)
    expect(interval.high).toBeGreaterThanOrEqual(observed ?? 0)
    expect(judgementOf(unevenly(), 500).interval).toEqual(interval)
  })

  test('says that the limit lies within the noise, and keeps its status', () => {
    const { observed } = judgementOf(unevenly(), 500)
    for (const [limit, status] of [
      [(observed ?? 0) * 1.01, 'met'],
      [(observed ?? 0) * 0.99, 'exceeded'],
    ] as const) {
      const judgement = judgementOf(unevenly(), limit)
      expect(judgement.status).toBe(status)
      expect(isWithinNoise(judgement)).toBe(true)
      expect(judgement.because).toMatch(/; the limit lies within this run's own interval, \d+(\.\d+)? ms to \d+(\.\d+)? ms\.$/)
    }
    expect(isWithinNoise(judgementOf(unevenly(), 500))).toBe(false)
  })

  test('declines with the blocks that were found and are needed', () => {
    expect(judgementOf(aRun({ rate: 20, seconds: 90 }), 200).interval).toEqual({
      declined: true,
      because: 'interval unknown, because 90 s hold 9 blocks of 10 s and 20 are needed',
    })
  })

  test('declines where the load changed by plan: its blocks can not stand for each other', () => {
    const shape = holds([10, 80], [20, 80], [40, 80])
    expect(judgementOf(aRun({ shape, latency: 5 }), 200).interval).toEqual({
      declined: true,
      because: 'interval unknown, because the load changed by plan: the longest stretch at one rate is 80 of 240 s, and half is needed',
    })
  })

  test('declines where the limit holds in windows', () => {
    expect(judgementOf(unevenly(), 500, { window: 100 }).interval).toMatchObject({ declined: true })
  })

  test('has no end where it may lie among arrivals that never started', () => {
    const run = unevenly({ dropped: ({ t }) => Math.floor(t) % 60 === 7 })
    const { interval } = judgementOf(run, 2000)
    expect(interval).toMatchObject({ level: 0.95 })
    const lost = judgementOf(unevenly({ dropped: ({ t }) => t > 100 && t < 107 }), 2000).interval
    expect(lost).toMatchObject({ high: Infinity })
  })

  test('a rate or a count has none', () => {
    const run = unevenly()
    expect(judge(run, [aBudget('errors', 0.1, { metric: 'error_rate', stat: 'rate' })]).judgements[0]).not.toHaveProperty('interval')
    expect(judgementOf(run, 500, { stat: 'max' })).not.toHaveProperty('interval')
  })
})

describe('a report', () => {
  const run = unevenly()
  const report = compose(run, judge(run, [aBudget('p95', 115)]))

  test('tells the interval of response time in every form, labelled as one within the run', () => {
    expect(renderers.text(report)).toMatch(/^interval {3}p95 .*–.* ms within this run \(95 %\); no measure of the next$/m)
    expect(renderers.markdown(report)).toMatch(
      /Response time within this run \(95 %\): p50 .*–.*, p90 .*, p95 .*, p99 .*\. Drawn anew .* they compare no two runs\./,
    )
    expect(renderers.html(report)).toContain('Response time within this run (95 %): p50')
    const { responseTime, responseTimeIntervals, budgets } = summaryOf(report)
    if ('declined' in responseTimeIntervals || 'declined' in responseTimeIntervals.p95) throw new Error('declined')
    expect(responseTimeIntervals.p95.low).toBeLessThanOrEqual(responseTime.p95 ?? 0)
    expect(responseTimeIntervals.p95.high).toBeGreaterThanOrEqual(responseTime.p95 ?? 0)
    expect(budgets[0]?.interval).toEqual(responseTimeIntervals.p95)
  })

  test('says so where there is none, once and not beside every figure', () => {
    const short = compose(aRun({ seconds: 31, latency: 5 }), judge(aRun({ seconds: 31, latency: 5 }), []))
    expect(summaryOf(short).responseTimeIntervals).toEqual({
      declined: true,
      because: 'interval unknown, because 31 s hold 3 blocks of 10 s and 20 are needed',
    })
    expect(renderers.text(short)).not.toContain('interval')
    expect(renderers.markdown(short).match(/interval unknown/g)).toHaveLength(1)
  })

  test('shows both latencies side by side in the text', () => {
    expect(renderers.text(report)).toMatch(/^response {3}p50 .*\nservice {4}p50 /m)
  })
})
