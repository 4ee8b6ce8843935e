import { describe, expect, test } from 'vitest'
import type { Observation, Run, Series } from '../../../runner/run.ts'
import { illnessesOf, names, seconds, slow, step, well, withObservations } from '../../support/a-case.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const megabyte = 1e6
const statement = (subject: string, values: Observation['values']): Observation => ({ probe: 'postgres', kind: 'query', subject, values })

test('a healthy run has no illness', () => {
  const probes = [step('target.cpu', 'cores', 0.4, 0.5, 2), step('target.memory', 'bytes', 1e8, 1.05e8, 8e9), step('postgres.waiting_for_locks', 'count', 0, 0)]
  expect(names(well(probes))).toEqual([])
})

describe('what broke first has a name and a remedy', () => {
  test('lock contention, with the statement that changes rows', () => {
    const run = withObservations(slow([step('postgres.waiting_for_locks', 'count', 0, 18), step('postgres.longest_lock_wait', 'ms', 0, 700)]), [
      statement('update stock set left_over = $1', { calls: 900, total: 400_000, mean: 444, rows: 900, share: 0.98 }),
    ])
    const [illness] = illnessesOf(run)
    expect(illness?.illness).toBe('lock-contention')
    expect(illness?.evidence.join(' ')).toMatch(/At most 18 sessions waited at once, the longest for 700 ms.*update stock set left_over.*900 calls of 444 ms/)
  })

  test('CPU throttling, and not "CPU used up", with how idle the machine was', () => {
    const run = slow([step('app.cpu', 'cores', 0.05, 0.25, 0.25), step('app.throttled', 'ratio', 0, 0.9), step('host.cpu', 'cores', 0.3, 0.5, 2)])
    expect(names(run)).toEqual(['cpu-throttling'])
    expect(illnessesOf(run)[0]?.evidence.join(' ')).toMatch(/In 90 % of the quota's periods "app" was stopped.*75 % of the machine's CPU was idle/)
  })

  test('CPU used up where nothing is throttled', () => {
    expect(names(slow([step('app.cpu', 'cores', 0.4, 2, 2), step('app.throttled', 'ratio', 0, 0)]))).toEqual(['cpu-saturation'])
  })

  test("one thread used up where Node's loop is always busy, and how much is garbage is known then", () => {
    const loop = [step('node.event_loop', 'ratio', 0.3, 1, 1), step('node.collecting', 'ratio', 0.01, 0.03)]
    expect(illnessesOf(slow(loop))[0]).toMatchObject({ illness: 'cpu-saturation', name: 'One thread used up', evidence: [expect.any(String)] })
  })

  test('a used-up pool, with the rate it can give', () => {
    const pool = [step('postgres.connections', 'count', 3, 6, 97), step('postgres.active', 'count', 1, 5), step('postgres.idle_in_transaction', 'count', 0, 0)]
    const run = withObservations(slow(pool), [statement('select pg_sleep($1)', { calls: 1500, total: 75_000, mean: 50, rows: 1500, share: 0.99 })])
    expect(names(run)).toEqual(['connection-pool'])
    expect(illnessesOf(run)[0]?.evidence.join(' ')).toContain('5 connections give at most 100 such calls a second')
  })

  test('open files at their limit', () => {
    expect(names(slow([step('target.open_files', 'count', 25, 64, 64)]))).toEqual(['file-descriptors'])
  })
})

test('a missing index is named with the statement that creates it, before the pool that it fills', () => {
  const pool = [step('postgres.connections', 'count', 3, 6, 97), step('postgres.active', 'count', 1, 5), step('postgres.idle_in_transaction', 'count', 0, 0)]
  const run = withObservations(slow(pool), [
    statement('select id from orders where customer_id = $1', { calls: 1500, total: 90_000, mean: 60, rows: 1500, share: 0.97 }),
    {
      probe: 'postgres',
      kind: 'table',
      subject: 'public.orders',
      values: {
        scans: 1500,
        rows_scanned: 3e8,
        rows_per_scan: 200_000,
        index_scans: 0,
        index: 'CREATE INDEX CONCURRENTLY ON "public"."orders" ("customer_id");',
      },
    },
  ])
  const [illness, ...others] = illnessesOf(run)
  expect(illness).toMatchObject({ illness: 'missing-index', remedy: [expect.stringMatching(/^CREATE INDEX CONCURRENTLY/), expect.anything()] })
  expect(others).toEqual([])
})

