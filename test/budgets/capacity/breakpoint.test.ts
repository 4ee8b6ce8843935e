import { describe, expect, test } from 'vitest'
import type { Breakpoint } from '../../../budgets/budget.ts'
import { breakpointOf } from '../../../budgets/capacity/breakpoint.ts'
import { StepJudge } from '../../../budgets/capacity/step-judge.ts'
import { halvesOf, shapeOf } from '../../../budgets/capacity/steps.ts'
import type { Run } from '../../../runner/run.ts'
import { randomFrom, type Shape } from '../../../scenarios/shape.ts'
import { ramp, staircase } from '../../../scenarios/shapes.ts'
import { aPool, capacityOf, type Pool } from '../../support/a-pool.ts'
import { aRun, holds, type RunFacts } from '../../support/a-run.ts'

const stairs = (hold: `${number}s`, steps = 11): Shape => staircase({ from: '100/s', to: '600/s', steps, hold })
const breakpointRun = (facts: RunFacts): Run => aRun({ test: 'breakpoint', ...facts })
const shop: Pool = { connections: 8, busy: 20 }

const interval = (found: Breakpoint): readonly [number | null, number] => {
  if (!found.found) throw new Error(`nothing was found: ${found.because}`)
  return [found.lastGood, found.firstBad]
}

describe('the breakpoint of a pool that can do 400 requests a second', () => {
  test.each<[string, RunFacts]>([
    ['steps of 5 s', { shape: stairs('5s'), answer: aPool(shop) }],
    ['steps of 15 s', { shape: stairs('15s'), answer: aPool(shop) }],
    ['a short queue that answers 503', { shape: stairs('5s'), answer: aPool({ ...shop, queue: 40 }) }],
    ['a timeout of 500 ms', { shape: stairs('5s'), answer: aPool({ ...shop, timeout: 500 }) }],
    ['two seconds of thinking', { shape: stairs('5s'), answer: aPool(shop), think: 2000 }],
    ['ten seconds of thinking', { shape: stairs('5s'), answer: aPool(shop), think: 10_000 }],
    ['Poisson arrivals', { shape: { ...stairs('5s'), arrivals: 'poisson' }, answer: aPool(shop) }],
    ['a freeze of 400 ms at 200/s', { shape: stairs('5s'), answer: aPool({ ...shop, freezes: [[12, 12.4]] }) }],
    ['journeys that end with their first failure', { shape: stairs('5s'), answer: aPool({ ...shop, queue: 40 }), throwing: true }],
  ])('lies around 400/s with %s', (_, facts) => {
    const [lastGood, firstBad] = interval(breakpointOf(breakpointRun(facts)))
    expect(lastGood).toBeGreaterThanOrEqual(350)
    expect(firstBad).toBeGreaterThanOrEqual(400)
    expect(firstBad).toBeLessThanOrEqual(450)
  })

  test('is found on a ramp, within a slice of it', () => {
    const shape = ramp({ from: '20/s', to: '800/s', duration: '100s' })
    const [lastGood, firstBad] = interval(breakpointOf(breakpointRun({ shape, answer: aPool(shop) })))
    expect(lastGood).toBeGreaterThanOrEqual(330)
    expect(firstBad).toBeGreaterThan(400)
    expect(firstBad).toBeLessThan(520)
  })

  test('is never below what the pool can do, whatever the seed, pool, step and arrivals', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const pool: Pool = { connections: 2 + (seed % 7), busy: 10 + (seed % 5) * 8, ...(seed % 3 === 0 && { queue: 60 }) }
      const capacity = capacityOf(pool)
      const rates = Array.from({ length: 8 }, (_, step) => Math.round(capacity * (0.3 + step * 0.15)))
      const shape: Shape = { ...holds(...rates.map((rate) => [rate, 5] as const)), arrivals: seed % 2 === 0 ? 'uniform' : 'poisson' }
      const [lastGood, firstBad] = interval(breakpointOf(breakpointRun({ shape, seed, answer: aPool(pool), think: (seed % 4) * 700 })))
      // At 90 % of what it can do a small pool with random arrivals may rightly be too slow; at 75 % it is not.
      expect(firstBad / capacity, `seed ${seed}`).toBeGreaterThan(0.85)
      expect(firstBad / capacity, `seed ${seed}`).toBeLessThan(1.21)
      expect((lastGood ?? 0) / capacity, `seed ${seed}`).toBeGreaterThan(0.7)
    }
  })

  test('the sentence has both rates and what was seen', () => {
    expect(breakpointOf(breakpointRun({ shape: stairs('5s'), answer: aPool(shop) })).because).toMatch(
      /^It held (350|400)\/s; at (400|450)\/s .* % of [\d,]+ answers took longer than 200 ms\.$/,
    )
  })
})

