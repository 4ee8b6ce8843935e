import { describe, expect, test } from 'vitest'
import type { AskForPoints, Metric } from '../../../runner/aws/metric-data.ts'
import { periodsOf } from '../../../runner/aws/periods.ts'
import { AwsError } from '../../../runner/aws/refusal.ts'
import { LateSeries } from '../../../runner/probes/late-series.ts'

const minute = 60_000
const noon = Date.UTC(2026, 0, 1, 12)
const never = new AbortController().signal
const aMetric = (what: string, changes: Partial<Metric> = {}): Metric => ({
  what,
  unit: 'ratio',
  limit: 1,
  namespace: 'AWS/ECS',
  metric: what,
  dimensions: { ServiceName: 'web' },
  statistic: 'Average',
  factor: 1,
  ...changes,
})

/**
 * A CloudWatch whose clock goes on only while somebody waits. `tells`: the value of a minute that began at `at`, as it is told at `now`;
 * undefined while it is not told.
 */
const aCloudWatch = (metrics: readonly Metric[], tells: (metric: Metric, at: number, now: number) => number | undefined, patience = 300) => {
  let now = noon
  let asked = 0
  const ask: AskForPoints = async (wanted, from, until) => {
    asked += 1
    return wanted.map((metric) => {
      const starts = Array.from({ length: Math.ceil((until - from) / minute) }, (_, index) => Math.floor(from / minute) * minute + index * minute)
      return new Map(
        starts.flatMap((at) => {
          const value = at < from || at + minute > now ? undefined : tells(metric, at, now)
          return value === undefined ? [] : [[at, value] as const]
        }),
      )
    })
  }
  const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    if (!signal.aborted) now += milliseconds
  }
  const late = new LateSeries('web', metrics, ask, 60, patience, { now: () => now, pause })
  return {
    late,
    asked: () => asked,
    /** @returns the load that was made meanwhile */
    load: (seconds: number) => {
      const from = now
      now += seconds * 1000
      return { from, until: now }
    },
  }
}
const lagging = (seconds: number) => (_: Metric, at: number, now: number) => (now >= at + minute + seconds * 1000 ? 0.5 : undefined)

test('only periods that lie wholly within the load are of the load', () => {
  expect(periodsOf({ from: noon + 20_000, until: noon + 3 * minute + 10_000 }, 60)).toEqual([noon + minute, noon + 2 * minute])
  expect(periodsOf({ from: noon, until: noon + 2 * minute }, 60)).toEqual([noon, noon + minute])
  expect(periodsOf({ from: noon + 1, until: noon + minute }, 60)).toEqual([])
  expect(periodsOf({ from: noon, until: noon + minute }, 20)).toHaveLength(3)
})

describe('points that come late', () => {
  test('are waited for, stand in the middle of their minute, and it is said how many they were and how late', async () => {
    const { late, load } = aCloudWatch([aMetric('cpu'), aMetric('memory')], lagging(100))
    await late.begin(never)
    const { series, caveats } = await late.join(load(300), never)
    expect(series).toEqual(
      ['cpu', 'memory'].map((what) => ({ name: `web.${what}`, unit: 'ratio', limit: 1, at: [30, 90, 150, 210, 270], values: [0.5, 0.5, 0.5, 0.5, 0.5] })),
    )
    expect(caveats.map(({ code }) => code)).toEqual(['cloudwatch-late'])
    // The last two minutes of each; asked each 15 s, the last came at 105 s.
    expect(caveats[0]?.text).toMatch(/^4 of 10 points of "web" were waited for after the load, 2:45 long; the last to come was 105 s late\./)
  })

  test('are told once they change no more: a minute that was told in part is asked for again', async () => {
    const growing = (_: Metric, at: number, now: number) => (now >= at + 2 * minute + 30_000 ? 0.9 : 0.1)
    const { late, load } = aCloudWatch([aMetric('requests')], growing)
    const { series, caveats } = await late.join(load(120), never)
    expect(series[0]?.values).toEqual([0.9, 0.9])
    expect(caveats).toEqual([])
  })

  test('that do not come within the wait are gaps, and it is said which', async () => {
    const stopped = (metric: Metric, at: number) => (metric.what === 'memory' && at >= noon + 2 * minute ? undefined : 0.5)
    const { late, load, asked } = aCloudWatch([aMetric('cpu'), aMetric('memory')], stopped, 90)
    await late.begin(never)
    const { series, caveats } = await late.join(load(240), never)
    expect(series[1]?.values).toEqual([0.5, 0.5, null, null])
    expect(caveats).toMatchObject([{ code: 'cloudwatch-missing' }])
    expect(caveats[0]?.text).toMatch(
      /^2 of 8 points of "web" are missing, first memory of the minute at 2:00\. They had not come 1:30 after the load \(at most 1:30 by wait\)\./,
    )
    expect(asked()).toBe(1 + 7)
  })

  test('are not waited for when nobody wants to wait: it is asked once', async () => {
    const { late, load, asked } = aCloudWatch([aMetric('cpu')], lagging(100))
    const { series, caveats } = await late.join(load(300), AbortSignal.abort())
    expect(asked()).toBe(1)
    expect(series[0]?.values).toEqual([0.5, 0.5, 0.5, null, null])
    expect(caveats.map(({ code }) => code)).toEqual(['cloudwatch-missing'])
  })
})

