import { describe, expect, test } from 'vitest'
import { attribute } from '../../../budgets/attribution/attribute.ts'
import type { Observation, Series } from '../../../runner/run.ts'
import { aRun, holds, type RunFacts } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

/** 40 s at 20/s, then 20 s at 80/s, in which answers take 800 ms. */
const seconds = 60
const breaks = 40
const slow = (probes: readonly Series[], facts: RunFacts = {}) =>
  aRun({ shape: holds([20, breaks], [80, seconds - breaks]), latency: ({ t }) => (t < breaks ? 20 : 800), probes, ...facts })
const series = (name: string, unit: string, before: number, after: number, limit: number | null = null, from = breaks): Series =>
  // A little uneven, as readings are.
  aSeries(name, unit, seconds, (at) => (at < from ? before * (1 + 0.04 * ((at * 7) % 5)) : after), limit)
const causeOf = (probes: readonly Series[], facts?: RunFacts): string => {
  const found = attribute(slow(probes, facts), [])
  return found.state === 'named' ? found.cause.name : found.state
}

describe('nothing is named where nothing broke', () => {
  test('a full resource that nobody feels is no cause', () => {
    const run = aRun({ seconds, latency: 20, probes: [series('target.cpu', 'cores', 0.5, 2, 2)] })
    expect(attribute(run, []).state).toBe('normal')
  })

  test('an INVALID run shows nothing of the target', () => {
    const found = attribute(slow([series('target.cpu', 'cores', 0.5, 2, 2)], { validity: 'INVALID' }), [])
    expect(found).toMatchObject({ state: 'declined', because: expect.stringContaining('INVALID') })
  })

  test('without a probe it says which one to add', () => {
    expect(attribute(slow([series('generator.cpu', 'cores', 0.5, 2, 2)]), [])).toMatchObject({
      state: 'declined',
      because: expect.stringContaining('no probe watched the target'),
    })
  })
})

describe('the moment', () => {
  test('is the second in which response time left its normal', () => {
    expect(attribute(slow([]), []).breach).toMatchObject({
      at: breaks,
      because: expect.stringMatching(/^At 80\/s arrivals p95 of response time left its normal at 0:40 \(\d\d:\d\d:40 UTC\): 20 ms before, up to 80\d ms/),
    })
  })

  test('a hiccup of a second is none', () => {
    const run = aRun({ seconds, rate: 20, latency: ({ t }) => (t >= 45 && t < 46 ? 800 : 20) })
    expect(attribute(run, []).state).toBe('normal')
  })

  test('a cold start that passed is none where something breaks later, of whichever kind', () => {
    const cold = (later: (t: number, n: number) => number | 'HTTP 500') =>
      attribute(aRun({ seconds, rate: 20, answer: ({ t, n }) => (t < 6 ? 400 : later(t, n)) }), []).breach
    expect(cold((t) => (t < 45 ? 20 : 800))).toMatchObject({ at: 45, felt: 'slow' })
    expect(cold((t, n) => (t >= 45 && n % 3 === 0 ? 'HTTP 500' : 20))).toMatchObject({ at: 45, felt: 'failed' })
    expect(cold(() => 20)).toMatchObject({ at: 0, felt: 'slow' })
  })

  test('errors count as well as slow answers', () => {
    const run = aRun({ seconds, rate: 20, answer: ({ t, n }) => (t >= 45 && n % 3 === 0 ? 'HTTP 500' : 20) })
    expect(attribute(run, []).breach).toMatchObject({ at: 45, because: expect.stringContaining('the error rate left its normal') })
  })
})

test('requests that were turned away have no cause in the target', () => {
  const run = aRun({
    seconds,
    rate: 20,
    answer: ({ t, n }) => (t >= 45 && n % 3 === 0 ? 'HTTP 429' : 20),
    probes: [series('app.cpu', 'cores', 0.05, 0.25, 0.25)],
  })
  expect(attribute(run, [])).toMatchObject({ state: 'declined', because: expect.stringContaining('somebody limits the rate') })
})

