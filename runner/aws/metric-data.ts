/** Asks CloudWatch for the values of metrics over a time, by GetMetricData. */
import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { packageFor } from '../optional-package.ts'
import { type Account, configurationOf } from './account.ts'
import { asking } from './refusal.ts'

export type Metric = {
  /** After the probe's name, in its series. */
  readonly what: string
  readonly unit: string
  readonly limit: number | null
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly statistic: string
  /** CloudWatch's value × factor is in `unit`. */
  readonly factor: number
  /** AWS sends no point while there is nothing to tell, so that one which is absent is not late. */
  readonly isSparse?: boolean
}

/** Values by the beginning of their period, in milliseconds since 1970. */
export type Points = ReadonlyMap<number, number>

/** @returns one map for each metric, in their order */
export type AskForPoints = (metrics: readonly Metric[], from: number, until: number, signal: AbortSignal) => Promise<readonly Points[]>

/** More in one request are refused. */
const most = 500

const queryOf = ({ namespace, metric, dimensions, statistic }: Metric, index: number, period: number): MetricDataQuery => ({
  Id: `m${index}`,
  MetricStat: {
    Metric: { Namespace: namespace, MetricName: metric, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) },
    Period: period,
    Stat: statistic,
  },
})

type Library = typeof import('@aws-sdk/client-cloudwatch')

const pointsOf = async (
  { GetMetricDataCommand }: Library,
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  from: number,
  until: number,
  signal: AbortSignal,
) => {
  const points = new Map<string, Map<number, number>>()
  let next: string | undefined
  do {
    const command = new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(from),
      EndTime: new Date(until),
      ScanBy: 'TimestampAscending',
      ...(next && { NextToken: next }),
    })
    const { MetricDataResults = [], NextToken } = await client.send(command, { abortSignal: signal })
    for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
      const known = points.get(Id) ?? new Map<number, number>()
      points.set(Id, known)
      Timestamps.forEach((at, index) => {
        const value = Values[index]
        if (value !== undefined) known.set(at.getTime(), value)
      })
    }
    next = NextToken
  } while (next !== undefined)
  return queries.map(({ Id = '' }) => points.get(Id) ?? new Map<number, number>())
}

/**
 * @param period seconds
 * @returns how to ask, and how to let go
 * @throws {Error} when the package is not installed
 */
export const metricData = async (account: Account, period: number): Promise<{ readonly ask: AskForPoints; readonly close: () => void }> => {
  const library = await packageFor('CloudWatch', '@aws-sdk/client-cloudwatch', () => import('@aws-sdk/client-cloudwatch'))
  const client = new library.CloudWatchClient(configurationOf(account))
  const ask: AskForPoints = async (metrics, from, until, signal) => {
    const answers: Points[] = []
    for (let start = 0; start < metrics.length; start += most) {
      const queries = metrics.slice(start, start + most).map((metric, index) => queryOf(metric, index, period))
      answers.push(...(await asking({ action: 'cloudwatch:GetMetricData', resource: '*' }, () => pointsOf(library, client, queries, from, until, signal))))
    }
    return answers.map((points, index) => new Map([...points].map(([at, value]) => [at, value * (metrics[index]?.factor ?? 1)])))
  }
  return { ask, close: () => client.destroy() }
}
