import { describe, expect, test } from 'vitest'
import { openLines } from '../../../../budgets/advice/scaling/lines.ts'
import type { ScalingPolicy } from '../../../../budgets/advice/scaling/policy.ts'
import { simulate } from '../../../../budgets/advice/scaling/simulate.ts'

const longest = (waits: readonly number[]): number => waits.reduce((most, wait) => Math.max(most, wait), 0)

const onceAt = (lag: number, to: number): ScalingPolicy => ({
  name: 'once',
  period: 60,
  publication: 0,
  bounds: { minimum: 1, maximum: 1000 },
  scalesIn: true,
  start:
    () =>
    ({ now }) =>
      now === lag ? to : undefined,
})
const spike = (seconds: number): number[] => Array<number>(seconds).fill(2000)

// science.md §11, the right half of its table: 100/s each, 2,000/s, 240 s until there are more.
describe('a line per instance after a fixed lag of 240 s', () => {
  test.each([
    [14, 22, 102.9, 1371],
    [14, 25, 102.9, 754],
    [14, 30, 102.9, 549],
    [17, 22, 42.4, 706],
    [17, 25, 42.4, 452],
    [17, 30, 42.4, 367],
  ])('%i to %i instances', (from, to, wait, recovery) => {
    const fleet = { instances: from, capacity: 100, startUp: 0, lines: 'per-instance' } as const
    const found = simulate(spike(1600), fleet, onceAt(240, to))
    expect(longest(found.waits)).toBeGreaterThan(wait - 1.5)
    expect(longest(found.waits)).toBeLessThan(wait + 1.5)
    expect(Math.abs((found.emptyAt ?? 0) - recovery)).toBeLessThanOrEqual(1)
    const shared = simulate(spike(1600), { ...fleet, lines: 'shared' }, onceAt(240, to))
    expect(longest(shared.waits)).toBeLessThan(longest(found.waits))
  })
})

describe('whoever waits', () => {
  test('what came in was served or waits, in lines of their own too, while instances come and go', () => {
    const changes: ScalingPolicy = {
      ...onceAt(0, 0),
      start:
        () =>
        ({ now }) =>
          [undefined, 12, undefined, 30, 6][Math.floor(now / 20) % 5],
    }
    const offered = Array.from({ length: 400 }, (_, at) => 800 + 600 * Math.sin(at / 17))
    const { seconds } = simulate(offered, { instances: 10, capacity: 100, startUp: 7, lines: 'per-instance' }, changes)
    let before = 0
    for (const { offered: came, served, backlog } of seconds) {
      expect(before + came - served).toBeCloseTo(backlog, 6)
      before = backlog
    }
  })

  test('at an instance that leaves is served there still', () => {
    const lines = openLines('per-instance', 10)
    lines.resize(2, 0)
    lines.pass(60)
    lines.resize(1, 1)
    expect(lines.pass(0)).toMatchObject({ served: 20, backlog: 20, use: 1 })
    expect(lines.pass(0)).toMatchObject({ served: 20, backlog: 0 })
    expect(lines.pass(5)).toMatchObject({ served: 5, backlog: 0, use: 0.5 })
  })

  test('all requests are in the waits, once', () => {
    const { waited } = simulate(spike(300), { instances: 10, capacity: 100, startUp: 0, lines: 'per-instance' }, onceAt(60, 40))
    expect(waited.reduce((sum, { requests }) => sum + requests, 0)).toBeCloseTo(600_000, 3)
  })

  test('nobody does without overload', () => {
    expect(longest(simulate(spike(120), { instances: 20, capacity: 100, startUp: 0, lines: 'per-instance' }, onceAt(60, 25)).waits)).toBe(0)
  })
})
