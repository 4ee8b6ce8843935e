import { expect, test } from 'vitest'
import { piecesOf, stretchesAbove } from '../../budgets/above.ts'

const at = [5, 10, 15, 20, 25, 30]

test('a stretch counts from the reading before it, and only when it lasts', () => {
  const pieces = piecesOf(at, [0, 8, 9, 7, 0, 8])
  expect(stretchesAbove(pieces, 6, 0)).toEqual([
    { from: 5, seen: 10, until: 20 },
    { from: 25, seen: 30, until: 30 },
  ])
  expect(stretchesAbove(pieces, 6, 15)).toEqual([{ from: 5, seen: 10, until: 20 }])
  expect(stretchesAbove(pieces, 6, 16)).toEqual([])
})

test('what is exactly at the threshold is not above it', () => {
  expect(stretchesAbove(piecesOf(at, [7, 7, 7, 7, 7, 7]), 7, 0)).toEqual([])
})

test('a gap ends a stretch, because nobody knows', () => {
  expect(stretchesAbove(piecesOf(at, [8, 8, null, 8, 8, 8]), 7, 12)).toEqual([{ from: 15, seen: 20, until: 30 }])
})

test('nothing read is never above', () => {
  expect(stretchesAbove([], 0, 0)).toEqual([])
})
