import { describe, expect, test } from 'vitest'
import { type HeldTrigger, heldTriggers } from '../../budgets/held-triggers.ts'
import { readScalingTriggers } from '../../budgets/read.ts'
import type { Run } from '../../runner/run.ts'
import { aRun } from '../support/a-run.ts'
import { aSeries } from '../support/a-series.ts'

const shipped = await readScalingTriggers()
const long = 900
const watched: NonNullable<Run['watched']> = [
  { name: 'app', kind: 'process', readings: long, missed: 0 },
  { name: 'db', kind: 'postgres', readings: long, missed: 0 },
  { name: 'jobs', kind: 'rabbitmq', readings: long, missed: 0 },
]
/** Slow from 600 s on; CPU busy from 200 s on; connections leap at 590 s; errors at 700 s. */
const ill = (facts: Partial<Run> = {}): Run => ({
  ...aRun({
    rate: 20,
    seconds: long,
    answer: ({ n, t }) => (t >= 700 && n % 20 === 0 ? 'HTTP 503' : t >= 600 ? 1500 : 20),
    probes: [
      aSeries('app.cpu', 'cores', long, (at) => (at < 200 ? 0.5 : 0.9), 1),
      aSeries('app.memory', 'bytes', long, () => 4e8, 1e9),
      aSeries('db.connections', 'count', long, (at) => (at < 590 ? 10 : 85), 100),
      aSeries('jobs.depth.mails', 'count', long, (at) => (at >= 300 && at < 330 ? 1200 : 5)),
    ],
  }),
  watched,
  ...facts,
})
const held = (run: Run, breach?: number): Record<string, HeldTrigger> => Object.fromEntries(heldTriggers(run, shipped, breach).map((each) => [each.name, each]))

describe('shipped triggers held against a run that becomes ill at 10:00', () => {
  const all = held(ill(), 600)

  test('CPU fires after its five minutes, and is told to be before users felt it', () => {
    expect(all.CPU).toMatchObject({ state: 'fired', metric: 'app.cpu.saturation', at: 499, before: 101, seconds: 400 })
    expect(all.CPU?.because).toBe(
      'CPU: app.cpu.saturation above 70 % for 5 min fired at 8:19, 1.7 min before users felt it (10:00), and was on for 6.7 min; at most it was 90 %.',
    )
  })

  test('what fires as soon as it is seen does so with its first reading', () => {
    expect(all['database connections']).toMatchObject({ state: 'fired', at: 590, before: 10 })
    expect(all['queue depth']).toMatchObject({ state: 'fired', at: 300, metric: 'jobs.depth.mails' })
  })

  test('a trigger on what users feel comes after they felt it', () => {
    expect(all['response time']?.state).toBe('fired')
    expect(all['response time']?.before).toBeLessThanOrEqual(0)
    expect(all['response time']?.before).toBeGreaterThanOrEqual(-20)
    expect(all['error rate']?.at).toBeGreaterThanOrEqual(700)
    expect(all['error rate']?.because).toMatch(/after users felt it \(10:00\)/)
  })

  test('what stayed below says how high it came', () => {
    expect(all.memory).toMatchObject({ state: 'quiet', at: null, because: 'memory: app.memory.saturation was never above 85 %, at most 40 %.' })
  })

  test('those that fired come first, the earliest before the others', () => {
    expect(heldTriggers(ill(), shipped, 600).map(({ name }) => name)).toEqual([
      'queue depth',
      'CPU',
      'database connections',
      'response time',
      'error rate',
      'memory',
    ])
  })
})

test('where users felt nothing, a trigger that fired says so', () => {
  expect(held(ill()).CPU).toMatchObject({ state: 'fired', before: null, because: expect.stringContaining('users felt nothing') })
})

test('five minutes can’t be told from a run of one', () => {
  const short = aRun({ seconds: 60, probes: [aSeries('app.cpu', 'cores', 60, () => 0.9, 1)] })
  expect(held({ ...short, watched }).CPU).toMatchObject({
    state: 'unknown',
    because: expect.stringMatching(/and 5 min are needed; it still was as the run ended/),
  })
})

test('a minute above in a long run is no five minutes', () => {
  const run = aRun({ seconds: 900, rate: 2, probes: [aSeries('app.cpu', 'cores', 900, (at) => (at >= 100 && at < 160 ? 0.9 : 0.1), 1)] })
  expect(held({ ...run, watched }).CPU).toMatchObject({
    state: 'quiet',
    because: 'CPU: app.cpu.saturation was above 70 % for 60 s at most, and 5 min are needed.',
  })
})

test('what nobody watched is unknown, never quiet', () => {
  const all = held(aRun({ seconds: 60 }))
  expect(all.CPU).toMatchObject({ state: 'unknown', because: expect.stringContaining('nothing in this run watched it') })
  expect(all['database connections']?.state).toBe('unknown')
  expect(all['response time']?.state).toBe('quiet')
})

test('two databases are held each by itself', () => {
  const probes = ['a', 'b'].map((name, at) => aSeries(`${name}.connections`, 'count', 60, () => 50 + 40 * at, 100))
  const run = { ...aRun({ seconds: 60, probes }), watched: ['a', 'b'].map((name) => ({ name, kind: 'postgres', readings: 60, missed: 0 })) }
  expect(heldTriggers(run, shipped, undefined).flatMap(({ name, metric, state }) => (name === 'database connections' ? [[metric, state]] : []))).toEqual([
    ['b.connections.saturation', 'fired'],
    ['a.connections.saturation', 'quiet'],
  ])
})

test('a warm-up counts in no trigger', () => {
  const run = aRun({ seconds: 120, warmUp: 60, probes: [aSeries('app.memory', 'bytes', 120, (at) => (at < 50 ? 9e8 : 1e8), 1e9)] })
  expect(held({ ...run, watched }).memory).toMatchObject({ state: 'quiet' })
})
