import { expect, test } from 'vitest'
import { StatementHistory } from '../../../runner/probes/statement-history.ts'

const counts = (id: string, calls: number, total: number) => ({ id, calls, total })

test('each look tells what came since the one before, every ten seconds', () => {
  const history = new StatementHistory()
  expect(history.isDue(0)).toBe(true)
  history.add(0, [counts('a', 100, 500), counts('b', 5, 10)])
  expect([history.isDue(9), history.isDue(10)]).toEqual([false, true])
  history.add(10, [counts('a', 110, 510), counts('b', 5, 10)])
  history.add(23, [counts('a', 140, 900), counts('c', 2, 8)])
  expect(history.of('a')).toEqual([
    { from: 0, until: 10, calls: 10, total: 10 },
    { from: 10, until: 23, calls: 30, total: 390 },
  ])
  expect(history.of('b')).toBeUndefined()
  expect(history.of('c')).toEqual([{ from: 10, until: 23, calls: 2, total: 8 }])
})

test('what came after the last look is told too', () => {
  let now = 0
  const history = new StatementHistory(() => now)
  history.add(20, [counts('a', 100, 500)])
  now = 4200
  history.end([counts('a', 103, 560)])
  expect(history.of('a')).toEqual([{ from: 20, until: 24, calls: 3, total: 60 }])
})

test('a look that failed is not made again at once, and the next one tells of both stretches', () => {
  const history = new StatementHistory()
  history.add(0, [counts('a', 100, 500)])
  history.add(10, undefined)
  expect([history.isDue(11), history.isDue(20)]).toEqual([false, true])
  history.add(20, [counts('a', 130, 900)])
  expect(history.of('a')).toEqual([{ from: 0, until: 20, calls: 30, total: 400 }])
})

test('counts that went back began anew', () => {
  const history = new StatementHistory()
  history.add(0, [counts('a', 100, 500)])
  history.add(10, [counts('a', 3, 6)])
  expect(history.of('a')).toEqual([{ from: 0, until: 10, calls: 3, total: 6 }])
})

test('of a look with many statements those are kept that took most of it', () => {
  const history = new StatementHistory()
  history.add(0, [])
  history.add(
    10,
    Array.from({ length: 100 }, (_, index) => counts(`${index}`, 1, index)),
  )
  expect([history.of('99'), history.of('90'), history.of('89')].map((told) => told?.length)).toEqual([1, 1, undefined])
})
