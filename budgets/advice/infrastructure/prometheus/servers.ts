/** Databases and queues, by the names of their own exporters: which one a series was, its probe tells. */
import type { Alert } from '../../recommendation.ts'
import { matching, type Query, steady } from './query.ts'

const without = (alert: Alert): { readonly without: string } => ({
  without: `No rule on "${alert.name}", because ${alert.kind === undefined ? 'which server it is of is not known' : `what an exporter calls it is not known for ${alert.kind}`}. Watch it by a prometheus probe, and its query becomes the rule.`,
})

/** The queue's own name, as the probe called it. @example queueOf('jobs.depth.mails') // 'mails' */
const queueOf = (series: string): string => series.split('.').slice(2).join('.')

export const serverQuery = (alert: Alert): Query | { readonly without: string } => {
  const { metric, kind, series = '' } = alert
  if (metric === 'connections' && kind === 'postgres')
    return {
      expression: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections)',
      assumes: 'postgres_exporter, of one server',
      feed: (value) => [steady('pg_stat_activity_count{datname="shop",state="active"}', 1000 * value), steady('pg_settings_max_connections', 1000)],
    }
  if (metric === 'connections' && (kind === 'mysql' || kind === 'mariadb'))
    return {
      expression: 'max(mysql_global_status_threads_connected / mysql_global_variables_max_connections)',
      assumes: 'mysqld_exporter',
      feed: (value) => [steady('mysql_global_status_threads_connected', 1000 * value), steady('mysql_global_variables_max_connections', 1000)],
    }
  if (metric === 'queue' && kind === 'rabbitmq') {
    const depth = `rabbitmq_queue_messages_ready${matching({ queue: queueOf(series) })}`
    return {
      expression: `sum(${depth})`,
      assumes: 'the plug-in rabbitmq_prometheus, with metrics of each queue (return_per_object_metrics or /metrics/per-object)',
      feed: (value) => [steady(depth, value)],
    }
  }
  return without(alert)
}
