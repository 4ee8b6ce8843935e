/** What the performance schema counts of each statement. Times in milliseconds. Our own statements are left out. */
export const statementsQuery = `
  select /* scale-surgeon */ digest as id, digest_text as query, count_star + 0e0 as calls, sum_timer_wait / 1e9 as total, sum_rows_sent + 0e0 as \`rows\`,
    sum_rows_examined + 0e0 as rows_examined, sum_no_index_used + 0e0 as without_index,
    max_timer_wait / 1e9 as longest
  from performance_schema.events_statements_summary_by_digest
  where schema_name = database() and digest_text not like '%performance_schema%' and digest_text not like '%innodb_trx%' and digest_text not like 'SHOW %'`

/** Counts alone, which tell when a statement took its time. */
export const countsQuery = `
  select /* scale-surgeon */ digest as id, count_star + 0e0 as calls, sum_timer_wait / 1e9 as total
  from performance_schema.events_statements_summary_by_digest
  where schema_name = database()`