describe('first a limit that was reached', () => {
  test('and its evidence is told: normal, limit, moment', () => {
    const found = attribute(slow([series('app.cpu', 'cores', 0.05, 0.25, 0.25, 39)]), [])
    expect(found).toMatchObject({ state: 'named', confidence: 'high', cause: { name: 'app.cpu', kind: 'limit', onset: 39, limit: 0.25 } })
    expect(found.because).toMatch(
      /app\.cpu reached 0\.25 cores of 0\.25 cores \(100 %\), where 0\.0\d+ cores was normal; above 90 % since 0:39, within a second of the trouble/,
    )
  })

  test('the earlier of two, and not the one that was farther from its normal', () => {
    expect(causeOf([series('target.memory', 'bytes', 1e8, 1e10, 1e10), series('app.cpu', 'cores', 0.2, 0.25, 0.25, 32)])).toBe('app.cpu')
  })

  test('one that was full all along is none', () => {
    expect(causeOf([series('host.memory', 'bytes', 9.5e9, 9.8e9, 1e10), series('app.cpu', 'cores', 0.05, 0.25, 0.25)])).toBe('app.cpu')
    expect(causeOf([aSeries('host.memory', 'bytes', seconds, () => 9.5e9, 1e10)])).not.toBe('host.memory')
  })

  test('one that was full most of the time, with pauses, is none either', () => {
    const busy = aSeries('host.cpu', 'cores', seconds, (at) => (at % 10 === 8 ? 1.5 : 1.92), 2)
    expect(causeOf([busy, series('app.cpu', 'cores', 0.05, 0.25, 0.25)])).toBe('app.cpu')
    expect(causeOf([busy])).not.toBe('host.cpu')
  })

  test("the machine's cores, kept busy by others, are not why requests fail at once", () => {
    const machine = (waiting: number): Series[] => [
      series('host.cpu', 'cores', 1.2, 2, 2, 38),
      series('host.steal', 'cores', 0, 0),
      series('target.waiting_for_cpu', 'cores', 0.01, waiting),
      series('host.inodes.var', 'count', 900, 2000, 2000, 39),
    ]
    const failing = (waiting: number) => slow(machine(waiting), { answer: ({ t }) => (t < breaks ? 20 : 'HTTP 500') })
    expect(attribute(failing(0.05), [])).toMatchObject({ state: 'named', cause: { name: 'host.inodes.var' } })
    expect(attribute(failing(0.9), [])).toMatchObject({ state: 'named', cause: { name: 'host.cpu' } })
  })

  test('one that filled up after the trouble is none', () => {
    expect(causeOf([series('app.cpu', 'cores', 0.05, 0.25, 0.25, 52)])).not.toBe('app.cpu')
  })
})

test('an instance that becomes slower than those beside it is named before what piles up in front of it; all together are not', () => {
  const inFront = [series('nginx.writing', 'count', 1, 5), series('nginx.open_files', 'count', 20, 25, 1024)]
  const instances = (first: number): Series[] => [
    series('shop-1.response_time', 'ms', 10, first),
    series('shop-2.response_time', 'ms', 10, 300),
    series('shop-3.response_time', 'ms', 10, first),
  ]
  const even = { shape: holds([20, seconds]) }
  expect(causeOf([...inFront, ...instances(11)], even)).toBe('shop-2.response_time beyond its peers')
  expect(causeOf([...inFront, ...instances(300)], even)).not.toContain('shop-')
})

test('sockets of requests that take long, far below their limit, are not why they do', () => {
  expect(causeOf([series('target.open_files', 'count', 25, 64, 20_000)], { shape: holds([20, seconds]) })).toBe('unclear')
})

test('waiting for a core grows with the load, and is none that began', () => {
  const queue = series('nginx.connections', 'count', 8, 2000)
  expect(causeOf([series('target.waiting_for_cpu', 'cores', 0.1, 0.5), queue])).toBe('nginx.connections')
})

describe('waiting that began', () => {
  test('locks come before the pool that they fill', () => {
    const probes = [
      series('postgres.connections', 'count', 3, 21, 97),
      series('postgres.active', 'count', 1, 20),
      series('postgres.idle_in_transaction', 'count', 0, 0),
      series('postgres.waiting_for_locks', 'count', 0, 18),
    ]
    expect(causeOf(probes)).toBe('postgres.waiting_for_locks')
  })

  test('a core that was waited for in two of the readings that follow is an accident', () => {
    const waiting = (until: number): Series => aSeries('target.waiting_for_cpu', 'cores', seconds, (at) => (at >= breaks - 1 && at < until ? 0.8 : 0.02))
    expect(causeOf([waiting(breaks + 1)])).not.toBe('target.waiting_for_cpu')
    expect(causeOf([waiting(seconds)])).toBe('target.waiting_for_cpu')
  })

  test('sessions that were always waiting are no news', () => {
    expect(causeOf([series('postgres.waiting_for_locks', 'count', 3, 3)])).not.toBe('postgres.waiting_for_locks')
  })
})

