import { describe, expect, test } from 'vitest'
import { assemble } from '../../../runner/assemble.ts'
import type { Facts } from '../../../runner/validity/facts.ts'
import { steadiness } from '../../../runner/validity/steadiness.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { noiseOf, normalFrom } from '../stats/series.ts'

const base = aRun({ seconds: 1 })

/** A load held for as long as there are medians, after 30 s of something else. */
const held = (medians: readonly number[], changes: Partial<Facts> = {}): Facts => ({
  ...base,
  test: 'baseline',
  shape: { ...holds([5, 30], [20, medians.length]), segments: [...holds([5, 30], [20, medians.length]).segments] },
  timeline: [...Array(30).fill(100), ...medians].map((p50, second) => ({ second, planned: 20, started: 20, dropped: 0, users: 1, p50 })),
  ...changes,
})
const codes = (facts: Facts) => steadiness(facts).flatMap((finding) => (finding === undefined ? [] : [finding.code]))
const coldFor = (seconds: number, length = 240): number[] => Array.from({ length }, (_, t) => (t < seconds ? 30 : 12) + (t % 7) * 0.1)

describe('a warm-up within the hold', () => {
  test('is told with both levels, and the flag that would leave it out', () => {
    expect(steadiness(held(coldFor(40)))[0]).toEqual({
      state: 'SUSPECT',
      code: 'warm-up-not-over',
      text: 'Until 1:10 answers took 30 ms at p50, and 12 ms from then on, at the same 20/s: the target was still warming up, and the figures hold both. They should hold one state. Run again with --warm-up 70s.',
    })
  })

  test('is no matter once it was planned', () => {
    expect(codes(held(coldFor(40), { warmUp: { seconds: 70, because: '--warm-up' } }))).toEqual([])
  })

  test('is no matter below a millisecond', () => {
    expect(codes(held(coldFor(40).map((p50) => p50 / 20)))).toEqual([])
  })

  test('is told of a stress test too, and never of a breakpoint test', () => {
    expect(codes(held(coldFor(40), { test: 'stress' }))).toEqual(['warm-up-not-over'])
    expect(codes(held(coldFor(40), { test: 'breakpoint' }))).toEqual([])
  })
})

describe('a target that finds no rest', () => {
  const falling = Array.from({ length: 240 }, (_, t) => 40 - t / 10)

  test('is told of a baseline and a soak, which seek it', () => {
    expect(codes(held(falling))).toEqual(['no-steady-state'])
    expect(codes(held(falling, { test: 'soak' }))).toEqual(['no-steady-state'])
    expect(steadiness(held(falling))[0]?.text).toMatch(/^No steady state within 240 s at 20\/s: p50 was 34 ms in their first half and 22 ms in the second/)
  })

  test('is what a stress test is for', () => {
    expect(codes(held(falling, { test: 'stress' }))).toEqual([])
  })

  test('drifts to the end of an hour', () => {
    const rising = Array.from({ length: 3600 }, (_, t) => 20 + 0.001 * t + (t % 11) * 0.05)
    expect(codes(held(rising, { test: 'soak' }))).toContain('still-drifting')
    expect(steadiness(held(rising)).at(-1)?.text).toMatch(/^Response time was still drifting at the end \(\+2\.\d % per 10 min at p50, at the same 20\/s\)/)
  })
})

test('a short hold, seconds without answers, and a run that was stopped early tell nothing', () => {
  expect(codes(held(coldFor(20, 100)))).toEqual([])
  const facts = held(coldFor(40))
  expect(codes({ ...facts, timeline: facts.timeline.map(({ p50: _, ...second }) => second) })).toEqual([])
  expect(codes({ ...facts, timeline: facts.timeline.slice(0, 90) })).toEqual([])
})

test('a run put together from its seconds is asked', () => {
  const run = aRun({ rate: 20, seconds: 200, latency: ({ t, random }) => (t < 40 ? 100 : 20) * (0.9 + 0.2 * random()) })
  expect(assemble(run, run.timeline, run.ending).validity).toMatchObject({ state: 'SUSPECT', reasons: [{ code: 'warm-up-not-over' }] })
})

describe('simulated: 240 s of 20 ms, noise of a tenth', () => {
  const share = (correlation: number, change: (t: number) => number): number => {
    const normal = normalFrom(21)
    const runs = Array.from({ length: 300 }, () => held(noiseOf(normal, 240, correlation, 2).map((noise, t) => 20 * change(t) + noise)))
    return runs.filter((run) => codes(run).length > 0).length / runs.length
  }

  test('steady targets are hardly ever suspected', () => {
    expect(share(0, () => 1)).toBeLessThan(0.03)
    expect(share(0.5, () => 1)).toBeLessThan(0.04)
    expect(share(0.8, () => 1)).toBeLessThan(0.08)
  })

  test('a target that is twice as slow for some 40 s is', () => {
    expect(share(0.5, (t) => 1 + Math.exp(-t / 20))).toBeGreaterThan(0.8)
  })
})