// M/M/1 with service of 10 ms has p99 = ln 100 ÷ (100 − λ): 200 ms at 77/s, 154 at 70, 230 at 80, 461 at 90.
test('chance arrivals that come late in bursts are not passed over in long steps', () => {
  const broke: (number | null)[] = []
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomFrom(seed * 31)
    let freeAt = 0
    const answer = ({ t }: { readonly t: number }): number => {
      freeAt = Math.max(t, freeAt) - 0.01 * Math.log(1 - random())
      return (freeAt - t) * 1000
    }
    const shape: Shape = { ...holds([20, 40], [60, 40], [70, 40], [80, 40], [90, 40]), arrivals: 'poisson' }
    const found = breakpointOf(breakpointRun({ shape, seed, answer }), { objective: { quantile: 0.99, milliseconds: 200 } })
    broke.push(found.found ? found.firstBad : null)
  }
  expect(broke.filter((rate) => rate === 80 || rate === 90).length).toBeGreaterThan(10) // 14; by the last second of a half alone none
  expect(broke.filter((rate) => rate !== null && rate < 80)).toEqual([])
})

describe('what is no breakpoint', () => {
  test('a target that holds every rate breaks above the highest', () => {
    expect(breakpointOf(breakpointRun({ shape: stairs('5s') }))).toEqual({
      found: false,
      atLeast: 600,
      because: 'The breakpoint is above 600/s, the highest rate offered.',
    })
  })

  test('a slow but steady target is not broken: its calm is the measure', () => {
    const steady = ({ random }: { random: () => number }): number => 300 + random() * 200
    expect(breakpointOf(breakpointRun({ shape: stairs('5s'), latency: steady })).found).toBe(false)
    expect(interval(breakpointOf(breakpointRun({ shape: stairs('5s'), latency: steady }), { objective: { quantile: 0.95, milliseconds: 250 } }))).toEqual([
      null,
      100,
    ])
  })

  test('a single hiccup of half a step is not confirmed by a second one', () => {
    const latency = ({ t }: { t: number }): number => (t >= 20.2 && t < 21.6 ? 900 : 20)
    expect(breakpointOf(breakpointRun({ shape: stairs('5s'), latency })).found).toBe(false)
  })

  test('steps with a few failures or slow answers below the tolerated share do not break, however small the step; some are too small to say that they hold', () => {
    const shape = staircase({ from: '5/s', to: '50/s', steps: 10, hold: '5s' })
    for (let seed = 1; seed <= 40; seed++) {
      const answer = ({ random }: { random: () => number }) => (random() < 0.005 ? 'HTTP 500' : random() < 0.03 ? 500 : 20)
      const { found, unclear = [], ...rest } = breakpointOf(breakpointRun({ shape, seed, answer }))
      expect(found, `seed ${seed}`).toBe(false)
      expect(unclear.at(-1) ?? ('atLeast' in rest && rest.atLeast), `seed ${seed}`).toBe(50)
    }
  })

  test('too few arrivals can state nothing', () => {
    expect(breakpointOf(breakpointRun({ shape: holds([1, 5], [2, 5]) }))).toMatchObject({ found: false, atLeast: null })
  })
})