describe('limits that nobody states', () => {
  const pool = (inUse: number, open = 6): Series[] => [
    series('postgres.connections', 'count', 3, open, 97),
    series('postgres.active', 'count', 1, inUse),
    series('postgres.idle_in_transaction', 'count', 0, 0),
    series('postgres.waiting_for_locks', 'count', 0, 0),
  ]

  test('a pool whose connections are all in use, told with what its size is concluded from', () => {
    const found = attribute(slow(pool(5)), [])
    expect(found).toMatchObject({ state: 'named', confidence: 'medium', cause: { name: 'postgres.pool', limit: 5 } })
    expect(found.because).toContain('the application opened 5 and never more, while the server would have allowed 97')
  })

  test('a pool with connections to spare is none', () => {
    expect(causeOf(pool(2))).not.toBe('postgres.pool')
  })

  test('one thread of a machine with four cores', () => {
    const found = attribute(slow([series('target.cpu', 'cores', 0.2, 0.99, 4), aSeries('target.processes', 'count', seconds, () => 1)]), [])
    expect(found).toMatchObject({ state: 'named', cause: { name: 'target.cpu of one thread', limit: 1 } })
  })

  test('a process that has used two cores is not of one thread', () => {
    const busy = aSeries('target.cpu', 'cores', seconds, (at) => (at < breaks ? 0.2 : at === 45 ? 2 : 0.99), 4)
    expect(causeOf([busy, aSeries('target.processes', 'count', seconds, () => 1)])).not.toContain('one thread')
  })
})

describe('the distance from what the load explains', () => {
  test('four times the load explains four times the value', () => {
    expect(attribute(slow([series('redis.memory', 'bytes', 1e8, 4e8)]), [])).toMatchObject({
      state: 'unclear',
      because: expect.stringMatching(/^No single cause stands out/),
    })
  })

  test('what goes far beyond it is named, with what was explained and that no limit is known', () => {
    const found = attribute(slow([series('redis.cache_hit', 'ratio', 0.9, 0.1), series('target.memory', 'bytes', 1e8, 1.1e8, 8e9)]), [])
    expect(found).toMatchObject({ state: 'named', cause: { name: 'redis.cache_hit', kind: 'deviation' } })
    expect(found.because).toMatch(/spreads outside, since 0:40\. Its limit is not known/)
  })

  test('two services that moved alike: no single cause stands out, and both are told', () => {
    const found = attribute(slow([series('redis.cache_hit', 'ratio', 0.9, 0.1), series('mysql.cache_hit', 'ratio', 0.9, 0.1)]), [])
    expect(found).toMatchObject({ state: 'unclear', because: expect.stringMatching(/^No single cause stands out: redis\.cache_hit [\d.]+, mysql\.cache_hit/) })
  })

  test('nothing is ranked after fewer than 30 readings', () => {
    const late = aSeries('redis.cache_hit', 'ratio', seconds, (at) => (at < 20 ? null : at < breaks ? 0.9 : 0.1))
    expect(attribute(slow([late]), [])).toMatchObject({
      state: 'declined',
      because: expect.stringContaining('no ranking, because 18 readings came before it and 30 are needed'),
    })
  })
})

test('a run that was slow from its first second has its full resource named without a baseline', () => {
  const run = aRun({ seconds, rate: 50, latency: 900, probes: [aSeries('app.cpu', 'cores', seconds, () => 0.25, 0.25)] })
  const exceeded = {
    budget: { name: 'API', metric: 'response_time', limit: { is: 'at_most' as const, value: 200 }, level: 'error' as const, file: '' },
    unit: 'ms' as const,
    status: 'exceeded' as const,
    observed: 900,
    headroom: -3.5,
    because: '',
    firstAt: 0,
  }
  expect(attribute(run, [exceeded])).toMatchObject({ state: 'named', cause: { name: 'app.cpu', baseline: null } })
})

test('a warm-up is no normal: what happened in it is not looked at', () => {
  const run = aRun({ seconds, rate: 20, warmUp: 10, latency: ({ t }) => (t < 8 ? 900 : 20), probes: [series('app.cpu', 'cores', 0.05, 0.05, 0.25)] })
  expect(attribute(run, []).state).toBe('normal')
})

