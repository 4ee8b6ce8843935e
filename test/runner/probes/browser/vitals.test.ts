import { describe, expect, test } from 'vitest'
import type { PageRecord } from '../../../../runner/probes/browser/observers.ts'
import { cumulativeLayoutShift, interactionToNextPaint, timeToInteractive, totalBlockingTime } from '../../../../runner/probes/browser/vitals.ts'

/** A page that painted at 300 ms, was parsed at 200 ms, and has been watched for 20 s. */
const aPage = (changes: Partial<PageRecord> = {}): PageRecord => ({
  now: 20_000,
  navigation: { responseStart: 50, domContentLoaded: 200, load: 400 },
  firstPaint: 300,
  largestPaint: 300,
  longTasks: [],
  shifts: [],
  interactions: [],
  ...changes,
})
const task = (start: number, duration: number) => ({ start, duration })

describe('time to interactive', () => {
  test('a page that is quiet from its first paint on is interactive then', () => {
    expect(timeToInteractive(aPage(), [])).toBe(300)
  })

  test('never before its document was parsed', () => {
    expect(timeToInteractive(aPage({ navigation: { responseStart: 50, domContentLoaded: 900, load: 1000 } }), [])).toBe(900)
  })

  test('the end of the last long task before 5 s of quiet', () => {
    expect(timeToInteractive(aPage({ longTasks: [task(400, 180), task(800, 90)] }), [])).toBe(890)
    expect(timeToInteractive(aPage({ longTasks: [task(400, 180), task(5579, 90)] }), [])).toBe(5669) // 4,999 ms of quiet before it
    expect(timeToInteractive(aPage({ longTasks: [task(400, 180), task(5580, 90)] }), [])).toBe(580)
  })

  test('a long task before the first paint does not move it', () => {
    expect(timeToInteractive(aPage({ longTasks: [task(100, 120)] }), [])).toBe(300)
  })

  test('three requests under way are no quiet, two are', () => {
    const requests = (count: number) => Array.from({ length: count }, () => ({ start: 350, end: 4000 }))
    const page = aPage({ longTasks: [task(400, 100), task(4500, 60)] })
    expect(timeToInteractive(page, requests(2))).toBe(4560) // the task at 4.5 s ends a quiet of 4 s
    expect(timeToInteractive(aPage({ longTasks: [task(400, 100), task(6000, 60)] }), requests(2))).toBe(500)
    expect(timeToInteractive(aPage({ longTasks: [task(400, 100), task(6000, 60)] }), requests(3))).toBe(6060) // 4 to 6 s is too short
  })

  test('requests that began before and never ended keep it unknown', () => {
    const pending = Array.from({ length: 3 }, () => ({ start: 100, end: undefined }))
    expect(timeToInteractive(aPage(), pending)).toBeNull()
    expect(timeToInteractive(aPage(), pending.slice(1))).toBe(300)
  })

  test('unknown while it has not been watched for 5 s of quiet, or showed nothing', () => {
    expect(timeToInteractive(aPage({ now: 5299 }), [])).toBeNull()
    expect(timeToInteractive(aPage({ now: 5300 }), [])).toBe(300)
    expect(timeToInteractive(aPage({ firstPaint: null }), [])).toBeNull()
  })
})

describe('total blocking time', () => {
  test('what long tasks took beyond 50 ms each', () => {
    expect(totalBlockingTime(aPage({ longTasks: [task(400, 180), task(800, 90)] }), 10_000)).toBe(170)
  })

  test('from the first paint until the page was interactive', () => {
    expect(totalBlockingTime(aPage({ longTasks: [task(250, 150), task(8000, 500)] }), 5000)).toBe(50) // 100 ms of the first lie after the paint
    expect(totalBlockingTime(aPage({ firstPaint: null }), 5000)).toBeNull()
  })
})

describe('cumulative layout shift', () => {
  const shift = (start: number, value: number) => ({ start, value })
  test('0 for a page where nothing moved', () => {
    expect(cumulativeLayoutShift([])).toBe(0)
  })

  test('the sum of one burst; a pause of a second begins another', () => {
    expect(cumulativeLayoutShift([shift(100, 0.1), shift(1099, 0.05)])).toBeCloseTo(0.15)
    expect(cumulativeLayoutShift([shift(100, 0.1), shift(1100, 0.05)])).toBeCloseTo(0.1)
  })

  test('a burst lasts at most 5 s', () => {
    const steady = Array.from({ length: 12 }, (_, index) => shift(index * 900, 0.01))
    expect(cumulativeLayoutShift(steady)).toBeCloseTo(0.06) // at 0, 0.9 … 4.5 s
  })
})

test('the longest of few interactions counts, and none is no 0', () => {
  expect(interactionToNextPaint([24, 128, 16])).toBe(128)
  expect(interactionToNextPaint([])).toBeNull()
})
