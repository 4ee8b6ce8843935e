import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ProbeEntry } from '../../../runner/probe-record.ts'
import type { Probe, Sample } from '../../../runner/probes/probe.ts'
import { Watch } from '../../../runner/probes/watch.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const sample = (value: number | null, name = 'pool.used'): Sample => ({ name, unit: 'connections', limit: 10, value })

/** A probe whose n-th reading does what it is told. */
const aProbe = (read: (reading: number) => Promise<readonly Sample[]>, changes: Partial<Probe> = {}): Probe => {
  let readings = 0
  return { name: 'pool', every: 1, start: async () => {}, read: () => read(readings++), stop: async () => ({}), ...changes }
}

/** @param seconds of load */
const watched = async (probes: readonly Probe[], seconds: number) => {
  const watch = new Watch(probes, () => Date.now())
  watch.start()
  await vi.advanceTimersByTimeAsync(10)
  watch.begin(50) // as engines do, a moment ahead
  await vi.advanceTimersByTimeAsync(seconds * 1000 + 60)
  const ended = watch.end()
  await vi.advanceTimersByTimeAsync(5000)
  await ended
  return watch.seen
}

test('a probe is read at the start and at each second, with its limit', async () => {
  const { series, caveats } = await watched([aProbe(async (reading) => [sample(reading / 3)])], 3)
  expect(series).toEqual([{ name: 'pool.used', unit: 'connections', limit: 10, at: [0, 1, 2, 3], values: [0, 0.333333, 0.666667, 1] }])
  expect(caveats).toEqual([])
})

test('a probe that costs more is read less often', async () => {
  const { series } = await watched([aProbe(async () => [sample(1)], { every: 10 })], 25)
  expect(series[0]?.at).toEqual([0, 10, 20])
})

describe('what a probe must see before the load', () => {
  const preparing = (most: number, look: (signal: AbortSignal) => Promise<void>) => aProbe(async () => [], { beforeLoad: { most, look } })
  const waited = async (probe: Probe, stop = new AbortController().signal): Promise<number> => {
    const watch = new Watch([probe], () => Date.now())
    watch.start()
    const from = Date.now()
    let until = Number.NaN
    const over = watch.beforeLoad(stop).then(() => {
      until = Date.now()
    })
    await vi.advanceTimersByTimeAsync(60_000)
    await over
    await watch.end()
    return until - from
  }
  const lasting = (milliseconds: number) => () => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

  test('is waited for, and no longer than it said', async () => {
    expect(await waited(preparing(10, lasting(3000)))).toBe(3000)
    expect(await waited(preparing(10, lasting(50_000)))).toBe(10_000)
  })

  test('comes after its start, and not at all when that failed or nobody waits any more', async () => {
    const seen: string[] = []
    const look = async () => void seen.push('look')
    const start = async () => {
      await lasting(500)()
      seen.push('start')
    }
    expect(await waited({ ...preparing(10, look), start })).toBe(500)
    expect(await waited({ ...preparing(10, look), start: () => Promise.reject(new Error('no browser')) })).toBe(0)
    await waited(preparing(10, look), AbortSignal.abort())
    expect(seen).toEqual(['start', 'look'])
  })
})

test('series that know their own moments, files and observations are handed on', async () => {
  const series = { name: 'pool.page', unit: 'ms', limit: null, at: [0.4, 5.1], values: [120, null] }
  const files = [{ path: 'pages/a.png', content: new Uint8Array([1]) }]
  const watch = new Watch([aProbe(async () => [], { stop: async () => ({ series: [series], files }) })], () => Date.now())
  watch.start()
  await watch.end()
  expect(watch.seen).toMatchObject({ series: [series], files })
})