describe('the machine that perf runs on', () => {
  const host = (cpu: number, own: number): Series[] => [
    series('host.cpu', 'cores', 0.3 + own, cpu, 2),
    series('host.busiest_core', 'ratio', 0.3, 0.9, 1),
    aSeries('generator.cpu', 'cores', seconds, () => own, 2),
  ]

  test("what perf used itself is not the target's, and was not to be had by it", () => {
    const found = attribute(slow(host(1.98, 0.5)), [])
    expect(found).toMatchObject({ state: 'named', confidence: 'medium', cause: { name: 'host.cpu', limit: 1.5 } })
    expect(found.because).toContain("perf itself used 0.5 cores of the machine's 2 cores, which are left out on both sides")
    expect(causeOf(host(1.4, 1))).not.toBe('host.cpu')
  })

  test('says nothing of a target at a public address', () => {
    const run = slow(host(1.98, 0.1))
    expect(attribute({ ...run, target: { ...run.target, addresses: ['203.0.113.9'] } }, []).state).toBe('named')
    expect(attribute({ ...run, target: { ...run.target, addresses: ['93.184.215.14'] } }, [])).toMatchObject({
      state: 'declined',
      because: expect.stringContaining('no probe watched the target'),
    })
  })
})

describe('statements', () => {
  const stretch = (from: number, calls: number, mean: number) => ({ from, until: from + 10, calls, total: calls * mean })
  const query = (means: readonly (readonly [calls: number, mean: number])[]): Observation => ({
    probe: 'postgres',
    kind: 'query',
    subject: 'select * from orders where customer_id = $1',
    values: { calls: 1000, total: 30_000, mean: 30, share: 0.999998 },
    history: means.map(([calls, mean], index) => stretch(index * 10, calls, mean)),
  })
  const table: Observation = {
    probe: 'postgres',
    kind: 'table',
    subject: 'public.orders',
    values: { scans: 900, rows_per_scan: 300_000, index: 'CREATE INDEX CONCURRENTLY ON "public"."orders" ("customer_id");' },
  }
  const watched = [series('postgres.waiting_for_locks', 'count', 0, 0)]
  const calm = [50, 4] as const
  const heavy = [1200, 40] as const

  test('one without an index has a moment where its counts were looked at', () => {
    const run = { ...slow(watched), observations: [query([calm, calm, calm, calm, heavy, heavy]), table] }
    const found = attribute(run, [])
    expect(found).toMatchObject({ state: 'named', confidence: 'medium', cause: { kind: 'statement', onset: 40, baseline: 4, atBreach: 40 } })
    expect(found.because).toContain("took more than 99 % of the database's time")
    expect(found.because).toContain(
      'It began between 0:40 and 0:50: 4.8 sessions were busy with it on average, where 0.02 was normal, 40 ms a call where 4 ms was normal.',
    )
  })

  test('and comes before the CPU that it fills in the same seconds', () => {
    const run = { ...slow([series('db.cpu', 'cores', 0.2, 2, 2, 41)]), observations: [query([calm, calm, calm, calm, heavy, heavy]), table] }
    expect(attribute(run, [])).toMatchObject({ cause: { kind: 'statement' }, others: [{ name: 'db.cpu' }] })
  })

  test('one that only got slower is named where nothing was full or waiting, and not before what was', () => {
    const observations = [query([calm, calm, calm, calm, heavy, heavy])]
    expect(attribute({ ...slow(watched), observations }, [])).toMatchObject({ state: 'named', confidence: 'medium', cause: { kind: 'statement' } })
    const locked = { ...slow([series('postgres.waiting_for_locks', 'count', 0, 18)]), observations }
    expect(attribute(locked, [])).toMatchObject({ cause: { name: 'postgres.waiting_for_locks' }, others: [{ kind: 'statement' }] })
  })

  test('one that is called more often and takes no longer is no cause', () => {
    const run = { ...slow(watched), observations: [query([calm, calm, calm, calm, [1200, 4], [1200, 4]])] }
    expect(attribute(run, []).state).not.toBe('named')
  })
})

test('a target that changed while load ran is told before other reasons not to believe the run', () => {
  const reasons = [
    { code: 'lag', text: 'The generator was late.' },
    { code: 'target-changed', text: 'By 0:40 another target answered than before the load.' },
  ]
  const run = slow([series('app.cpu', 'cores', 0.05, 0.25, 0.25)], { validity: { state: 'INVALID', reasons } })
  expect(attribute(run, [])).toMatchObject({ state: 'declined', because: expect.stringContaining('By 0:40 another target answered') })
})
