import { describe, expect, test } from 'vitest'
import { type Interval, narrowed, nextRate } from '../../../budgets/capacity/bisection.ts'
import { breakpointOfRuns } from '../../../budgets/capacity/breakpoints.ts'
import type { Run } from '../../../runner/run.ts'
import { aPool } from '../../support/a-pool.ts'
import { aRun, holds } from '../../support/a-run.ts'

const shop = { connections: 8, busy: 20 } // 400/s
const runOf = (...rates: readonly number[]): Run => aRun({ test: 'breakpoint', shape: holds(...rates.map((rate) => [rate, 20] as const)), answer: aPool(shop) })

describe('several tests of one target', () => {
  test('answer with the lowest rate that broke and the highest below it that held', () => {
    const found = breakpointOfRuns([runOf(200, 300, 500), runOf(150, 350), runOf(150, 430)])
    expect(found).toMatchObject({ found: true, lastGood: 350, firstBad: 430 })
    expect(found.because).toMatch(/^It lies in \(350\/s, 430\/s\], 23 % wide, by 3 runs: it held 350\/s; at 430\/s .*\.$/)
  })

  test('in any order say the same', () => {
    const runs = [runOf(200, 300, 500), runOf(150, 350), runOf(150, 430)]
    expect(breakpointOfRuns(runs.toReversed())).toEqual(breakpointOfRuns(runs))
  })

  test('that contradict each other say so, and the lower rate counts', () => {
    const ill: Run = aRun({ test: 'breakpoint', shape: holds([100, 20], [250, 20]), answer: ({ t }) => (t > 20 ? 'HTTP 503' : 20) })
    expect(breakpointOfRuns([ill, runOf(200, 350)])).toMatchObject({
      lastGood: 100,
      firstBad: 250,
      because: expect.stringContaining('Another run held 350/s, so the target or chance changed between them; the lower rate counts.'),
    })
  })

  test('of which none broke are above the highest that held', () => {
    expect(breakpointOfRuns([runOf(100, 200), runOf(150, 300)])).toMatchObject({ found: false, atLeast: 300 })
  })

  test('of which none held say only what broke', () => {
    expect(breakpointOfRuns([runOf(600), runOf(700)])).toMatchObject({ found: true, lastGood: null, firstBad: 600 })
  })
})

test('the halving of science.md: good 300, bad 400, true 362', () => {
  let interval: Interval = { lastGood: 300, firstBad: 400 }
  const tried: number[] = []
  for (let rate = nextRate(interval); rate !== undefined; rate = nextRate(interval)) {
    tried.push(rate)
    interval = narrowed(interval, rate, rate <= 362 ? 'held' : 'broke')
  }
  expect(tried).toEqual([350, 375, 362.5])
  expect(interval).toEqual({ lastGood: 350, firstBad: 362.5, unclear: [] })
})

test('around rates that can’t be told the interval is narrowed from below and from above, and keeps them', () => {
  let interval: Interval = { lastGood: 300, firstBad: 400 }
  const tried: number[] = []
  for (let rate = nextRate(interval); rate !== undefined; rate = nextRate(interval)) {
    tried.push(rate)
    interval = narrowed(interval, rate, rate <= 330 ? 'held' : rate <= 370 ? 'unclear' : 'broke')
  }
  expect(tried).toEqual([350, 325, 337.5, 375, 362.5])
  expect(interval).toEqual({ lastGood: 325, firstBad: 375, unclear: [337.5, 350, 362.5] })
})
