/** What a MySQL or MariaDB counts, and what its transactions wait for: two small queries a second. */
import type { Counted, Growth } from '../counters.ts'
import { type Sample, toldSamplesOf } from '../probe.ts'

/** Names of SHOW GLOBAL STATUS, in lower case: MySQL and MariaDB differ in some capitals. */
const wanted = [
  'threads_connected',
  'threads_running',
  'connection_errors_max_connections',
  'aborted_connects',
  'questions',
  'slow_queries',
  'select_scan',
  'created_tmp_disk_tables',
  'innodb_row_lock_current_waits',
  'innodb_row_lock_waits',
  'innodb_deadlocks',
  'innodb_buffer_pool_read_requests',
  'innodb_buffer_pool_reads',
  'innodb_rows_read',
]

export const statusQuery = `show /* scale-surgeon */ global status where variable_name in (${wanted.map((name) => `'${name}'`).join(', ')})`

export type Named = { readonly Variable_name: string; readonly Value: string }

export const statusOf = (rows: readonly Named[]): Counted =>
  Object.fromEntries(rows.flatMap(({ Variable_name: name, Value: value }) => (value === '' ? [] : [[name.toLowerCase(), Number(value)]])))

/** Milliseconds; the server knows the beginning of a transaction to the second. */
export const transactionsQuery = `
  select /* scale-surgeon */
    coalesce(max(timestampdiff(microsecond, trx_started, now(6))), 0) / 1e3 as longest,
    coalesce(max(timestampdiff(microsecond, trx_wait_started, now(6))), 0) / 1e3 as longest_wait
  from information_schema.innodb_trx`

export type Transactions = { readonly longest: number; readonly longest_wait: number }

/** @param transactions undefined when the role may not see them · what this server does not count has no series */
export const samplesOf = (name: string, status: Counted, growth: Growth, limit: number | undefined, transactions: Transactions | undefined): Sample[] => {
  const sample = toldSamplesOf(name)
  const rate = (what: string, counter: string): Sample[] => (status[counter] === undefined ? [] : sample(what, '/s', growth.rate(counter)))
  const grown = (what: string, counter: string): Sample[] => (status[counter] === undefined ? [] : sample(what, 'count', growth.grown(counter)))
  const [requests, reads] = [growth.grown('innodb_buffer_pool_read_requests'), growth.grown('innodb_buffer_pool_reads')]
  return [
    ...sample('connections', 'count', status.threads_connected, limit),
    ...sample('running', 'count', status.threads_running),
    // One more than the limit may come in, to be told that it is no superuser: that one counts as aborted alone.
    ...grown('rejected_connections', 'connection_errors_max_connections'),
    ...grown('aborted_connections', 'aborted_connects'),
    ...sample('waiting_for_locks', 'count', status.innodb_row_lock_current_waits),
    ...sample('longest_transaction', 'ms', transactions && Math.max(0, transactions.longest)),
    ...sample('longest_lock_wait', 'ms', transactions && Math.max(0, transactions.longest_wait)),
    ...rate('lock_waits', 'innodb_row_lock_waits'),
    ...grown('deadlocks', 'innodb_deadlocks'),
    ...rate('queries', 'questions'),
    ...grown('slow_queries', 'slow_queries'),
    // Pages that were asked for, and those of them that had to be read from the disk.
    ...sample('cache_hit', 'ratio', requests === null || reads === null || requests === 0 ? null : Math.max(0, 1 - reads / requests)),
    ...rate('rows_read', 'innodb_rows_read'),
    ...rate('table_scans', 'select_scan'),
    ...rate('temp_tables_on_disk', 'created_tmp_disk_tables'),
  ]
}
