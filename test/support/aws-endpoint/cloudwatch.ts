/** CloudWatch: GetMetricData. */
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import type { Members } from './protocols.ts'
import type { World } from './world.ts'

const mostQueries = 500
const isStatistic = /^(Average|Sum|Minimum|Maximum|SampleCount|p\d+(\.\d+)?)$/

const check = (queries: Members[], from: number, until: number): void => {
  if (queries.length > mostQueries) throw new AwsFault('ValidationException', `MetricDataQueries may have ${mostQueries} members at most`)
  if (!(from < until)) throw new AwsFault('ValidationException', 'The parameter StartTime must be less than the parameter EndTime.')
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length) throw new AwsFault('ValidationException', 'Ids must be unique')
  for (const { Id, MetricStat } of queries) {
    if (!/^[a-z]\w*$/.test(Id)) throw new AwsFault('ValidationException', `The value ${Id} for parameter MetricDataQueries.member.1.Id is not valid`)
    const { Period, Stat } = MetricStat
    if (![1, 5, 10, 20, 30].includes(Period) && Period % 60 !== 0)
      throw new AwsFault('ValidationException', 'Period must be 1, 5, 10, 20, 30 or any multiple of 60')
    if (!isStatistic.test(Stat)) throw new AwsFault('ValidationException', `Stat ${Stat} is not known`)
  }
}

const pointsOf = ({ Metric, Stat }: Members, { metrics }: World) => {
  const asked = (Metric.Dimensions as Members[]).map(({ Name, Value }) => `${Name}=${Value}`).sort()
  const known = metrics.filter(
    ({ namespace, metric, dimensions }) => namespace === Metric.Namespace && metric === Metric.MetricName && [...dimensions].sort().join() === asked.join(),
  )
  return known.flatMap(({ points }) => points[Stat] ?? []).sort(([a], [b]) => a - b)
}

/** The beginning is inclusive, the end is not. */
export const cloudWatchActions: Readonly<Record<string, Action>> = {
  'cloudwatch:GetMetricData': ({ MetricDataQueries, StartTime, EndTime, NextToken }, world) => {
    const [from, until] = [StartTime * 1000, EndTime * 1000]
    check(MetricDataQueries, from, until)
    const [start, size] = [Number(NextToken ?? 0), world.pointsPerPage ?? 100_800]
    const parts = new Set<string>()
    const results = (MetricDataQueries as Members[]).map(({ Id, MetricStat }) => {
      const all = pointsOf(MetricStat, world).filter(([at]) => at >= from && at < until)
      const points = all.slice(start, start + size)
      const isPart = all.length > start + size
      if (isPart) parts.add(Id)
      return {
        Id,
        Label: MetricStat.Metric.MetricName,
        Timestamps: points.map(([at]) => new Date(at)),
        Values: points.map(([, value]) => value),
        StatusCode: isPart ? 'PartialData' : 'Complete',
      }
    })
    return { MetricDataResults: results, Messages: [], ...(parts.size > 0 && { NextToken: String(start + size) }) }
  },
}
