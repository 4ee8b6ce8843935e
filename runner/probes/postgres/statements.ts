/** What pg_stat_statements counts of each statement. Times in milliseconds. Our own statements and those about statistics are left out. */
export const statementsQuery = `
  /* scale-surgeon */
  select queryid::text as id, min(query) as query, sum(calls)::float8 as calls, sum(total_exec_time)::float8 as total, sum(rows)::float8 as rows,
    sum(calls * (stddev_exec_time ^ 2 + mean_exec_time ^ 2))::float8 as squares, max(max_exec_time)::float8 as longest
  from pg_stat_statements
  where dbid = (select oid from pg_database where datname = current_database())
    and query not like '%scale-surgeon%' and query not ilike '%pg_stat_%'
  group by queryid`

/** Counts alone: without the texts, which lie in a file, it reads memory only. */
export const countsQuery = `
  /* scale-surgeon */
  select queryid::text as id, sum(calls)::float8 as calls, sum(total_exec_time)::float8 as total
  from pg_stat_statements(showtext := false)
  where dbid = (select oid from pg_database where datname = current_database())
  group by queryid`
