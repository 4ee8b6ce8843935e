import { describe, expect, test } from 'vitest'
import { lawOfSteps, stepLaw } from '../../../budgets/capacity/littles-law.ts'
import { scalabilityOfSteps } from '../../../budgets/capacity/open-steps.ts'
import { halvesOf } from '../../../budgets/capacity/steps.ts'
import type { Run } from '../../../runner/run.ts'
import { littlesLawOf } from '../../../runner/stats/littles-law.ts'
import { aRun, holds, type RunFacts } from '../../support/a-run.ts'

/** `account`: X · R by how much of the users in use the journeys account for. */
const withUserTime = (run: Run, inUse: (second: number) => number, account = 1): Run => ({
  ...run,
  timeline: [...run.timeline].map((second) => ({ ...second, userTime: { inUse: inUse(second.second), held: account * inUse(second.second) } })),
})
const lawsOf = (run: Run) => halvesOf(run.shape as never).flatMap((half) => stepLaw(run, half) ?? [])
const shape = holds([100, 20], [200, 20])
const users = (second: number): number => (second < 20 ? 40 : 80)

describe('Little’s law in the steps of a load', () => {
  test('holds where the journeys account for the users in use', () => {
    const laws = lawsOf(withUserTime(aRun({ shape, latency: 400 }), users))
    expect(laws.map(({ inUse, isSound }) => [inUse, isSound])).toEqual([
      [40, true],
      [40, true],
      [80, true],
      [80, true],
    ])
    expect(lawOfSteps(laws).because).toBe('Little’s law holds in 4 steps within 0 %: users in use = journeys a second × their time.')
  })

  test('fails where a tenth of them is not accounted for, and says by how much', () => {
    const found = lawOfSteps(lawsOf(withUserTime(aRun({ shape, latency: 400 }), users, 0.9)))
    expect(found.because).toMatch(
      /^Little’s law fails in 4 of 4 steps: at [\d.]+\/s \d+ users were in use and the journeys account for \d+, 10 % apart where 5 % is sound\./,
    )
  })

  test('is not checked where nobody told the users’ time', () => {
    expect(lawsOf(aRun({ shape }))).toEqual([])
    expect(lawOfSteps([])).toMatchObject({ declined: true, because: expect.stringContaining('was not checked') })
  })

  test('says nothing of less than two seconds, nor of nobody', () => {
    expect(littlesLawOf([{ inUse: 3, held: 3 }])).toBeUndefined()
    expect(
      littlesLawOf([
        { inUse: 0, held: 0 },
        { inUse: 0, held: 0 },
      ]),
    ).toBeUndefined()
  })
})

describe('how a target scales, by the steps of an open load', () => {
  const rates = [20, 40, 50, 60, 70, 80, 85, 90]
  const stepped = (facts: RunFacts) => aRun({ shape: holds(...rates.map((rate) => [rate, 20] as const)), ...facts })
  const rateAt = (t: number): number => rates[Math.min(rates.length - 1, Math.floor(t / 20))] ?? 0

  // M/M/1 with service of 20 ms has N = ρ ÷ (1 − ρ) under way, so X = μN ÷ (1 + N): the law with α ½, β 0 and γ μ/2.
  test('one server with a queue is the law with α of a half, which ends at its rate', () => {
    const found = scalabilityOfSteps([stepped({ answer: ({ t }) => 1000 / (100 - rateAt(t)) })])
    if (found.declined) throw new Error(found.because)
    expect(found.fit.contention).toBeCloseTo(0.5, 1)
    expect(found.fit.single / found.fit.contention).toBeGreaterThan(95)
    expect(found.fit.single / found.fit.contention).toBeLessThan(105)
    expect(found.peak.kind).toBe('beyond')
    expect(found.raw.contention).toBeCloseTo(found.fit.contention, 1)
    expect(found.because).toMatch(/ 2 are left out: at 20\/s 0\.25\d* requests were under way, and so on\.$/)
  })

  test('steps that did not hold say nothing of it', () => {
    const found = scalabilityOfSteps([stepped({ answer: ({ t }) => (t >= 60 ? 'HTTP 503' : 30) })])
    expect(found).toMatchObject({ declined: true, because: expect.stringMatching(/^No scalability fit, because \d loads? .* 6 are needed\. .*left out/) })
  })
})
