import { describe, expect, test } from 'vitest'
import { driftOf } from '../../../runner/stats/steady-state.ts'
import { noiseOf, normalFrom } from './series.ts'

test('a level that rises by 3 % per 10 min is drifting, and so is one that falls', () => {
  const rising = Array.from({ length: 3600 }, (_, t) => 20 + 0.001 * t)
  const drift = driftOf(rising)
  expect(drift).toMatchObject({ isDrifting: true })
  expect('slope' in drift && drift.slope).toBeCloseTo(0.6 / 22.7, 3)
  expect(driftOf(rising.toReversed())).toMatchObject({ isDrifting: true })
})

test('a warm-up that is over by the middle is no drift', () => {
  expect(driftOf(Array.from({ length: 1200 }, (_, t) => (t < 300 ? 50 : 20)))).toMatchObject({ slope: 0, isDrifting: false })
})

test('less than ten minutes tell nothing', () => {
  expect(driftOf(Array(240).fill(20))).toEqual({ declined: true, because: 'drift unknown, because 240 s were measured and 600 s are needed' })
})

test('a level of 0 has no share', () => {
  expect(driftOf(Array(600).fill(0))).toMatchObject({ declined: true })
})

describe('simulated, half an hour', () => {
  const share = (risePerTenMinutes: number, correlation: number): number => {
    const normal = normalFrom(11)
    const found = Array.from({ length: 200 }, () =>
      driftOf(noiseOf(normal, 1800, correlation, 0.1).map((noise, t) => 1 + (risePerTenMinutes * t) / 600 + noise)),
    )
    return found.filter((drift) => 'isDrifting' in drift && drift.isDrifting).length / found.length
  }

  test('steady series are hardly ever called drifting', () => {
    expect(share(0, 0.5)).toBeLessThan(0.03) // 0 of 1000
    expect(share(0, 0.8)).toBeLessThan(0.06) // 9 of 1000
  })

  test('a rise of 10 % per 10 min is always found', () => {
    expect(share(0.1, 0.5)).toBeGreaterThan(0.9)
  })
})