describe('what is never told', () => {
  test('is not waited for when there was nothing of it before either, and it is said by its names', async () => {
    const { late, load, asked } = aCloudWatch([aMetric('cpu'), aMetric('wrong')], (metric) => (metric.what === 'cpu' ? 0.5 : undefined))
    await late.begin(never)
    const { series, caveats } = await late.join(load(300), never)
    expect(series.map(({ name }) => name)).toEqual(['web.cpu'])
    expect(caveats).toMatchObject([
      { code: 'cloudwatch-nothing', text: expect.stringMatching(/no point of "web\.wrong".*AWS\/ECS wrong with ServiceName=web\./) },
    ])
    expect(asked()).toBe(1 + 5) // a minute long, in which what is there might have changed
  })

  test('is no fault of a metric that is sent only when there is something to tell', async () => {
    const { late, load } = aCloudWatch([aMetric('cpu'), aMetric('errors', { isSparse: true })], (metric, at) =>
      metric.what === 'cpu' || at === noon + minute ? 3 : undefined,
    )
    await late.begin(never)
    const { series, caveats } = await late.join(load(240), never)
    expect(series[1]).toMatchObject({ name: 'web.errors', values: [null, 3, null, null] })
    expect(caveats).toEqual([])
  })

  test('cannot be told of a load that is shorter than a period', async () => {
    const { late, load, asked } = aCloudWatch([aMetric('cpu')], () => 0.5)
    const { series, caveats } = await late.join(load(59), never)
    expect(series).toEqual([])
    expect(caveats).toMatchObject([{ code: 'cloudwatch-too-short', text: expect.stringMatching(/within the 0:59 of load\..*Make load for 2:00 or longer\.$/) }])
    expect(asked()).toBe(0)
  })
})

describe('an account that refuses after the load', () => {
  const failing = (failures: number, error: Error) => {
    let left = failures
    let now = noon + 10 * minute
    const ask: AskForPoints = async (metrics) => {
      left -= 1
      if (left >= 0) throw error
      return metrics.map(() => new Map([[noon, 0.5]]))
    }
    const pause = async (milliseconds: number): Promise<void> => {
      now += milliseconds
    }
    const world = { now: () => now, pause }
    return { late: new LateSeries('web', [aMetric('cpu')], ask, 60, 60, world), waited: () => (now - noon - 10 * minute) / 1000 }
  }
  const load = { from: noon, until: noon + minute }

  test('because it was asked too often is asked again', async () => {
    const { late } = failing(2, new AwsError('cloudwatch:GetMetricData on * was throttled', false))
    expect(await late.join(load, never)).toMatchObject({ series: [{ values: [0.5] }], caveats: [] })
  })

  test('until the wait is over', async () => {
    const { late, waited } = failing(1000, new AwsError('cloudwatch:GetMetricData on * was throttled', false))
    expect(await late.join(load, never)).toMatchObject({ series: [], caveats: [{ code: 'cloudwatch-failed', text: expect.stringContaining('was throttled') }] })
    expect(waited()).toBe(60)
  })

  test('because a right was taken away is not asked again', async () => {
    const { late, waited } = failing(1000, new AwsError('cloudwatch:GetMetricData on * is not allowed', true))
    expect((await late.join(load, never)).caveats).toMatchObject([{ code: 'cloudwatch-failed', text: expect.stringContaining('is not allowed') }])
    expect(waited()).toBe(0)
  })
})
