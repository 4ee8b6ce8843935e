/** What PostgreSQL's sessions are doing, and what it counts of a database: one round trip a second. */
import type { Counted, Growth } from '../counters.ts'
import { type Sample, samplesOf as sampler } from '../probe.ts'

/**
 * Of all statements of the database but this one, whose number stands beside its session; without the texts, which lie in a file.
 * PostgreSQL tells that number from 14 on.
 */
const queriesQuery = `(select json_build_object('calls', sum(calls), 'time', sum(total_exec_time)) from pg_stat_statements(showtext := false)
      where dbid = (select oid from pg_database where datname = current_database())
        and queryid is distinct from (select query_id from pg_stat_activity where pid = pg_backend_pid()))`

/**
 * Columns of one row. `longest_…` are milliseconds; counters go on since the server's statistics were reset.
 * @param hasStatements pg_stat_statements can be read
 */
export const activityQuery = (hasStatements: boolean): string => `
  /* scale-surgeon */
  select
    count(*) filter (where backend_type = 'client backend')::int as seen,
    (select sum(numbackends) from pg_stat_database)::int as backends,
    (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int) as usable,
    count(*) filter (where state = 'active' and pid <> pg_backend_pid())::int as active,
    count(*) filter (where state = 'idle')::int as idle,
    count(*) filter (where state like 'idle in transaction%')::int as idle_in_transaction,
    count(*) filter (where state = 'active' and wait_event_type = 'Lock')::int as waiting_for_locks,
    count(*) filter (where state = 'active' and wait_event_type in ('IO', 'LWLock'))::int as waiting_for_storage,
    coalesce(max(extract(epoch from clock_timestamp() - xact_start)) filter (where pid <> pg_backend_pid()), 0)::float8 * 1000 as longest_transaction,
    coalesce(max(extract(epoch from clock_timestamp() - state_change)) filter (where wait_event_type = 'Lock'), 0)::float8 * 1000 as longest_lock_wait,
    count(*) filter (where query = '<insufficient privilege>')::int as hidden,
    (select max(extract(epoch from replay_lag))::float8 * 1000 from pg_stat_replication) as replication_lag,
    (select json_build_object(
        'commits', sum(xact_commit), 'rollbacks', sum(xact_rollback), 'deadlocks', sum(deadlocks), 'temp_bytes', sum(temp_bytes),
        'blocks_hit', sum(blks_hit), 'blocks_read', sum(blks_read), 'rows_read', sum(tup_returned), 'rows_written', sum(tup_inserted + tup_updated + tup_deleted))
      from pg_stat_database where datname = current_database()) as counted,
    extract(epoch from pg_postmaster_start_time())::float8 as started,
    ${hasStatements ? queriesQuery : 'null::json'} as queries
  from pg_stat_activity`

export type Activity = {
  /** Client sessions, as far as this role may see them. */
  readonly seen: number
  /** Sessions of all kinds that are in a database; every role may see how many. */
  readonly backends: number
  readonly usable: number
  readonly active: number
  readonly idle: number
  readonly idle_in_transaction: number
  readonly waiting_for_locks: number
  readonly waiting_for_storage: number
  readonly longest_transaction: number
  readonly longest_lock_wait: number
  /** Sessions of which this role may not see the state. */
  readonly hidden: number
  readonly replication_lag: number | null
  /** Seconds since 1970 at which the server began. */
  readonly started: number
  /** Calls and their time in ms, of all statements; null where that is not counted. */
  readonly queries: { readonly calls: number | null; readonly time: number | null } | null
  readonly counted: Readonly<Record<'commits' | 'rollbacks' | 'deadlocks' | 'temp_bytes' | 'blocks_hit' | 'blocks_read' | 'rows_read' | 'rows_written', number>>
}

/** What is counted of one reading, by name. */
export const countedBy = ({ counted, queries }: Activity): Counted => ({
  ...counted,
  ...(queries !== null && { calls: queries.calls ?? 0, time: queries.time ?? 0 }),
})

export const samplesOf = (name: string, now: Activity, growth: Growth): Sample[] => {
  const sample = sampler(name)
  // What a role may not see is unknown, and not idle.
  const seen = (value: number): number | null => (now.hidden > 0 ? null : value)
  const [calls, time] = [growth.grown('calls'), growth.grown('time')]
  return [
    sample('connections', 'count', now.hidden > 0 ? now.backends : now.seen, now.usable),
    sample('active', 'count', seen(now.active)),
    sample('idle_in_transaction', 'count', seen(now.idle_in_transaction)),
    sample('waiting_for_locks', 'count', seen(now.waiting_for_locks)),
    sample('waiting_for_storage', 'count', seen(now.waiting_for_storage)),
    sample('longest_transaction', 'ms', seen(now.longest_transaction)),
    sample('longest_lock_wait', 'ms', seen(now.longest_lock_wait)),
    ...(now.replication_lag === null ? [] : [sample('replication_lag', 'ms', now.replication_lag)]),
    sample('commits', '/s', growth.rate('commits')),
    sample('rollbacks', '/s', growth.rate('rollbacks')),
    sample('deadlocks', 'count', growth.grown('deadlocks')),
    sample('temp_files', 'bytes/s', growth.rate('temp_bytes')),
    sample('cache_hit', 'ratio', growth.share('blocks_hit', 'blocks_read')),
    sample('rows_read', '/s', growth.rate('rows_read')),
    sample('rows_written', '/s', growth.rate('rows_written')),
    ...(now.queries === null
      ? []
      : [sample('queries', '/s', growth.rate('calls')), sample('query_time', 'ms', calls === null || time === null || calls === 0 ? null : time / calls)]),
  ]
}
