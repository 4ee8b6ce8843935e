import { describe, expect, test } from 'vitest'
import { Recorder } from '../../../../runner/engines/embedded/recorder.ts'
import { type SecondPart, Timeline, totalOf } from '../../../../runner/timeline.ts'

const recording = () => {
  const clock = { now: 0 }
  const parts: SecondPart[] = []
  const recorder = new Recorder(
    () => clock.now,
    (part) => parts.push(part),
    () => ({ received: 0, sent: 0 }),
  )
  recorder.open(0)
  const request = (name: string, at: number, failure?: 'timeout', tags?: Record<string, string>) =>
    recorder.requestEnded({ endpoint: recorder.endpoint(name), status: failure ? 0 : 200, failure, responseTime: 5, serviceTime: 4, setupTime: 1, tags }, at)
  const timeline = () => {
    const told = new Timeline()
    for (const part of parts) told.add(part)
    return told.seconds()
  }
  return { clock, recorder, parts, request, timeline }
}

test('an event belongs to the second in which it comes', () => {
  const { recorder, request, timeline } = recording()
  request('GET /', 10)
  request('GET /', 999.9)
  request('GET /', 1000)
  recorder.close()
  expect(timeline().map((second) => second.cells.reduce((sum, cell) => sum + cell.count, 0))).toEqual([2, 1])
})

test('an arrival is planned in the second in which it is due, and started in the one in which it starts', () => {
  const { recorder, timeline } = recording()
  recorder.arrivalStarted(990, 1010)
  recorder.arrivalDropped(995)
  recorder.close()
  expect(timeline().map(({ planned, started, dropped }) => ({ planned, started, dropped }))).toEqual([
    { planned: 2, started: 0, dropped: 1 },
    { planned: 0, started: 1, dropped: 0 },
  ])
})

test('users at work count in every second that they work in', () => {
  const { recorder, timeline } = recording()
  recorder.arrivalStarted(0, 0)
  recorder.arrivalStarted(0, 0)
  recorder.roll(1500)
  recorder.iterationEnded({ journey: 'a', time: 1, held: 1, threw: false, isUnavailable: false }, 2500)
  recorder.roll(3500)
  recorder.close()
  expect(timeline().map(({ users }) => users)).toEqual([2, 2, 2, 1])
})

test('a journey that threw has no journey time but counts as completed', () => {
  const { recorder, timeline } = recording()
  recorder.iterationEnded({ journey: 'a', time: 7, held: 7, threw: true, isUnavailable: true }, 10)
  recorder.iterationEnded({ journey: 'a', time: 9, held: 9, threw: false, isUnavailable: false }, 10)
  recorder.close()
  const [second] = timeline()
  expect(second?.iterations).toEqual({ completed: 2, failed: 1, interrupted: 0, unavailable: 1 })
  expect(second?.journeyTime.a).toMatchObject({ count: 1, max: 9 })
})

describe('bounds', () => {
  test('endpoints without end are counted together, and that is known', () => {
    const { recorder, request, timeline } = recording()
    for (let n = 0; n < 1000; n++) request(`GET /${n % 10}/${n}`, 10)
    recorder.close()
    const { cells } = totalOf(timeline())
    expect(cells).toHaveLength(401)
    expect(cells.find((cell) => cell.endpoint === '* (other)')?.count).toBe(600)
    expect(recorder.names.folded).toEqual({ '* (other)': 600 })
  })

  test('tag values without end are counted together', () => {
    const { recorder, request, timeline } = recording()
    for (let n = 0; n < 500; n++) request('GET /', 10, undefined, { id: String(n) })
    recorder.close()
    const { metrics } = totalOf(timeline())
    expect(Object.keys(metrics)).toHaveLength(201)
    expect(metrics['requests{id=(other)}']).toEqual({ kind: 'counter', sum: 300 })
  })
})

test('outside the load nothing is recorded but how many requests there were', () => {
  const { recorder, parts, request } = recording()
  recorder.close()
  parts.length = 0
  request('GET /', 10)
  recorder.check('a', true)
  recorder.count('b', 1)
  recorder.cut()
  expect(parts).toEqual([])
  expect(recorder.outsideLoad).toBe(1)
})
