/** Tables that were read from end to end while load ran, and the index that would spare it. */
import type { Observation } from '../../run.ts'

export const tablesQuery = `
  /* scale-surgeon */
  select relid::text as id, schemaname as schema, relname as name, seq_scan::float8 as scans, seq_tup_read::float8 as scanned, coalesce(idx_scan, 0)::float8 as index_scans,
    n_live_tup::float8 as live, n_dead_tup::float8 as dead, greatest(last_vacuum, last_autovacuum)::text as vacuumed
  from pg_stat_user_tables`

/** First columns of every index. */
export const indexesQuery = `
  /* scale-surgeon */
  select i.indrelid::text as id, a.attname as first
  from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
  where i.indisvalid`

export type Table = {
  readonly id: string
  readonly schema: string
  readonly name: string
  readonly scans: number
  readonly scanned: number
  readonly index_scans: number
  readonly live: number
  readonly dead: number
  readonly vacuumed: string | null
}
export type Tables = ReadonlyMap<string, Table>
/** First columns of a table's indexes. */
export type Indexes = ReadonlyMap<string, ReadonlySet<string>>

/** Rows read by an average scan from which an index would be worth its keep; small tables are read whole by right. */
const large = 1000
const most = 10

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * The column that a statement compares with a value, if the table has no index that begins with it. Statements come normalised
 * (`… from orders where customer_id = $1`); only plain comparisons are understood, and nothing is guessed beyond them.
 */
export const missingIndex = ({ id, schema, name }: Pick<Table, 'id' | 'schema' | 'name'>, queries: readonly string[], indexes: Indexes): string | undefined => {
  const table = `(?:"?${schema}"?\\.)?"?${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?`
  for (const query of queries) {
    if (!new RegExp(`\\b(?:from|join|update)\\s+(?:only\\s+)?${table}(?![\\w"])`, 'i').test(query)) continue
    if (/\bjoin\b/i.test(query)) continue // whose column it is can't be told without the planner
    const column = /\bwhere\s+(?:"?\w+"?\.)?"?(\w+)"?\s*(?:=|<|>|<=|>=|\bin\b|\bbetween\b)\s*\(?\s*\$\d/i.exec(query)?.[1]
    if (column === undefined || indexes.get(id)?.has(column)) continue
    return `CREATE INDEX CONCURRENTLY ON ${quoted(schema)}.${quoted(name)} (${quoted(column)});`
  }
  return undefined
}

/** @param queries the statements that took the most time, first ones first */
export const tableObservations = (probe: string, before: Tables, after: Tables, queries: readonly string[], indexes: Indexes): Observation[] =>
  [...after.values()]
    .flatMap((table) => {
      const earlier = before.get(table.id)
      const scans = table.scans - (earlier?.scans ?? 0)
      const scanned = table.scanned - (earlier?.scanned ?? 0)
      if (scans <= 0 || scanned / scans < large) return []
      const index = missingIndex(table, queries, indexes)
      return [
        {
          probe,
          kind: 'table',
          subject: `${table.schema}.${table.name}`,
          values: {
            scans,
            rows_scanned: scanned,
            rows_per_scan: scanned / scans,
            index_scans: table.index_scans - (earlier?.index_scans ?? 0),
            live_rows: table.live,
            dead_rows: table.dead,
            vacuumed: table.vacuumed,
            index: index ?? null,
          },
        },
      ]
    })
    .toSorted((a, b) => b.values.rows_scanned - a.values.rows_scanned)
    .slice(0, most)