describe('what ends a ramp', () => {
  test('the first step being bad leaves no rate that held', () => {
    const found = breakpointOf(breakpointRun({ shape: stairs('5s'), answer: () => 'HTTP 500' }))
    expect(found).toMatchObject({ found: true, lastGood: null, firstBad: 100 })
    expect(found.because).toBe('It did not hold 100/s, the lowest rate offered: 100 % of 200 requests failed.')
  })

  test('a target that hangs without an answer is broken, even before anything times out', () => {
    const found = breakpointOf(breakpointRun({ shape: stairs('5s'), answer: ({ t }) => (t > 25 ? 'never' : 20) }))
    expect(interval(found)).toEqual([300, 350])
    expect(found.because).toContain('journeys did not get through in time')
  })

  test('too few virtual users for a sound target is the generator’s end, not the target’s', () => {
    const found = breakpointOf(breakpointRun({ shape: stairs('5s'), dropped: ({ n, t }) => t > 30 && n % 4 === 0 }))
    expect(found).toMatchObject({ found: false, atLeast: 350 })
    expect(found.because).toBe(
      'The generator, not the target, ended this ramp: at 400/s 25 % of 800 arrivals found no free virtual user, while answers stayed within 200 ms. Allow more with --users, add --workers, or lower the rate.',
    )
  })

  test('late starts are the generator’s', () => {
    const found = breakpointOf(breakpointRun({ shape: stairs('5s'), lag: ({ t }) => (t > 30 ? 400 : 0), latency: ({ t }) => (t > 30 ? 420 : 20) }))
    expect(found).toMatchObject({ found: false, atLeast: 350 })
    expect(found.because).toContain('5 % of arrivals started 400 ms late or more')
  })

  test('being turned away with 429 is a limit, not weakness', () => {
    const found = breakpointOf(breakpointRun({ shape: stairs('5s'), answer: ({ t, n }) => (t > 30 && n % 3 === 0 ? 'HTTP 429' : 20) }))
    expect(found).toMatchObject({ found: false, atLeast: 350 })
    expect(found.because).toContain('turned away')
  })

  test('an INVALID run states nothing', () => {
    const validity = { state: 'INVALID', reasons: [{ code: 'engine-failed', text: 'The engine did not finish: it was killed.' }] } as const
    expect(breakpointOf(breakpointRun({ shape: stairs('5s'), validity: { ...validity, reasons: [...validity.reasons] } }))).toEqual({
      found: false,
      atLeast: null,
      because: 'No breakpoint can be stated, because the run is INVALID: The engine did not finish: it was killed.',
    })
  })
})

describe('a test that was stopped', () => {
  const answer = ({ t }: { t: number }) => (t >= 30 ? ('HTTP 503' as const) : 20)

  test('in a bad step counts that step, though its second half never came', () => {
    const stopped = breakpointRun({ shape: stairs('5s'), answer, until: 32.5, ending: { state: 'stopped', because: 'it broke' } })
    expect(interval(breakpointOf(stopped))).toEqual([350, 400])
  })

  test('by a person in good order states what held', () => {
    const interrupted = breakpointRun({ shape: stairs('5s'), until: 22.5, ending: { state: 'interrupted', because: 'it was interrupted (Ctrl-C)' } })
    expect(breakpointOf(interrupted)).toEqual({ found: false, atLeast: 300, because: 'The breakpoint is above 300/s, the last rate that was held to its end.' })
  })

  test('as it began to look bad does not count the doubtful step as held', () => {
    const interrupted = breakpointRun({ shape: stairs('5s'), answer, until: 32.5, ending: { state: 'interrupted', because: 'it was interrupted (Ctrl-C)' } })
    expect(breakpointOf(interrupted)).toMatchObject({ found: false, atLeast: 350 })
  })
})

test('judged second by second as it runs, a test breaks at the same rate as in its report', () => {
  for (const pool of [shop, { ...shop, queue: 40 }, { connections: 3, busy: 12 }]) {
    const run = breakpointRun({ shape: stairs('5s'), answer: aPool(pool) })
    const live = new StepJudge(shapeOf(run))
    for (let settled = 0; settled <= run.timeline.length && live.broke() === undefined; settled++) live.advance(run.timeline.slice(0, settled), settled)
    expect(live.broke()?.half.high).toBe(interval(breakpointOf(run))[1])
  }
})

test('halves are whole seconds within their step, and what falls is left out', () => {
  expect(halvesOf(holds([100, 5], [200, 5.5], [50, 4])).map(({ step, from, until }) => [step, from, until])).toEqual([
    [0, 0, 2],
    [0, 2, 5],
    [1, 5, 7],
    [1, 7, 10],
    [2, 11, 12],
    [2, 12, 14],
  ])
  expect(halvesOf(ramp({ from: '100/s', to: '10/s', duration: '60s' }))).toEqual([])
})
