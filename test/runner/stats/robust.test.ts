import { expect, test } from 'vitest'
import { normalOf, robustScore } from '../../../runner/stats/robust.ts'

const ten = [100, 102, 99, 101, 100, 98, 101, 100, 99, 100]

test.each([
  { readings: ten, value: 130, score: 20, because: 'a peak' },
  { readings: ten, value: 60, score: -26.667, because: 'a drop counts as well' },
  { readings: ten, value: 100, score: 0, because: 'the median itself' },
  { readings: Array(10).fill(10), value: 12, score: 20, because: 'a constant has a floor of 1 % of its median; without one it would be infinitely far' },
  { readings: Array(10).fill(0), value: 0, score: 0, because: 'always nothing' },
])('$value after $readings is $score spreads away: $because', ({ readings, value, score }) => {
  expect(robustScore(value, normalOf(readings))).toBeCloseTo(score, 3)
})

test('spread is the range between type 7 quartiles, and no less than the readings can tell', () => {
  expect(normalOf(ten)).toEqual({ median: 100, spread: 1.5 })
  expect(normalOf(ten, 2).spread).toBe(2)
})

test('one wild reading among the normal ones moves no score', () => {
  const wild = [...ten, 1e6]
  expect(Math.abs(robustScore(130, normalOf(wild)))).toBeGreaterThan(14)
})

test('where nothing but 0 was read, anything else is infinitely far unless the readings have a resolution', () => {
  expect(robustScore(1, normalOf([0, 0, 0]))).toBe(Infinity)
  expect(robustScore(1, normalOf([0, 0, 0], 0.5))).toBe(2)
})
