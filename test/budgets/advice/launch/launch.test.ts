import { describe, expect, test } from 'vitest'
import { readExpectation } from '../../../../budgets/advice/launch/expectation-words.ts'
import { type Judged, readiness } from '../../../../budgets/advice/launch/launch.ts'
import { recoveryOf } from '../../../../budgets/advice/launch/recovery.ts'
import { budgetsIn } from '../../../../budgets/budget-file.ts'
import { judge } from '../../../../budgets/judge.ts'
import type { PerSecond } from '../../../../scenarios/units.ts'
import { aPool } from '../../../support/a-pool.ts'
import { aRun, holds, type RunFacts } from '../../../support/a-run.ts'
import { aSeries } from '../../../support/a-series.ts'

/** Four connections of 40 ms: 100 a second. */
const answer = () => aPool({ connections: 4, busy: 40 })
const climb = (...rates: number[]) => aRun({ test: 'breakpoint', shape: holds(...rates.map((rate) => [rate, 12] as const)), answer: answer() })
const judged = (...runs: ReturnType<typeof aRun>[]): Judged[] =>
  runs.map((run) => ({ run, verdict: judge(run, budgetsIn({ p95: { metric: 'response_time', stat: 'p95', at_most: '200ms' } }, 'b.json')) }))
const expected = (words: string) => {
  const found = readExpectation(words, { requestsPerJourney: 1, ordinary: 20 })
  if (found.declined) throw new Error(found.because)
  return found
}
const spikeOf = (peak: number, facts: RunFacts = {}) =>
  aRun({
    test: 'spike',
    shape: {
      name: 'spike',
      arrivals: 'uniform',
      segments: [
        [20, 20, 20],
        [20, peak, 2],
        [peak, peak, 20],
        [peak, 20, 2],
        [20, 20, 40],
      ].map(([from, to, duration]) => ({ kind: 'linear' as const, label: '', from: from as PerSecond, to: to as PerSecond, duration: duration as number })),
    },
    answer: answer(),
    ...facts,
  })
const invalid = (run: ReturnType<typeof aRun>): ReturnType<typeof aRun> => ({
  ...run,
  validity: { state: 'INVALID', reasons: [{ code: 'generator-late', text: 'The generator was late. Use a machine with more cores.' }] },
})
const broken = climb(20, 40, 60, 80, 120, 160)