describe('N+1', () => {
  const run = (calls: number, rows: number): Run =>
    withObservations(well([]), [statement('select name from items where order_id = $1', { calls, total: calls * 0.1, mean: 0.1, rows, share: 0.9 })])
  test('twenty calls a request of one row each', () => expect(names(run(60_000, 60_000))).toEqual(['n-plus-one']))
  test('one call a request of twenty rows is none', () => expect(names(run(3000, 60_000))).toEqual([]))
})

describe('memory', () => {
  const memory = (value: (at: number) => number, limit: number | null = 256 * megabyte): Series => aSeries('app.memory', 'bytes', seconds, value, limit)
  const sawtooth = (at: number): number => ((at * 13) % 9) * megabyte

  test('that grows by 3 MB a second under an even load leaks, with the time until it is used up as a range', () => {
    const [illness] = illnessesOf(well([memory((at) => 60 * megabyte + 3 * megabyte * at + sawtooth(at))]))
    expect(illness).toMatchObject({ illness: 'memory-leak', name: 'Memory grows (a leak is suspected)' })
    expect(illness?.evidence.join(' ')).toMatch(/grew by 1[78]\d MB a minute \[.*\].*its limit of 256 MB is reached in \d+ s, between \d+ s and \d+ s/)
  })

  test('two signs are a leak', () => {
    const grows = (at: number): number => 60 * megabyte + 3 * megabyte * at
    expect(illnessesOf(well([memory(grows), aSeries('target.memory', 'bytes', seconds, grows)]))[0]?.name).toBe('Memory leak')
  })

  test('that settles does not leak', () => {
    expect(names(well([memory((at) => 200 * megabyte * (1 - Math.exp(-at / 12)) + sawtooth(at))]))).toEqual([])
  })

  test('that rises and falls does not leak', () => {
    expect(names(well([memory((at) => 100 * megabyte + 10 * sawtooth(at))]))).toEqual([])
  })

  test('that follows a growing load does not leak', () => {
    const run = aRun({ shape: holds([20, 15], [40, 15], [60, 15], [80, 15]), probes: [memory((at) => (60 + 45 * Math.floor(at / 15)) * megabyte)] })
    expect(names(run)).toEqual([])
  })

  test('of which the kernel killed a process is named first', () => {
    const kills = aSeries('app.oom_kills', 'count', seconds, (at) => (at === 50 ? 1 : 0))
    expect(names(well([memory((at) => Math.min(255, 60 + 4 * at) * megabyte), kills]))[0]).toBe('out-of-memory')
  })
})

describe('requests turned away', () => {
  test('429 is a limit, and the figures are its', () => {
    const [illness] = illnessesOf(well([], { errors: { 'HTTP 429': 300 } }))
    expect(illness?.evidence[0]).toBe('300 of 3,000 requests (10 %) were turned away: 300 with 429, 0 with 403.')
  })
  test('403 to everything asks for a password', () => expect(names(well([], { errors: { 'HTTP 403': 3000 } }))).toEqual([]))
  test('a few among thousands are none', () => expect(names(well([], { errors: { 'HTTP 429': 9 } }))).toEqual([]))
})

test('every illness says what to do and how to see that it helped', () => {
  for (const { remedy, confirm } of illnessesOf(slow([step('target.open_files', 'count', 25, 64, 64)]))) {
    expect(remedy.length).toBeGreaterThan(0)
    expect(confirm).toMatch(/^perf run/)
  }
})
