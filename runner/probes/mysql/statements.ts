/** What the performance schema counted of each statement while load ran: which took the time, and which found no index. */
import type { Observation } from '../../run.ts'

/** Times in milliseconds, since the summary was emptied. Our own statements are left out. */
export const statementsQuery = `
  select /* scale-surgeon */ digest as id, digest_text as query, count_star + 0e0 as calls, sum_timer_wait / 1e9 as total, sum_rows_sent + 0e0 as rows_sent,
    sum_rows_examined + 0e0 as rows_examined, sum_no_index_used + 0e0 as without_index
  from performance_schema.events_statements_summary_by_digest
  where schema_name = database() and digest_text not like '%performance_schema%' and digest_text not like '%innodb_trx%' and digest_text not like 'SHOW %'`

export type Statement = {
  readonly id: string
  readonly query: string
  readonly calls: number
  readonly total: number
  readonly rows_sent: number
  readonly rows_examined: number
  /** Calls that read a table from end to end. */
  readonly without_index: number
}
export type Statements = ReadonlyMap<string, Statement>

const most = { byTime: 10, byCalls: 5, byMean: 5 } as const
const longestText = 600 // characters of a statement; what matters of it stands at the beginning

type Grown = Omit<Statement, 'id'> & { readonly mean: number }

/** What came between two looks. A statement that the server forgot in between counts from 0 again. */
const between = (before: Statements, after: Statements): Grown[] =>
  [...after.values()].flatMap(({ id, query, ...now }) => {
    const earlier = before.get(id)
    const from = earlier === undefined || earlier.calls > now.calls ? { calls: 0, total: 0, rows_sent: 0, rows_examined: 0, without_index: 0 } : earlier
    const calls = now.calls - from.calls
    if (calls <= 0) return []
    const total = now.total - from.total
    return [
      {
        query: query.length > longestText ? `${query.slice(0, longestText)} …` : query,
        calls,
        total,
        mean: total / calls,
        rows_sent: now.rows_sent - from.rows_sent,
        rows_examined: now.rows_examined - from.rows_examined,
        without_index: now.without_index - from.without_index,
      },
    ]
  })

/** The statements worth telling: by the time they took together, by a call's, and by how often they were called. */
export const statementObservations = (probe: string, before: Statements, after: Statements): Observation[] => {
  const grown = between(before, after)
  const all = grown.reduce((sum, { total }) => sum + total, 0)
  const by = (value: (statement: Grown) => number, count: number): Grown[] => grown.toSorted((a, b) => value(b) - value(a)).slice(0, count)
  const chosen = new Set([...by(({ total }) => total, most.byTime), ...by(({ mean }) => mean, most.byMean), ...by(({ calls }) => calls, most.byCalls)])
  return [...chosen]
    .toSorted((a, b) => b.total - a.total)
    .map(({ query, calls, total, mean, rows_sent: rows, rows_examined, without_index }) => ({
      probe,
      kind: 'query',
      subject: query,
      values: { calls, total, mean, rows, share: all > 0 ? total / all : 0, rows_examined, without_index },
    }))
}
