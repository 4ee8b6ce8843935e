/** The figures of a service as Prometheus knows them where it is deployed. */
import type { Alert, Recommendation } from '../../recommendation.ts'
import { serviceName } from '../names.ts'
import { ingressRequests, kubernetesNames } from './kubernetes.ts'
import { clientRequests, plainNames } from './plain.ts'
import type { Names, Query } from './query.ts'

/** What stands in place of a name that was not told. */
export const unnamed = 'service'

export const namesFor = (recommendation: Recommendation): Names => {
  const { deployment, capacity = 1 } = recommendation
  return deployment?.kind === 'kubernetes' ? kubernetesNames(deployment, capacity) : plainNames(serviceName(recommendation) ?? unnamed, capacity)
}

const figure = (recommendation: Recommendation, metric: Alert['metric']): Query => {
  const query = namesFor(recommendation)({ name: metric, severity: 'low', metric, warn: 0, critical: 0, lasting: 0, because: '' })
  if ('without' in query) throw new Error(`Prometheus has no name for ${metric}.`)
  return query
}

/** Response time, p95 in seconds. */
export const responseTimeQuery = (recommendation: Recommendation): Query => figure(recommendation, 'p95')

/** Requests per second of all instances together. */
export const requestsQuery = (recommendation: Recommendation): Pick<Query, 'expression' | 'assumes'> =>
  recommendation.deployment?.kind === 'kubernetes' ? ingressRequests(recommendation.deployment) : clientRequests(serviceName(recommendation) ?? unnamed)
