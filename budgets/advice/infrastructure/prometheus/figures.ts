/** The figures of a service as Prometheus knows them where it is deployed. */
import type { Alert, Recommendation } from '../../recommendation.ts'
import { serviceName } from '../names.ts'
import { givenNames } from './given.ts'
import { ingressRequests, kubernetesNames } from './kubernetes.ts'
import { clientRequests, plainNames } from './plain.ts'
import type { Names, Query } from './query.ts'

/** What stands in place of a name that was not told. */
export const unnamed = 'service'

const jobOf = (recommendation: Recommendation): string => recommendation.prometheus?.job ?? serviceName(recommendation) ?? unnamed

export const namesFor = (recommendation: Recommendation): Names => {
  const { deployment, capacity = 1, prometheus } = recommendation
  const assumed = deployment?.kind === 'kubernetes' ? kubernetesNames(deployment, capacity) : plainNames(jobOf(recommendation), capacity)
  return prometheus === undefined ? assumed : givenNames(prometheus, assumed, capacity)
}

const figure = (recommendation: Recommendation, metric: Alert['metric']): Query => {
  const query = namesFor(recommendation)({ name: metric, severity: 'low', metric, warn: 0, critical: 0, lasting: 0, because: '' })
  if ('without' in query) throw new Error(`Prometheus has no name for ${metric}.`)
  return query
}

/** Response time, p95 in seconds. */
export const responseTimeQuery = (recommendation: Recommendation): Query => figure(recommendation, 'p95')

/** Requests per second of all instances together. */
export const requestsQuery = (recommendation: Recommendation): Pick<Query, 'expression' | 'assumes'> => {
  const { deployment, prometheus } = recommendation
  if (prometheus?.requests !== undefined) return { expression: prometheus.requests, assumes: 'as prometheus.requests of the configuration says' }
  return deployment?.kind === 'kubernetes' ? ingressRequests(deployment) : clientRequests(jobOf(recommendation))
}
