/** What pg_stat_statements counted while load ran: which statements took the time, and which were called too often. */
import type { Observation } from '../../run.ts'

/** Times in milliseconds, since the statistics were reset. Our own statements and those about statistics are left out. */
export const statementsQuery = `
  /* scale-surgeon */
  select queryid::text as id, min(query) as query, sum(calls)::float8 as calls, sum(total_exec_time)::float8 as total, max(max_exec_time)::float8 as longest,
    sum(rows)::float8 as rows
  from pg_stat_statements
  where dbid = (select oid from pg_database where datname = current_database())
    and query not like '%scale-surgeon%' and query not ilike '%pg_stat_%'
  group by queryid`

export type Statement = {
  readonly id: string
  readonly query: string
  readonly calls: number
  readonly total: number
  /** Of all calls since the statistics were reset, so it may be older than the load. */
  readonly longest: number
  readonly rows: number
}

export type Statements = ReadonlyMap<string, Statement>

const most = { byTime: 10, byCalls: 5, byMean: 5 } as const
const longestText = 600 // characters of a statement; what matters of it stands at the beginning

const oneLine = (query: string): string => {
  const text = query.replace(/\s+/g, ' ').trim()
  return text.length > longestText ? `${text.slice(0, longestText)} …` : text
}

type Grown = Omit<Statement, 'id' | 'longest'> & { readonly mean: number }

/** What came between two looks. A statement that the server forgot in between counts from 0 again. */
export const statementsBetween = (before: Statements, after: Statements): Grown[] =>
  [...after.values()].flatMap(({ id, query, calls, total, rows }) => {
    const earlier = before.get(id)
    const isNew = earlier === undefined || earlier.calls > calls
    const [c, t, r] = isNew ? [calls, total, rows] : [calls - earlier.calls, total - earlier.total, rows - earlier.rows]
    return c <= 0 ? [] : [{ query: oneLine(query), calls: c, total: t, rows: r, mean: t / c }]
  })

/** The statements worth telling: by the time they took together, by a call's, and by how often they were called. */
export const observationsOf = (probe: string, grown: readonly Grown[]): Observation[] => {
  const all = grown.reduce((sum, { total }) => sum + total, 0)
  const by = (value: (statement: Grown) => number, count: number): Grown[] => grown.toSorted((a, b) => value(b) - value(a)).slice(0, count)
  const chosen = new Set([...by(({ total }) => total, most.byTime), ...by(({ mean }) => mean, most.byMean), ...by(({ calls }) => calls, most.byCalls)])
  return [...chosen]
    .toSorted((a, b) => b.total - a.total)
    .map(({ query, calls, total, rows, mean }) => ({
      probe,
      kind: 'query',
      subject: query,
      values: { calls, total, mean, rows, share: all > 0 ? total / all : 0 },
    }))
}
