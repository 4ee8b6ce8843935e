/**
 * k6's thresholds in our words: `"http_req_duration{name:GET /cart}": ["p(95)<200"]`. Any other key with an array is a metric of
 * its own. limits.md tells where our definition is stricter than k6's; it is laxer in one, iteration_duration, which in k6
 * holds think time.
 */
import type { Stat } from './budget.ts'

type Translation = {
  readonly metric: string
  /** Tags of a sub-metric that say what our `endpoint` says. */
  readonly tags: readonly string[]
  /** k6's aggregation → our stat; undefined where each quantile and mean is its own. */
  readonly stats?: Readonly<Record<string, Stat>>
}

const rate = { rate: 'rate' } as const
export const k6Metrics: Readonly<Record<string, Translation>> = {
  http_req_duration: { metric: 'response_time', tags: ['name', 'endpoint'] },
  http_req_blocked: { metric: 'setup_time', tags: ['name', 'endpoint'] },
  http_req_failed: { metric: 'error_rate', tags: ['name', 'endpoint'], stats: rate },
  http_reqs: { metric: 'throughput', tags: ['name', 'endpoint'], stats: rate },
  checks: { metric: 'checks', tags: ['check'], stats: rate },
  iteration_duration: { metric: 'journey_time', tags: ['journey'] },
  group_duration: { metric: 'group_time', tags: ['group'] },
  // k6's rate of this counter is drops per second, which is not our ratio: only the count means the same.
  dropped_iterations: { metric: 'dropped', tags: [], stats: { count: 'count' } },
}

/** Metrics of k6 that look like ones we know, but have no counterpart: better an error than an unknown metric at the end of a run. */
export const k6Only = [
  'http_req_waiting',
  'http_req_connecting',
  'http_req_tls_handshaking',
  'http_req_sending',
  'http_req_receiving',
  'iterations',
  'vus',
  'vus_max',
  'data_sent',
  'data_received',
]

/** Splits `http_req_duration{name:GET /cart}`. @example parseSubMetric('checks{check:ok}') // { metric: 'checks', tag: 'check', value: 'ok' } */
export const parseSubMetric = (key: string): { readonly metric: string; readonly tag?: string; readonly value?: string } | undefined => {
  if (!key.includes('{')) return { metric: key }
  const match = /^([^{]+)\{\s*([\w.-]+)\s*:\s*(.+?)\s*\}$/.exec(key)
  if (match === null) return undefined
  const [, metric = '', tag = '', value = ''] = match
  return { metric: metric.trim(), tag, value: value.replace(/^(["'])(.*)\1$/, '$2') }
}
