import { describe, expect, test } from 'vitest'
import { plateauOf, sweepEndsBecause } from '../../../budgets/capacity/plateau.ts'
import { judgeLevel } from '../../../budgets/capacity/sweep-level.ts'
import { aSweep, doublings } from '../../support/a-sweep.ts'

/** A pool of 8 places, 100/s each. */
const pool = (n: number): number => 100 * Math.min(n, 8)
/** Gunther's law with α 0.02, β 0.02: its peak of 3.57 γ lies at N = 7. */
const retrograde = (n: number): number => (1000 * n) / (1 + 0.02 * (n - 1) + 0.02 * n * (n - 1))
const linear = (n: number): number => 130 * n

describe('where throughput stops growing', () => {
  test('a pool of eight levels off at N = 8 at its capacity', () => {
    const plateau = plateauOf(aSweep({ throughput: pool }))
    expect(plateau).toMatchObject({ found: true, kind: 'level', connections: 8 })
    if (!plateau.found) return
    expect(Math.abs(plateau.throughput.mean / 800 - 1)).toBeLessThan(0.01)
    expect(plateau.because).toMatch(/^Throughput levels off at \d+\/s \[\d+, \d+\] from N = 8 on; up to N = 64 /)
  })

  test('retrograde throughput has a peak, and the fall is told with its figures', () => {
    const plateau = plateauOf(aSweep({ throughput: retrograde }))
    expect(plateau).toMatchObject({ found: true, kind: 'falls', connections: 8 })
    expect(plateau.because).toMatch(/peaks near N = 8 .* falls to \d+\/s at N = 64/)
  })

  test('a target that still rises has no plateau, only a throughput that was reached', () => {
    const plateau = plateauOf(aSweep({ throughput: linear }))
    expect(plateau.found).toBe(false)
    if (plateau.found) return
    expect(plateau.because).toMatch(/^No plateau up to N = 64: throughput was still rising\. It reached at least 8,\d{3}\/s\.$/)
    expect(plateau.atLeast).toBeGreaterThan(8000)
    expect(plateau.atLeast).toBeLessThan(8320)
  })

  test('a level off at the very last level is not confirmed by anything', () => {
    const plateau = plateauOf(aSweep({ throughput: pool, connections: [1, 2, 4, 8, 16] }))
    expect(plateau.found).toBe(false)
    expect(plateau.because).toContain('another level must show it too')
  })

  test('two levels say nothing', () => {
    expect(plateauOf(aSweep({ throughput: pool, connections: [1, 2] })).because).toBe(
      'No plateau can be stated: 2 levels can be used and 3 are needed. It reached at least 199/s.',
    )
  })

  test('noise too great to tell growth from none is said, with what to do', () => {
    const plateau = plateauOf(aSweep({ throughput: () => 500, noise: 0.6 }))
    expect(plateau.found).toBe(false)
    expect(plateau.because).toMatch(/can't be told: the last doubling changed it by .* Hold each level longer with --hold\./)
  })

  test('no level at all, or none with an answer, is no plateau', () => {
    expect(plateauOf(aSweep({ throughput: pool, connections: [] }))).toMatchObject({ found: false, atLeast: null })
    expect(plateauOf(aSweep({ throughput: () => 0 }))).toMatchObject({ found: false, atLeast: null })
  })
})

describe('levels that say nothing of the target', () => {
  test('a generator without room of its own is named, and its ceiling is not taken for the target’s', () => {
    const plateau = plateauOf(aSweep({ throughput: (n) => Math.min(5000 * n, 40_000), busy: (n) => Math.min(0.99, n / 8) }))
    expect(plateau.found).toBe(false)
    expect(plateau.because).toMatch(
      /^No plateau of the target can be stated: at N = 8 the generator’s own thread was busy 99 % of the time\. It reached at least 19,\d{3}\/s\.$/,
    )
  })

  test('a level whose times do not account for its connections is left out', () => {
    const sweep = aSweep({ throughput: pool })
    const [level] = sweep.levels
    if (level === undefined) throw new Error('there is a level')
    expect(judgeLevel(level, sweep)).toMatchObject({ excluded: undefined })
    expect(judgeLevel({ ...level, connections: 2 }, sweep).excluded).toBe(
      'its requests account for 1 of 2 connections (Little’s law), so its counts can’t be right',
    )
  })

  test('a level of less than five batches has no throughput', () => {
    const sweep = aSweep({ throughput: pool, seconds: 0.8 })
    expect(sweep.levels.map((level) => judgeLevel(level, sweep).excluded)).toContain('it is too short for five batches')
  })
})

describe('when a sweep has seen enough', () => {
  const endOf = (facts: Parameters<typeof aSweep>[0]): string | undefined => sweepEndsBecause(aSweep(facts))

  test('a plateau ends it, but never before six levels, which a scalability law needs', () => {
    expect(endOf({ throughput: () => 500, connections: doublings(16) })).toBeUndefined()
    expect(endOf({ throughput: () => 500, connections: doublings(32) })).toBe('throughput grew no more after N = 1')
    expect(endOf({ throughput: pool, connections: doublings(16) })).toBeUndefined()
    expect(endOf({ throughput: pool, connections: doublings(32) })).toBe('throughput grew no more after N = 8')
  })

  test('rising throughput does not', () => expect(endOf({ throughput: linear, connections: doublings(512) })).toBeUndefined())

  test('errors above a tenth do, at once', () => {
    expect(endOf({ throughput: pool, connections: [1, 2], errors: (n) => (n === 2 ? { 'HTTP 503': 300, reset: 2 } : {}) })).toBe(
      'at N = 2 27 % of 1,109 requests failed, mostly with "HTTP 503" (302 in all)',
    )
    expect(endOf({ throughput: pool, connections: [1, 2], errors: () => ({ 'HTTP 503': 10 }) })).toBeUndefined()
  })

  test('a target that answers nothing does', () => expect(endOf({ throughput: () => 0, connections: [1] })).toBe('at N = 1 no request was answered'))

  test('two levels in which the generator was the limit do', () => {
    expect(endOf({ throughput: linear, connections: [1, 2], busy: () => 0.97 })).toContain('the generator, not the target, was the limit at N = 2')
    expect(endOf({ throughput: linear, connections: [1, 2], busy: (n) => (n === 2 ? 0.97 : 0.5) })).toBeUndefined()
  })
})

describe('how often the rule errs, of 400 seeded sweeps with 2 % of noise in a batch and 3 % between levels', () => {
  const found = (throughput: (n: number) => number): readonly (number | undefined)[] =>
    Array.from({ length: 400 }, (_, seed) => {
      const plateau = plateauOf(aSweep({ throughput, seed: seed + 1, levelNoise: 0.03 }))
      return plateau.found ? plateau.connections : undefined
    })
  const share = (found: readonly (number | undefined)[], is: (connections: number | undefined) => boolean): number => found.filter(is).length / found.length

  test('a target that grows by a tenth with each doubling is called level in few of them', () => {
    const falsePlateaus = share(
      found((n) => 100 * 1.1 ** Math.log2(n)),
      (connections) => connections !== undefined,
    )
    expect(falsePlateaus).toBeLessThan(0.05)
  })

  test('linear growth never is', () => expect(share(found(linear), (connections) => connections !== undefined)).toBe(0))

  test('where it is found, its capacity is inside the interval about as often as 95 % says', () => {
    const plateaus = Array.from({ length: 400 }, (_, seed) => plateauOf(aSweep({ throughput: pool, seed: seed + 1, levelNoise: 0.03 }))).filter(
      (plateau) => plateau.found,
    )
    const covering = plateaus.filter(({ throughput: { low, high } }) => low <= 800 && 800 <= high).length / plateaus.length
    expect(covering).toBeGreaterThan(0.87)
  })

  test('a pool of eight is found in nearly all, and hardly ever before N = 8', () => {
    const pools = found(pool)
    expect(share(pools, (connections) => connections !== undefined)).toBeGreaterThan(0.8)
    expect(share(pools, (connections) => connections !== undefined && connections < 8)).toBe(0)
  })
})
