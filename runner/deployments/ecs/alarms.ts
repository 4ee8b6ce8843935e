/** Alarms of CloudWatch: those that ask the policies of a service to scale, and those that watch its metrics beside them. */
import type { CompositeAlarm, MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { type Balancer, ofLoadBalancer, ofService } from '../../aws/ready-metrics.ts'
import { asking } from '../../aws/refusal.ts'
import type { AlarmMetric, DeployedAlarm } from '../alarm.ts'
import type { Place } from './place.ts'

/** More names are refused in one request. */
const perRequest = 100

type Limit = NonNullable<DeployedAlarm['limit']>

const comparisons: Readonly<Record<string, Limit['is']>> = {
  GreaterThanThreshold: 'above',
  GreaterThanOrEqualToThreshold: 'at least',
  LessThanThreshold: 'below',
  LessThanOrEqualToThreshold: 'at most',
}

const dimensionsOf = (dimensions: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[] = []): AlarmMetric['dimensions'] =>
  Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]))

/** A query that is one metric as it is, and no expression over others. */
const metricIn = (queries: readonly MetricDataQuery[]): Pick<MetricDataQuery, 'MetricStat'> | undefined => {
  const [only, ...others] = queries
  return others.length === 0 && only?.MetricStat !== undefined ? only : undefined
}

const watchedBy = (alarm: MetricAlarm): DeployedAlarm['watched'] => {
  const { Metrics: queries = [], Namespace = '', MetricName, Dimensions, Statistic, ExtendedStatistic } = alarm
  if (MetricName !== undefined)
    return { kind: 'metric', namespace: Namespace, name: MetricName, dimensions: dimensionsOf(Dimensions), statistic: Statistic ?? ExtendedStatistic ?? '' }
  const { Metric, Stat = '' } = metricIn(queries)?.MetricStat ?? {}
  if (Metric !== undefined)
    return {
      kind: 'metric',
      namespace: Metric.Namespace ?? '',
      name: Metric.MetricName ?? '',
      dimensions: dimensionsOf(Metric.Dimensions),
      statistic: Stat,
    }
  const words = queries.flatMap(({ Expression }) => Expression ?? []).join(', ')
  return alarm.ThresholdMetricId === undefined ? { kind: 'expression', words } : { kind: 'band', words }
}

const periodOf = ({ Period, Metrics = [] }: MetricAlarm): number | undefined => Period ?? Metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period

const stateOf = ({
  StateValue,
  StateTransitionedTimestamp,
  StateUpdatedTimestamp,
}: Pick<MetricAlarm, 'StateValue' | 'StateTransitionedTimestamp' | 'StateUpdatedTimestamp'>) => {
  const since = StateTransitionedTimestamp ?? StateUpdatedTimestamp
  return { state: StateValue ?? 'INSUFFICIENT_DATA', ...(since && { since: since.toISOString() }) } as const
}

/** Actions are on where nothing else is told. */
const actingOf = ({ ActionsEnabled = true, AlarmActions = [] }: Pick<MetricAlarm, 'ActionsEnabled' | 'AlarmActions'>) => ({
  isActing: ActionsEnabled,
  actions: AlarmActions,
})

const ofMetric = (alarm: MetricAlarm): DeployedAlarm => {
  const is = comparisons[alarm.ComparisonOperator ?? '']
  const period = periodOf(alarm)
  const { EvaluationPeriods: of, Threshold: threshold } = alarm
  return {
    name: alarm.AlarmName ?? '',
    watched: watchedBy(alarm),
    ...(is !== undefined && threshold !== undefined && { limit: { is, threshold } }),
    ...(period !== undefined && { period }),
    ...(of !== undefined && { points: { needed: alarm.DatapointsToAlarm ?? of, of } }),
    missingData: (alarm.TreatMissingData ?? 'missing') as NonNullable<DeployedAlarm['missingData']>,
    ...stateOf(alarm),
    ...actingOf(alarm),
  }
}

const ofComposite = (alarm: CompositeAlarm): DeployedAlarm => ({
  name: alarm.AlarmName ?? '',
  watched: { kind: 'composite', words: alarm.AlarmRule ?? '' },
  ...stateOf(alarm),
  ...actingOf(alarm),
})

/** Those of the names that there still are. @throws {AwsError} */
export const alarmsNamed = async (names: readonly string[], { aws, signal }: Place): Promise<DeployedAlarm[]> => {
  const found: DeployedAlarm[] = []
  for (let start = 0; start < names.length; start += perRequest) {
    const { library, client } = await aws.open('watching')
    // Without the types only alarms on metrics are told.
    const input = { AlarmNames: names.slice(start, start + perRequest), AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] as ('MetricAlarm' | 'CompositeAlarm')[] }
    await asking({ action: 'cloudwatch:DescribeAlarms', resource: '*' }, async () => {
      for await (const { MetricAlarms = [], CompositeAlarms = [] } of library.paginateDescribeAlarms({ client }, input, { abortSignal: signal }))
        found.push(...MetricAlarms.map(ofMetric), ...CompositeAlarms.map(ofComposite))
    })
  }
  return found
}

/** Figures that alerts are recommended on; the balancer's are watched with and without the name of the target group. */
const metricsOf = (place: Place, balancer: Balancer | undefined): Pick<AlarmMetric, 'namespace' | 'name' | 'dimensions'>[] => {
  const named = ({ namespace, metric: name, dimensions }: ReturnType<typeof ofService>[number]) => ({ namespace, name, dimensions })
  const own = ofService(place).filter(({ statistic }) => statistic === 'Average')
  if (balancer?.targetGroup === undefined) return own.map(named)
  const front = ofLoadBalancer(balancer, 60).filter(({ what }) => what === 'alb.response_time' || what === 'alb.target_5xx')
  return [...own, ...front, ...front.map((each) => ({ ...each, dimensions: { ...each.dimensions, TargetGroup: balancer.targetGroup as string } }))].map(named)
}

/** Alarms on the service's own metrics and on its balancer's, whoever made them; those on expressions are not told. @throws {AwsError} */
export const alarmsWatching = async (place: Place, balancer: Balancer | undefined): Promise<DeployedAlarm[]> => {
  const { library, client } = await place.aws.open('watching')
  const answers = await Promise.all(
    metricsOf(place, balancer).map(({ namespace, name, dimensions }) =>
      asking({ action: 'cloudwatch:DescribeAlarmsForMetric', resource: '*' }, () => {
        const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
        return client.send(new library.DescribeAlarmsForMetricCommand({ Namespace: namespace, MetricName: name, Dimensions }), { abortSignal: place.signal })
      }),
    ),
  )
  const all = answers.flatMap(({ MetricAlarms = [] }) => MetricAlarms.map(ofMetric))
  return [...new Map(all.map((alarm) => [alarm.name, alarm])).values()]
}
