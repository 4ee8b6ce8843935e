/** What the user's own Prometheus calls the figures of the service: the configuration's word goes before every assumption. */
import type { Alert, GivenQueries } from '../../recommendation.ts'
import type { Names, Query } from './query.ts'

const assumes = 'as prometheus.* of the configuration says'
const given = (expression: string): Query => ({ expression, assumes, feed: undefined })

/** @param others assumed ones, for what was not given @param capacity requests per second that one instance holds */
export const givenNames =
  ({ p95, errors, requests, instances }: GivenQueries, others: Names, capacity: number): Names =>
  (alert) => {
    const other = (metric: Alert['metric']): string => {
      const query = others({ ...alert, metric })
      return 'without' in query ? query.without : query.expression
    }
    const count = instances ?? other('instances')
    if (alert.metric === 'p95' && p95 !== undefined) return given(p95)
    if (alert.metric === 'instances' && instances !== undefined) return given(instances)
    if (alert.metric === 'errors' && errors !== undefined && requests !== undefined) return given(`((${errors}) or vector(0)) / (${requests})`)
    if (alert.metric === 'capacity' && requests !== undefined) return given(`(${requests}) / ((${count}) * ${capacity})`)
    return others(alert)
  }
