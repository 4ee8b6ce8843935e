import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Deadlines, type Limited } from '../../../../runner/engines/embedded/deadlines.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const clocked = () => {
  const start = Date.now()
  const now = () => Date.now() - start
  const ended: string[] = []
  const deadlines = new Deadlines(now)
  const add = (name: string, left: number): Limited => {
    const limited: Limited = { deadline: now() + left, before: undefined, after: undefined, onLimit: () => void ended.push(`${name} at ${now()}`) }
    deadlines.add(limited, left)
    return limited
  }
  return { ended, deadlines, add }
}

test('each ends at its own deadline, whatever was added before it', () => {
  const { ended, add } = clocked()
  add('long', 100)
  add('short', 20)
  vi.advanceTimersByTime(50)
  add('later', 100)
  vi.advanceTimersByTime(200)
  expect(ended).toEqual(['short at 20', 'long at 100', 'later at 150'])
})

test('what was taken off never ends, and leaves the others in their order', () => {
  const { ended, deadlines, add } = clocked()
  const first = add('first', 10)
  const second = add('second', 10)
  add('third', 10)
  deadlines.remove(first)
  deadlines.remove(second)
  deadlines.remove(second) // once more does no harm
  vi.advanceTimersByTime(100)
  expect(ended).toEqual(['third at 10'])
})

test('a row that has emptied takes up again', () => {
  const { ended, add } = clocked()
  add('a', 10)
  vi.advanceTimersByTime(30)
  add('b', 10)
  vi.advanceTimersByTime(30)
  expect(ended).toEqual(['a at 10', 'b at 40'])
})

test('a timer that comes early ends nothing', () => {
  let time = 0
  const ended: number[] = []
  new Deadlines(() => time).add({ deadline: 10, before: undefined, after: undefined, onLimit: () => void ended.push(time) }, 10)
  time = 9.4
  vi.advanceTimersByTime(10)
  expect(ended).toEqual([])
  time = 10.1
  vi.advanceTimersByTime(1)
  expect(ended).toEqual([10.1])
})

test('after clearing, nothing ends', () => {
  const { ended, deadlines, add } = clocked()
  add('a', 10)
  deadlines.clear()
  vi.advanceTimersByTime(100)
  expect(ended).toEqual([])
})