describe('the answer before a launch', () => {
  test('less than what held is READY, with its margin', () => {
    const found = readiness(expected('40/s'), judged(broken))
    expect(found).toMatchObject({ word: 'READY', margin: 1, next: [] })
    expect(found.because).toBe('It held 80/s and broke at 120/s; 40/s are expected, 50 % of what held.')
  })

  test('far below its limit a pool has none that is known, and what would tell it is said', () => {
    const use = aSeries('app.pool', 'count', 36, (at) => (at < 12 ? 0.2 : at < 24 ? 0.4 : 0.6), 8)
    const run = aRun({ test: 'breakpoint', shape: holds([20, 12], [40, 12], [60, 12]), answer: answer(), probes: [use] })
    expect(readiness(expected('40/s'), judged(run)).bound.because).toMatch(
      /any of the resources that were watched is full\. The busiest, app\.pool: .*(unknown|higher --peak)/,
    )
  })

  test('a narrow margin says what would widen it', () => {
    expect(readiness(expected('75/s'), judged(broken)).next[0]).toMatch(/^The margin is 6\.7 %\. /)
  })

  test('more than what broke is NOT READY, with how many instances it would take', () => {
    const found = readiness(expected('400/s'), judged(broken))
    expect(found.word).toBe('NOT READY')
    expect(found.because).toBe('It broke at 120/s, and 400/s are expected: 5 times what held.')
    expect(found.next.join(' ')).toContain('6 instances like this one')
  })

  test("between the two is CAN'T TELL, with the run that would tell", () => {
    const found = readiness(expected('100/s'), judged(broken))
    expect(found.word).toBe("CAN'T TELL")
    expect(found.next[0]).toBe('perf run breakpoint --rate 80/s --peak 120/s # steps between the two')
  })

  test("beyond what was tested is CAN'T TELL, with a higher test", () => {
    const found = readiness(expected('200/s'), judged(climb(20, 40, 60)))
    expect(found.word).toBe("CAN'T TELL")
    expect(found.because).toBe('200/s are expected, and 60/s is the highest that was tested; it held that.')
    expect(found.next).toEqual(['perf run breakpoint --peak 260/s'])
  })

  test('without a breakpoint test nobody knows', () => {
    const found = readiness(expected('200/s'), judged(aRun({})))
    expect(found.word).toBe("CAN'T TELL")
    expect(found.next).toEqual(['perf run breakpoint --peak 260/s'])
  })

  test('a resource that would be full well before says no, though nobody saw it break', () => {
    const rates = [20, 40, 60]
    const use = aSeries('app.cpu', 'cores', 36, (at) => 0.01 * (rates[Math.floor(at / 12)] ?? 0), 1)
    const run = aRun({ test: 'custom', shape: holds(...rates.map((each) => [each, 12] as const)), probes: [use] })
    expect(readiness(expected('200/s'), judged(run))).toMatchObject({
      word: 'NOT READY',
      because: expect.stringMatching(/^200\/s are expected, and app\.cpu would be full at 100\/s\./),
    })
    expect(readiness(expected('105/s'), judged(run)).word).toBe("CAN'T TELL")
  })

  test('an INVALID breakpoint test is named with its reason, and its remedy comes before another one', () => {
    const found = readiness(expected('40/s'), judged(invalid({ ...broken, id: 'late' })))
    expect(found).toMatchObject({
      word: "CAN'T TELL",
      because: 'The breakpoint is unknown, because breakpoint test late is INVALID: The generator was late. Use a machine with more cores.',
      next: ['Use a machine with more cores. Then perf run breakpoint --peak 52/s'],
      leftOut: [],
    })
    expect(found.bound.because).toBe('Which resource bounds throughput is unknown, because run late is INVALID.')
  })

  test('an INVALID spike leaves READY, without a recovery and with what would tell it', () => {
    const found = readiness(expected('40/s'), judged(broken, invalid({ ...spikeOf(40), id: 'late' })))
    expect(found.word).toBe('READY')
    expect(found.recovery.because).toBe('Recovery unknown, because spike test late is INVALID: The generator was late. Use a machine with more cores.')
    expect(found.next).toEqual(['Use a machine with more cores. Then perf run spike again, to see the sudden height and the recovery.'])
  })

  test('an INVALID smoke test is left out, and said to be', () => {
    expect(readiness(expected('40/s'), judged(broken, invalid(aRun({ id: 'late', test: 'smoke' })))).leftOut).toEqual([
      'smoke late is INVALID and tells nothing: The generator was late. Use a machine with more cores.',
    ])
  })

  test('a spike that went wrong outweighs a climb that held', () => {
    const cold = spikeOf(60, { answer: ({ t }) => (t > 20 && t < 40 ? 900 : 40) })
    const found = readiness(expected('70/s'), judged(broken, cold))
    expect(found.word).toBe('NOT READY')
    expect(found.because).toMatch(/^A peak of 60\/s after a rise of 2 s was too much, though a slow climb held: /)
    expect(found.next[0]).toContain('before it begins')
  })

  test("a spike that went wrong, and rose faster than is expected, can't tell", () => {
    const cold = spikeOf(60, { answer: ({ t }) => (t > 20 && t < 40 ? 900 : 40) })
    const found = readiness(expected('70/s within 2 min'), judged(broken, cold))
    expect(found.word).toBe("CAN'T TELL")
    expect(found.because).toMatch(/It is expected to rise for 120 s, and run .* was too short for that\.$/)
    expect(found.next[0]).toBe('perf run spike --peak 70/s --rise 120s --duration 300s')
  })

  test('what failed in the smoke test is NOT READY, when nothing more was looked for', () => {
    const smoke = aRun({ id: 'first', test: 'smoke', rate: 10, seconds: 120, answer: () => 900 })
    const found = readiness(expected('70/s'), judged(smoke))
    expect(found).toMatchObject({ word: 'NOT READY', because: expect.stringMatching(/^It failed in the smoke test already, which is a trickle: /) })
    expect(found.next[0]).toBe('perf why first')
    expect(readiness(expected('70/s'), judged(smoke, broken)).because).toContain('It held 80/s')
  })
})

describe('recovery after a spike', () => {
  test('a backlog of 20 s at 60 too many drains at 80 a second', () => {
    const found = recoveryOf(spikeOf(160, { answer: aPool({ connections: 4, busy: 40 }) }))
    if (found.declined) throw new Error(found.because)
    // 1,260 waiting at the end of the peak, drained at 80/s.
    expect(found.seconds).toBeGreaterThan(12)
    expect(found.seconds).toBeLessThan(20)
    expect(found.because).toMatch(/^It took [\d.]+ s after the peak until p95 was below [\d.]+ ms again/)
  })

  test('within capacity there is nothing to recover from', () => {
    expect(recoveryOf(spikeOf(80))).toMatchObject({ seconds: 0 })
  })

  test('a target that stays slow did not recover', () => {
    expect(recoveryOf(spikeOf(80, { answer: ({ t }) => (t < 22 ? 20 : 500) }))).toMatchObject({
      declined: true,
      because: expect.stringMatching(/^It did not recover within the 4\d s after the peak: p95 was still 50\d ms, and 20 ms before\.$/),
    })
  })

  test('a base of six seconds has the five that are needed', () => {
    const short = spikeOf(80)
    const [first, ...rest] = short.shape.segments
    const cut = aRun({
      test: 'spike',
      shape: { ...short.shape, segments: [{ ...(first as (typeof rest)[number]), duration: 6 }, ...rest] } as RunFacts['shape'] & object,
      answer: answer(),
    })
    expect(recoveryOf(cut)).toMatchObject({ seconds: 0 })
  })

  test('a constant load has no peak', () => {
    expect(recoveryOf(aRun({}))).toMatchObject({ declined: true, because: expect.stringContaining('no peak with a calm before and after it') })
  })
})
