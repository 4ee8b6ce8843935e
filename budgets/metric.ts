/** The metrics every run has: their unit, what may be asked of them, and what a budget's `endpoint` means to each. */
import type { Stat, Unit } from './budget.ts'

export type Metric = {
  readonly unit: Unit
  /** The first one is meant when a budget names none. */
  readonly stats: readonly [Stat, ...Stat[]]
  /** What `endpoint` names, if it may be given. */
  readonly of: 'endpoint' | 'journey' | 'group' | 'check' | undefined
}

const times = ['p95', 'p50', 'p75', 'p90', 'p99', 'p999', 'max', 'mean'] as const satisfies Metric['stats']

export const metrics = {
  response_time: { unit: 'ms', stats: times, of: 'endpoint' },
  service_time: { unit: 'ms', stats: times, of: 'endpoint' },
  setup_time: { unit: 'ms', stats: times, of: 'endpoint' },
  journey_time: { unit: 'ms', stats: times, of: 'journey' },
  group_time: { unit: 'ms', stats: times, of: 'group' },
  lag: { unit: 'ms', stats: times, of: undefined },
  error_rate: { unit: 'ratio', stats: ['rate'], of: 'endpoint' },
  availability: { unit: 'ratio', stats: ['rate'], of: undefined },
  checks: { unit: 'ratio', stats: ['rate'], of: 'check' },
  dropped: { unit: 'ratio', stats: ['rate', 'count'], of: undefined },
  throughput: { unit: '/s', stats: ['rate'], of: 'endpoint' },
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof metrics
export const isMetricName = (name: string): name is MetricName => Object.hasOwn(metrics, name)

/** Unit of one stat of a metric; undefined for a scenario's own metric or a probe's series, which bring their own. */
export const unitOf = (metric: string, stat: Stat | undefined): Unit | undefined =>
  isMetricName(metric) ? (stat === 'count' ? 'count' : metrics[metric].unit) : stat === 'count' ? 'count' : undefined

/** Words of a metric in a sentence. @example wordsOf('response_time') // 'response time' */
export const wordsOf = (metric: string): string => (isMetricName(metric) ? metric.replaceAll('_', ' ') : metric)
