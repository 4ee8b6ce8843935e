import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cloudWatchKind } from '../../../../runner/probes/cloudwatch/cloudwatch.ts'
import { metricsOf } from '../../../../runner/probes/cloudwatch/metrics.ts'
import { type Aws, type AwsAnswer, startAws } from '../../../support/aws.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal

let aws: Aws
let answer: (input: { readonly NextToken?: string }) => AwsAnswer
beforeEach(async () => {
  // The clock stands still, or the load would begin a millisecond after the minute whose point it is to have.
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  aws = await startAws((_, input) => answer(input))
})
afterEach(async () => {
  await aws.stop()
  vi.unstubAllEnvs()
  vi.useRealTimers()
})
const parse = (given: object) => cloudWatchKind.options.parse({ endpoint: aws.url, wait: 0, ...given })
const probe = (given: object) => cloudWatchKind.create('aws', parse(given), world)

/** Seconds since 1970 of a whole minute, so long ago that three minutes of load lie behind it. */
const start = Math.floor(Date.now() / 60_000) * 60 - 240
const began = () => start * 1000 - Date.now()

test('percents, seconds and sums of a period become ratios, milliseconds and rates, over all pages', async () => {
  const result = (Id: string, at: number, value: number) => ({ Id, StatusCode: 'Complete', Timestamps: [at], Values: [value] })
  answer = ({ NextToken }) =>
    NextToken === undefined
      ? { MetricDataResults: [result('m0', start, 60), result('m1', start, 95), result('m4', start, 0.25), result('m6', start, 1200)], NextToken: 'more' }
      : { MetricDataResults: [result('m0', start + 60, 80)] }
  const watching = probe({ ecs: { cluster: 'shop', service: 'web' }, alb: { loadBalancer: 'app/shop/50dc6c495c0c9188' } })
  await watching.start(never)
  watching.begin?.(began())
  expect(await watching.read(never)).toEqual([])
  const { series = [] } = await watching.stop()
  const firsts = Object.fromEntries(series.map(({ name, unit, limit, values }) => [name, { unit, limit, values: values.slice(0, 2) }]))
  expect(firsts).toEqual({
    'aws.ecs.cpu': { unit: 'ratio', limit: 1, values: [0.6, 0.8] },
    'aws.ecs.cpu_max': { unit: 'ratio', limit: 1, values: [0.95, null] },
    'aws.alb.response_time': { unit: 'ms', limit: null, values: [250, null] },
    'aws.alb.requests': { unit: '/s', limit: null, values: [20, null] },
  })
})

describe('a refusal', () => {
  test('names the action and the resource before the load', async () => {
    answer = () => ({ error: ['AccessDenied', 'User: x is not authorized to perform: cloudwatch:GetMetricData.'] })
    await expect(probe({ rds: { instance: 'shop' } }).start(never)).rejects.toThrow(
      /^cloudwatch:GetMetricData on \* is not allowed \(AccessDenied: .*\); the policy of whoever runs perf must allow cloudwatch:GetMetricData on \*$/,
    )
  })

  test('after the load is a caveat', async () => {
    answer = () => ({ MetricDataResults: [] })
    const watching = probe({ rds: { instance: 'shop' } })
    await watching.start(never)
    watching.begin?.(began())
    answer = () => ({ error: ['ThrottlingException', 'Rate exceeded'] })
    expect(await watching.stop()).toMatchObject({
      series: [],
      caveats: [
        {
          code: 'cloudwatch-failed',
          text: expect.stringMatching(/^What "aws" should have read .* because cloudwatch:GetMetricData on \* was throttled, 3 times/),
        },
      ],
    })
  })
})

test('each set asks for the names, dimensions and statistics that AWS has', () => {
  const all = metricsOf(
    parse({
      alb: { loadBalancer: 'app/shop/50dc6c495c0c9188', targetGroup: 'targetgroup/web/943f017f100becff' },
      rds: { instance: 'shop', connections: 400 },
      metrics: { jobs: { namespace: 'Shop', metric: 'Jobs', dimensions: { Stage: 'test' }, statistic: 'Maximum', unit: 'count', limit: 10 } },
    }),
    60,
  )
  const one = (what: string) => all.find((metric) => metric.what === what)
  expect(one('alb.requests_per_target')).toMatchObject({
    metric: 'RequestCountPerTarget',
    statistic: 'Sum',
    dimensions: { TargetGroup: 'targetgroup/web/943f017f100becff' },
  })
  expect(one('alb.healthy_hosts')?.dimensions).toEqual({ LoadBalancer: 'app/shop/50dc6c495c0c9188', TargetGroup: 'targetgroup/web/943f017f100becff' })
  expect(one('alb.target_5xx')).toMatchObject({ metric: 'HTTPCode_Target_5XX_Count', isSparse: true })
  expect(one('rds.connections')).toMatchObject({
    namespace: 'AWS/RDS',
    metric: 'DatabaseConnections',
    limit: 400,
    dimensions: { DBInstanceIdentifier: 'shop' },
  })
  expect(one('jobs')).toMatchObject({ namespace: 'Shop', metric: 'Jobs', dimensions: { Stage: 'test' }, statistic: 'Maximum', limit: 10 })
})

test.each([
  [{}, 'at least one of ecs, alb, rds and metrics'],
  [{ alb: { loadBalancer: 'arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/shop/50dc' } }, 'app/<name>/<id>'],
  [{ rds: { instance: 'shop' }, period: 45 }, 'multiple of 60'],
])('%j is told as wrong', (given, sentence) => {
  expect(cloudWatchKind.options.safeParse(given).error?.message).toContain(sentence)
})