describe('a probe that fails never fails the run', () => {
  test('a reading that failed is a gap, and a caveat says when and why', async () => {
    const refuse = async (reading: number) => {
      if (reading === 2) throw new Error('permission denied for pg_stat_activity')
      return [sample(reading)]
    }
    const { series, caveats } = await watched([aProbe(refuse), aProbe(async () => [sample(7, 'other')])], 4)
    expect(series.map(({ values }) => values)).toEqual([
      [0, 1, null, 3, 4],
      [7, 7, 7, 7, 7],
    ])
    expect(caveats.map(({ code }) => code)).toEqual(['probe-failed'])
    expect(caveats[0]?.text).toMatch(/^The probe "pool" missed 1 of 5 readings: at 0:02 \(permission denied for pg_stat_activity\)\. /)
  })

  test('each stretch is told with when it began and ended, and why it began', async () => {
    const away = async (reading: number) => {
      if (reading === 3) throw new Error('terminating connection due to administrator command')
      if (reading > 3 && reading < 6) throw new Error('connect ECONNREFUSED 127.0.0.1:5432')
      if (reading > 9) throw new Error('permission denied for database "shop"')
      return [sample(reading)]
    }
    const { series, caveats, watched: probes } = await watched([aProbe(away, { kind: 'postgres' })], 12)
    expect(series[0]?.values).toEqual([0, 1, 2, null, null, null, 6, 7, 8, 9, null, null, null])
    expect(caveats[0]?.text).toContain(
      'missed 6 of 13 readings: from 0:03 to 0:05 (terminating connection due to administrator command, then connect ECONNREFUSED 127.0.0.1:5432), from 0:10 until the end (permission denied for database "shop"). Its',
    )
    expect(probes).toEqual([{ name: 'pool', kind: 'postgres', readings: 13, missed: 6 }])
  })

  test('what stays away is asked less and less often, and what was not asked is missed too', async () => {
    const asked: number[] = []
    const gone: Probe = {
      ...aProbe(async () => []),
      read: async (_, at = -1) => {
        asked.push(at)
        throw new Error(at === 0 ? 'cut' : 'gone')
      },
    }
    const { caveats } = await watched([gone], 60)
    expect(asked.slice(0, 5)).toEqual([0, 1, 2, 3, 5])
    expect(asked.length).toBeLessThan(25)
    expect(Math.max(...asked.slice(1).map((at, index) => at - (asked[index] ?? 0)))).toBe(5)
    expect(caveats[0]?.text).toContain('missed 61 of 61 readings: from 0:00 until the end (cut, then gone)')
  })

  test('its readings, and why there are none, are told as they come, so that a run that is killed has them', async () => {
    const entries: ProbeEntry[] = []
    const watch = new Watch(
      [
        aProbe(
          async (reading) => {
            if (reading === 1) throw new Error('away')
            return [sample(reading)]
          },
          { kind: 'postgres' },
        ),
        aProbe(async () => [], { name: 'cache', start: () => Promise.reject(new Error('no route')) }),
      ],
      () => Date.now(),
      (entry) => entries.push(entry),
    )
    watch.start()
    await vi.advanceTimersByTimeAsync(10)
    watch.begin(0)
    await vi.advanceTimersByTimeAsync(2000)
    await watch.end()
    expect(entries).toEqual([
      { probe: 'pool', kind: 'postgres', every: 1 },
      { probe: 'cache', kind: null, every: 1 },
      { probe: 'cache', absent: 'no route' },
      { probe: 'pool', at: 0, samples: [sample(0)] },
      { probe: 'pool', at: 1, missed: 'away' },
      { probe: 'pool', at: 2, samples: [sample(2)] },
    ])
  })

  test('one that does not start is left out', async () => {
    const absent = aProbe(async () => [sample(1)], { start: () => Promise.reject(new Error('no route to db:5432')) })
    const { series, caveats } = await watched([absent], 2)
    expect(series).toEqual([])
    expect(caveats).toMatchObject([{ code: 'probe-absent', text: expect.stringContaining('no route to db:5432') }])
  })

  test('one that starts slowly has no values until it has', async () => {
    const slow = aProbe(async () => [sample(1)], { start: () => new Promise((resolve) => setTimeout(resolve, 2500)) })
    expect((await watched([slow], 5)).series[0]?.at).toEqual([3, 4, 5])
  })

  test('a slow reading leaves gaps behind it, and its value stands where it was asked for', async () => {
    const slow = (reading: number): Promise<Sample[]> => new Promise((resolve) => setTimeout(() => resolve([sample(reading)]), reading === 1 ? 2500 : 0))
    const { series } = await watched([aProbe(slow)], 5)
    expect(series[0]).toMatchObject({ at: [0, 1, 2, 3, 4, 5], values: [0, 1, null, null, 2, 3] })
  })

  test('one that never answers is given up after 5 s and told so; the end waits no longer than that', async () => {
    let isToldToStop = false
    const hanging: Probe = {
      ...aProbe(async () => []),
      read: (signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            isToldToStop = true
          })
        }),
      stop: () => new Promise(() => {}),
    }
    const { caveats } = await watched([hanging], 7)
    expect(isToldToStop).toBe(true)
    expect(caveats[0]?.text).toContain('no answer within 5 s')
  })
})

