import { CloudWatchClient, GetMetricStatisticsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CloudWatchProbe, cloudWatchKind } from '../../../../runner/probes/cloudwatch/cloudwatch.ts'
import { realWorld, type World } from '../../../../runner/probes/late-series.ts'
import type { Probe } from '../../../../runner/probes/probe.ts'
import type { Series } from '../../../../runner/run.ts'
import { hasMoto, type Moto, startMoto } from '../../../support/moto.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const minute = 60_000

describe.skipIf(!hasMoto)('CloudWatch on moto', () => {
  let moto: Moto
  let client: CloudWatchClient
  beforeAll(async () => {
    moto = await startMoto()
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value)
    client = new CloudWatchClient({})
  })
  afterAll(async () => {
    client?.destroy()
    vi.unstubAllEnvs()
    await moto?.stop()
  })
  const probeOf = (given: object): Probe => cloudWatchKind.create('aws', cloudWatchKind.options.parse(given), world)
  const web = { ClusterName: 'shop', ServiceName: 'web' }
  const named = (dimensions: Record<string, string>) => Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
  const put = async (Namespace: string, MetricName: string, dimensions: Record<string, string>, at: number, ...values: number[]) => {
    for (const Value of values)
      await client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Dimensions: named(dimensions), Timestamp: new Date(at), Value }] }))
  }
  const valuesOf = (series: readonly Series[] | undefined, name: string) => series?.find((each) => each.name === name)?.values
  /** A world whose clock goes ten times as fast: between two questions lie 15 s. */
  const tenfold = (): World => {
    const began = Date.now()
    return { now: () => began + 10 * (Date.now() - began), pause: (milliseconds, signal) => realWorld.pause(milliseconds / 10, signal) }
  }
  /** A whole minute, five of which lie behind us. */
  const firstMinute = () => Math.floor(Date.now() / minute) * minute - 5 * minute

  test('utilisation of a service and connections of a database are what GetMetricStatistics tells', async () => {
    const start = firstMinute()
    for (let index = 0; index < 3; index += 1) {
      const at = start + index * minute + 10_000
      await put('AWS/ECS', 'CPUUtilization', web, at, 40 + index, 80 + index)
      await put('AWS/ECS', 'MemoryUtilization', web, at, 55)
      await put('AWS/RDS', 'DatabaseConnections', { DBInstanceIdentifier: 'shop' }, at, 17 + index)
      await put('AWS/RDS', 'CPUUtilization', { DBInstanceIdentifier: 'shop' }, at, 25)
    }
    await put('Shop', 'Jobs', {}, start + 20_000, 3, 9)
    const probe = probeOf({
      ecs: { cluster: 'shop', service: 'web' },
      rds: { instance: 'shop', connections: 100 },
      metrics: { jobs: { namespace: 'Shop', metric: 'Jobs', statistic: 'Sum', limit: 20 } },
      wait: 0,
    })
    await probe.start(never)
    probe.begin?.(start - Date.now())
    const { series, caveats } = await probe.stop()
    const statistics = async (Statistic: 'Average' | 'Maximum') => {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/ECS',
          MetricName: 'CPUUtilization',
          Dimensions: named(web),
          StartTime: new Date(start),
          EndTime: new Date(start + 3 * minute),
          Period: 60,
          Statistics: [Statistic],
        }),
      )
      return Datapoints.toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).map((point) => (point[Statistic] ?? Number.NaN) / 100)
    }
    expect(valuesOf(series, 'aws.ecs.cpu')?.slice(0, 3)).toEqual(await statistics('Average'))
    expect(valuesOf(series, 'aws.ecs.cpu_max')?.slice(0, 3)).toEqual(await statistics('Maximum'))
    expect(valuesOf(series, 'aws.ecs.cpu')?.slice(0, 3)).toEqual([0.6, 0.61, 0.62])
    expect(series?.find(({ name }) => name === 'aws.rds.connections')).toMatchObject({ unit: 'count', limit: 100 })
    expect(valuesOf(series, 'aws.rds.connections')?.slice(0, 3)).toEqual([17, 18, 19])
    expect(valuesOf(series, 'aws.jobs')?.[0]).toBe(12)
    expect(series?.[0]?.at.slice(0, 3)).toEqual([30, 90, 150])
    // The two minutes since were never put there: gaps, and said.
    expect(valuesOf(series, 'aws.ecs.cpu')?.slice(3)).toEqual(
      valuesOf(series, 'aws.ecs.cpu')
        ?.slice(3)
        .map(() => null),
    )
    expect(caveats?.map(({ code }) => code)).toEqual(['cloudwatch-missing'])
  })

  test('a point that comes after the load is waited for, and it is said', async () => {
    await moto.reset()
    const start = firstMinute()
    const alb = { LoadBalancer: 'app/shop/50dc6c495c0c9188' }
    const later = [0, 1, 2, 3, 4].map((index) => start + index * minute)
    for (const at of later.slice(0, 4)) await put('AWS/ApplicationELB', 'RequestCount', alb, at, 600)
    const quick = tenfold()
    const requests = { namespace: 'AWS/ApplicationELB', metric: 'RequestCount', dimensions: alb, statistic: 'Sum' }
    const probe = new CloudWatchProbe('aws', cloudWatchKind.options.parse({ metrics: { requests }, wait: 60 }), quick)
    await probe.start(never)
    probe.begin(start - quick.now())
    const stopping = probe.stop()
    await new Promise((resolve) => setTimeout(resolve, 500))
    for (const at of [...later.slice(4), start + 5 * minute]) await put('AWS/ApplicationELB', 'RequestCount', alb, at, 300)
    const { series, caveats } = await stopping
    expect(valuesOf(series, 'aws.requests')?.slice(0, 5)).toEqual([600, 600, 600, 600, 300])
    expect(caveats?.[0]).toMatchObject({ code: 'cloudwatch-late', text: expect.stringMatching(/^[12] of [56] points of "aws" were waited for after the load/) })
  })

  test('a name that nothing has is told as such, and a server that does not speak as AWS does too', async () => {
    await moto.reset()
    const probe = probeOf({ ecs: { cluster: 'shop', service: 'wbe' }, wait: 0 })
    await probe.start(never)
    probe.begin?.(firstMinute() - Date.now())
    const { series, caveats } = await probe.stop()
    expect(series).toEqual([])
    expect(caveats?.map(({ code }) => code)).toContain('cloudwatch-nothing')
    expect(caveats?.find(({ code }) => code === 'cloudwatch-nothing')?.text).toContain('ClusterName=shop, ServiceName=wbe')
    // moto answers percentiles with a page of HTML.
    await put('AWS/ECS', 'CPUUtilization', web, Date.now() - minute, 1)
    const strange = { cpu: { namespace: 'AWS/ECS', metric: 'CPUUtilization', dimensions: web, statistic: 'p95' } }
    await expect(probeOf({ metrics: strange }).start(never)).rejects.toThrow(
      /^cloudwatch:GetMetricData on \* was answered with status 500 by something that does not speak as AWS does$/,
    )
  })
})
