/** Names that client libraries of Prometheus use, for a service outside Kubernetes: its job is the service's name. */
import { growing, matching, type Names, over, type Query, steady } from './query.ts'
import { serverQuery } from './servers.ts'

const ofClient = 'a client library of Prometheus in each instance, scraped under the job'
const instance = '10.0.0.1:8080'

/** All requests per second. */
export const clientRequests = (job: string): Pick<Query, 'expression' | 'assumes'> => ({
  expression: `sum(rate(http_requests_total${matching({ job })}${over}))`,
  assumes: ofClient,
})

/** @param capacity requests per second that one instance holds */
export const plainNames = (job: string, capacity: number): Names => {
  const of = matching({ job })
  const one = matching({ job, instance })
  const all = clientRequests(job).expression
  const query = (expression: string, assumes: string, feed: Query['feed']): Query => ({ expression, assumes, feed })
  return (alert) => {
    const { metric, limit = 1 } = alert
    switch (metric) {
      case 'cpu':
        return query(
          `avg(rate(process_cpu_seconds_total${of}${over})) / ${limit}`,
          `${ofClient}, and that an instance may use what was measured, ${limit} cores`,
          (value) => [growing(`process_cpu_seconds_total${one}`, value * limit)],
        )
      case 'memory':
        return query(`max(process_resident_memory_bytes${of}) / ${limit}`, `${ofClient}, and that an instance may use ${limit} bytes`, (value) => [
          steady(`process_resident_memory_bytes${one}`, value * limit),
        ])
      case 'p95':
        return query(`histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket${of}${over})))`, ofClient, (value) =>
          [String(value / 0.95), '+Inf'].map((le) => growing(`http_request_duration_seconds_bucket${matching({ job, instance, le })}`, 100)),
        )
      case 'errors':
        return query(`(sum(rate(http_requests_total${matching({ job }, 'code=~"5.."')}${over})) or vector(0)) / ${all}`, ofClient, (value) => [
          growing(`http_requests_total${matching({ job, instance, code: '503' })}`, 1000 * value),
          growing(`http_requests_total${matching({ job, instance, code: '200' })}`, 1000 * (1 - value)),
        ])
      case 'capacity':
        return query(`${all} / (sum(up${of}) * ${capacity})`, ofClient, (value) => [
          growing(`http_requests_total${matching({ job, instance, code: '200' })}`, value * capacity),
          steady(`up${one}`, 1),
        ])
      case 'instances':
        return query(`sum(up${of})`, ofClient, (value) => [steady(`up${one}`, value)])
      default:
        return serverQuery(alert)
    }
  }
}