test('seconds in which this process itself did not come to read are gaps', async () => {
  let now = 0
  const watch = new Watch([aProbe(async (reading) => [sample(reading)])], () => now)
  watch.start()
  await vi.advanceTimersByTimeAsync(0)
  watch.begin(0)
  now = 3020 // the timer of second 1 fires, two seconds late
  await vi.advanceTimersByTimeAsync(1000)
  await watch.end()
  expect(watch.seen.series[0]).toMatchObject({ at: [0, 1, 2, 3], values: [0, null, null, 1] })
})

describe('a source that tells of a moment only later', () => {
  const aLateProbe = (stop: Probe['stop']) => aProbe(async () => [], { waits: { most: 60, what: 'the last minutes' }, stop })
  const late = { name: 'pool.late', unit: 'ratio', limit: 1, at: [30], values: [0.5] }

  test('may take its time at the end, and its series are of the run; who waits can be told for what', async () => {
    const watch = new Watch([
      aLateProbe(() => new Promise((resolve) => setTimeout(() => resolve({ series: [late] }), 50_000))),
      aProbe(async () => [sample(1)]),
    ])
    watch.start()
    await vi.advanceTimersByTimeAsync(10)
    expect(watch.awaits).toBe('Waiting for the last minutes ("pool"), at most 1:00. Ctrl-C goes on without it.')
    watch.begin(0)
    const ended = watch.end()
    await vi.advanceTimersByTimeAsync(50_000)
    await ended
    expect(watch.seen.series.map(({ name }) => name)).toEqual(['pool.used', 'pool.late'])
    expect(watch.seen.series[1]).toEqual(late)
  })

  test('is told when the load begins, and when nobody wants to wait any longer', async () => {
    const begun: number[] = []
    const probe = aLateProbe((hurry) => new Promise((resolve) => hurry?.addEventListener('abort', () => resolve({ series: [late] }))))
    const watch = new Watch([{ ...probe, begin: (from) => begun.push(from) }])
    watch.start()
    await vi.advanceTimersByTimeAsync(10)
    watch.begin(50)
    expect(begun).toEqual([50])
    const hurry = new AbortController()
    const ended = watch.end(hurry.signal)
    await vi.advanceTimersByTimeAsync(2000)
    hurry.abort()
    await vi.advanceTimersByTimeAsync(0)
    await ended
    expect(watch.seen.series).toEqual([late])
  })

  test('is not waited for when it did not start, and not longer than it said', async () => {
    const absent = { ...aLateProbe(async () => ({})), start: () => Promise.reject(new Error('denied')) }
    const endless = { ...aProbe(async () => []), waits: { most: 60, what: 'more' }, stop: () => new Promise<never>(() => {}) }
    const watch = new Watch([absent])
    watch.start()
    await vi.advanceTimersByTimeAsync(10)
    expect(watch.awaits).toBe(undefined)
    const other = new Watch([endless])
    other.start()
    const ended = other.end()
    await vi.advanceTimersByTimeAsync(65_000)
    await ended
    expect(other.seen.series).toEqual([])
  })
})
