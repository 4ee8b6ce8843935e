import { describe, expect, test } from 'vitest'
import { type Moments, quantileWithin } from '../../../runner/stats/mixture.ts'
import { randomFrom } from '../../../scenarios/shape.ts'

const momentsOf = (values: readonly number[], known: { spread?: boolean; most?: boolean }): Moments => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return { count: values.length, mean, ...(known.spread && { spread }), ...(known.most && { most: Math.max(...values) }) }
}

test.each([
  ['Cantelli: 50 of 1,000 may lie above', [{ count: 1000, mean: 10, spread: 5 }], 0.95, { lower: 8.86, upper: 31.59 }],
  ['all alike', [{ count: 1000, mean: 10, spread: 0 }], 0.95, { lower: 10, upper: 10 }],
  ['Markov: of a mean of 10 at most one in twenty is above 196', [{ count: 1000, mean: 10 }], 0.95, { lower: 0, upper: 196.08 }],
  ['nothing lies above the longest', [{ count: 1000, mean: 10, spread: 50, most: 90 }], 0.95, { lower: 2.05, upper: 90 }],
  [
    'a rare slow statement may be all of the tail, and the rest is not',
    [
      { count: 9900, mean: 1, spread: 0 },
      { count: 100, mean: 500, spread: 0 },
    ],
    0.95,
    { lower: 1, upper: 1 },
  ],
  ['the maximum lies above the highest mean', [{ count: 10, mean: 40 }], 1, { lower: 40, upper: 400 }],
])('%s', (_, parts, p, expected) => {
  const { lower, upper } = quantileWithin(parts, p)
  expect(upper).toBeCloseTo(expected.upper, 1)
  if (expected.lower > 3) expect(lower).toBeCloseTo(expected.lower, 1)
  expect(lower).toBeLessThanOrEqual(upper)
})

describe('holds whatever the times are', () => {
  const shapes: Readonly<Record<string, (random: () => number) => number>> = {
    even: (random) => 5 + random(),
    exponential: (random) => -20 * Math.log(1 - random()),
    'with a long tail': (random) => 2 / (1 - random()) ** 0.7,
    'of two kinds': (random) => (random() < 0.94 ? 1 : 300),
  }
  test.each(Object.keys(shapes).flatMap((name) => [0.5, 0.9, 0.95, 0.99, 1].map((p) => [name, p] as const)))('%s, p = %d', (name, p) => {
    const random = randomFrom(7)
    for (let run = 0; run < 20; run++) {
      const samples = [300, 50, 1].map((count, index) => Array.from({ length: count }, () => (shapes[name]?.(random) ?? 0) * (index + 1)))
      const all = samples.flat().sort((a, b) => a - b)
      const truth = all[Math.ceil(all.length * p) - 1] ?? Number.NaN
      for (const known of [{}, { most: true }, { spread: true }, { spread: true, most: true }]) {
        const { lower, upper } = quantileWithin(
          samples.map((values) => momentsOf(values, known)),
          p,
        )
        expect(lower).toBeLessThanOrEqual(truth * (1 + 1e-9))
        expect(upper).toBeGreaterThanOrEqual(truth * (1 - 1e-9))
      }
    }
  })
})
