/** What CloudWatch measured of the service and its load balancer while load was made. */
import { metricData } from '../../aws/metric-data.ts'
import { type Load, periodsOf } from '../../aws/periods.ts'
import { type Balancer, ofLoadBalancer, ofService } from '../../aws/ready-metrics.ts'
import type { DeployedSeries } from '../deployment.ts'
import type { Place } from './place.ts'

const day = 86_400_000 // ms

/** Seconds of the finest points that CloudWatch still keeps of a time so long ago. */
export const periodAfter = (age: number): 60 | 300 | 3600 => (age < 15 * day ? 60 : age < 63 * day ? 300 : 3600)

export type Measured = { readonly series: readonly DeployedSeries[]; readonly caveats: readonly string[] }

/** Milliseconds after which a minute is whole. */
const late = 180_000

const caveatsOf = (series: readonly DeployedSeries[], expected: readonly number[], load: Load, period: number, now: number): string[] => {
  if (expected.length === 0)
    return [
      `CloudWatch has no whole period of ${period} s within the load of ${new Date(load.from).toISOString()}. Parts of one would hold what was before or after it. Make load for ${2 * period} s or longer.`,
    ]
  if (series.length === 0)
    return [
      `CloudWatch knows no point of the service during the load of ${new Date(load.from).toISOString()}: did that run reach this service? Compare the target of the run with the deployment.`,
    ]
  return now - load.until < late
    ? ['CloudWatch tells of a minute one to three minutes after it, and the load ended less than that ago. Its last minutes may be missing; read again later.']
    : []
}

const seriesOf = async ({ aws, cluster, service, signal }: Place, balancer: Balancer | undefined, load: Load, now: number): Promise<Measured> => {
  const period = periodAfter(now - load.from)
  const expected = periodsOf(load, period)
  const [first, last] = [expected[0], expected.at(-1)]
  if (first === undefined || last === undefined) return { series: [], caveats: caveatsOf([], expected, load, period, now) }
  const { ask, close } = await metricData(aws.account, period)
  try {
    const metrics = [...ofService({ cluster, service }), ...(balancer === undefined ? [] : ofLoadBalancer(balancer, period))]
    const answers = await ask(metrics, first, last + period * 1000, signal)
    const series = metrics.map(({ what, unit }, index) => ({
      name: what,
      unit,
      points: [...(answers[index] ?? [])].sort(([a], [b]) => a - b).map(([at, value]) => ({ at: new Date(at).toISOString(), value })),
    }))
    const told = series.filter(({ points }) => points.length > 0)
    return { series: told, caveats: caveatsOf(told, expected, load, period, now) }
  } finally {
    close()
  }
}

/** Of several loads, each series with the points of all of them. @throws {AwsError} @param now milliseconds since 1970 */
export const seriesDuring = async (place: Place, balancer: Balancer | undefined, loads: readonly Load[], now: number): Promise<Measured> => {
  const parts: Measured[] = []
  for (const load of loads) parts.push(await seriesOf(place, balancer, load, now))
  const merged = new Map<string, DeployedSeries>()
  for (const each of parts.flatMap(({ series }) => series)) {
    const points = [...(merged.get(each.name)?.points ?? []), ...each.points]
    merged.set(each.name, { ...each, points })
  }
  return { series: [...merged.values()], caveats: [...new Set(parts.flatMap(({ caveats }) => caveats))] }
}
