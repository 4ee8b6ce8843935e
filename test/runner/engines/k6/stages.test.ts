import { describe, expect, test } from 'vitest'
import { dueTimes, lead } from '../../../../runner/engines/k6/due.ts'
import { stagesOf, ticksOf, timeUnit } from '../../../../runner/engines/k6/stages.ts'
import { arrivalsDue, dueAt, type Shape } from '../../../../scenarios/shape.ts'
import { constant, plateau, ramp, sequence, spike, staircase, step, viral } from '../../../../scenarios/shapes.ts'

const shapes: readonly (readonly [string, Shape])[] = [
  ['a constant rate', constant({ rate: '20/s', duration: '10s' })],
  ['a third of an arrival a second', constant({ rate: '20/m', duration: '1m' })],
  ['a rate without an end in decimals', constant({ rate: '1000/h', duration: '1h' })],
  ['an area that ends on a half', constant({ rate: '10.05/s', duration: '10s' })],
  ['an area that ends just below a half', constant({ rate: '10.04999/s', duration: '10s' })],
  ['a ramp from nothing', ramp({ from: '0/s', to: '80/s', duration: '3s' })],
  ['a plateau', plateau({ rate: '50/s', up: '2s', hold: '3s', down: '2s' })],
  ['a jump', step({ base: '5/s', to: '500/s', before: '2s', hold: '2s' })],
  ['a staircase of thirds', staircase({ from: '10/s', to: '20/s', steps: 4, hold: '700ms' })],
  ['a spike', spike({ base: '20/s', peak: '200/s' })],
  ['a viral peak', viral({ base: '7/s', factor: 13 })],
  ['a fall within a second', viral({ base: '1/s', factor: 100, before: '500ms', rise: '100ms', halfLife: '50ms', tail: '1s' })],
  ['a day and a half at full rate', constant({ rate: '200000/s', duration: '36h' })],
  ['pauses', sequence(constant({ rate: '9/s', duration: '1s' }), constant({ rate: '0/s', duration: '2s' }), constant({ rate: '9/s', duration: '1s' }))],
]

/** When k6 starts tick j, in milliseconds: its own formula and floating point. */
const tickTimes = ({ startRate, stages }: ReturnType<typeof stagesOf>, most: number): number[] => {
  const unit = timeUnit * 1e9
  let [from, area, start, tick] = [startRate / unit, 0, 0, 1]
  const times: number[] = []
  for (const { nanoseconds: d, target } of stages) {
    const to = target / unit
    const end = area + (from === to ? d * to : d * ((to - from) / 2 + from))
    for (; tick <= end && times.length < most; tick++) {
      const a = tick - area
      times.push((start + (from === to ? a / to : (from * d - Math.sqrt(d * (from * from * d + 2 * a * (to - from)))) / (from - to))) / 1e6)
    }
    ;[area, start, from] = [end, start + d, to]
  }
  return times
}

describe.each(shapes)('%s', (_, shape) => {
  const planned = arrivalsDue(shape)
  const stages = stagesOf(shape, planned)

  test('makes as many ticks as the shape plans arrivals', () => {
    expect(ticksOf(stages)).toBe(planned)
  })

  test('ticks when arrivals are due, one lead later', () => {
    const due = dueTimes(shape)
    for (const [n, time] of tickTimes(stages, 5000).entries()) {
      const expected = lead + 1000 * dueAt(shape, n)
      expect(due(n)).toBeCloseTo(expected, 5)
      // A fall is drawn in straight lines: some microseconds. Rates are rounded to a millionth: some more over hours, and at the very end of a ramp to nothing.
      expect(Math.abs(time - expected)).toBeLessThan(n === planned - 1 ? 5 : 0.1 + 1e-6 * time)
    }
  })
})

test('due times are found for numbers in any order, because users take arrivals in bursts', () => {
  const shape = spike({ base: '20/s', peak: '200/s' })
  const due = dueTimes(shape)
  for (const n of [0, 5000, 17, 9000, 600, 601]) expect(due(n)).toBeCloseTo(lead + 1000 * dueAt(shape, n), 6)
})
