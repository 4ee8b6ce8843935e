/** Alerts for the writers: one of each figure, and the situations that each format must hold. */
import type { Alert, Recommendation } from '../../budgets/advice/recommendation.ts'
import { aRecommendation, aScaling, hostileName, situations } from './a-recommendation.ts'

const run = '2026-11-21-103000-breakpoint-k4mz'

const everyAlert: readonly Alert[] = [
  {
    name: 'Response time',
    severity: 'critical',
    metric: 'p95',
    warn: 0.0418,
    critical: 0.18,
    lasting: 120,
    because: `In run ${run} p95 was 21.8 ms in the calm.`,
  },
  { name: 'Errors', severity: 'critical', metric: 'errors', warn: 0.001, critical: 0.01, lasting: 120, because: '0.1 % may fail for good.' },
  { name: 'Capacity in use', severity: 'high', metric: 'capacity', warn: 0.775, critical: 0.875, lasting: 180, because: `Run ${run}.` },
  { name: 'Memory', severity: 'high', metric: 'memory', warn: 0.867, critical: 0.933, lasting: 60, series: 'shop.memory', limit: 1e9, because: `Run ${run}.` },
  {
    name: 'Connections of db',
    severity: 'high',
    metric: 'connections',
    warn: 0.8,
    critical: 0.9,
    lasting: 60,
    series: 'db.connections',
    kind: 'postgres',
    limit: 97,
    because: `Run ${run}.`,
  },
  { name: 'CPU', severity: 'medium', metric: 'cpu', warn: 0.643, critical: 0.726, lasting: 180, series: 'shop.cpu', limit: 0.5, because: `Run ${run}.` },
  {
    name: 'Queue jobs.depth.mails',
    severity: 'medium',
    metric: 'queue',
    warn: 124,
    critical: 136,
    lasting: 60,
    series: 'jobs.depth.mails',
    kind: 'rabbitmq',
    because: `Run ${run}.`,
  },
  {
    name: 'Instances at maximum',
    severity: 'low',
    metric: 'instances',
    warn: 12,
    critical: 13,
    lasting: 240,
    because: '13 instances are the recommended maximum.',
  },
]

export const onKubernetes = { kind: 'kubernetes', context: 'prod', namespace: 'shop', deployment: 'web.front' } as const

const { resourceLabel: _, ...withoutLabel } = aRecommendation()

export const watchedSituations: Readonly<Record<string, Recommendation>> = {
  'on ECS': aRecommendation({ alerts: everyAlert }),
  'on Kubernetes': { ...withoutLabel, deployment: onKubernetes, alerts: everyAlert },
  'not told where': { ...withoutLabel, deployment: undefined, alerts: everyAlert },
  'the probe’s own queries': {
    ...withoutLabel,
    deployment: onKubernetes,
    alerts: everyAlert.flatMap((alert): Alert[] =>
      alert.metric === 'cpu'
        ? [{ ...alert, query: { value: 'rate(cpu_seconds_total{app="shop"}[1m])', limit: 'cpu_limit{app="shop"}' } }]
        : alert.metric === 'queue'
          ? [{ ...alert, kind: 'prometheus', query: { value: 'queue_depth{queue="mails"}' } }]
          : [],
    ),
  },
  'the configuration’s queries': {
    ...withoutLabel,
    deployment: undefined,
    prometheus: {
      job: 'shop',
      requests: 'sum(rate(shop_answer_seconds_count[2m]))',
      errors: 'sum(rate(shop_answer_seconds_count{status=~"5.."}[2m]))',
      p95: 'histogram_quantile(0.95, sum by (le) (rate(shop_answer_seconds_bucket[2m])))',
    },
    alerts: everyAlert,
  },
  'hostile names': aRecommendation({
    runs: [hostileName],
    deployment: { kind: 'ecs', cluster: hostileName, service: hostileName, region: 'eu-central-1', account: '123456789012' },
    scaling: aScaling({ because: hostileName }),
    declined: [hostileName],
    alerts: everyAlert.map((alert) => ({ ...alert, because: hostileName, ...(alert.series && { name: hostileName, series: `a.b.${hostileName}` }) })),
  }),
}

/** The situations of every format, deployed on Kubernetes or not told where. */
export const situationsOnKubernetes: Readonly<Record<string, Recommendation>> = Object.fromEntries(
  Object.entries(situations).map(([name, { resourceLabel: __, ...recommendation }]) => [
    name,
    name === 'hostile names'
      ? { ...recommendation, deployment: { kind: 'kubernetes', context: hostileName, namespace: hostileName, deployment: hostileName } as const }
      : { ...recommendation, deployment: recommendation.deployment && onKubernetes },
  ]),
)
