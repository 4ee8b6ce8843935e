/** What a server counts of each statement or command: what came while load ran, and which of them are worth telling. */
import type { Observation } from '../run.ts'

/** Since the server began to count. What it doesn't count is absent. */
export type Statement = {
  readonly id: string
  readonly query: string
  readonly calls: number
  /** Milliseconds. */
  readonly total: number
  /** Sent or changed. */
  readonly rows?: number
  readonly rows_examined?: number
  /** Of each call's time: the sum of the squares, and the longest since the server began to count. */
  readonly squares?: number
  readonly longest?: number
  /** Calls that read a table from end to end. */
  readonly without_index?: number
}
export type Statements = ReadonlyMap<string, Statement>

export const statementsOf = (rows: readonly Statement[]): Statements => new Map(rows.map((row) => [row.id, row]))

type Counter = Exclude<keyof Statement, 'id' | 'query' | 'squares' | 'longest'>
const counters: readonly Counter[] = ['calls', 'total', 'rows', 'rows_examined', 'without_index']

/** What came between two looks: the text on one line, and each counter's growth. */
export type Grown = {
  readonly id: string
  readonly query: string
  readonly calls: number
  readonly total: number
  readonly values: Readonly<Record<string, number>>
}

const most = { byTime: 10, byCalls: 5, byMean: 5 } as const
const longestText = 600 // characters of a statement; what matters of it stands at the beginning

const oneLine = (query: string): string => {
  const text = query.replace(/\s+/g, ' ').trim()
  return text.length > longestText ? `${text.slice(0, longestText)} …` : text
}

/** Those that were called between two looks. One that the server forgot in between counts from 0 again. */
export const statementsBetween = (before: Statements, after: Statements): Grown[] =>
  [...after.values()].flatMap((now) => {
    const earlier = before.get(now.id)
    const from = earlier === undefined || earlier.calls > now.calls ? undefined : earlier
    const growth = (counter: Counter): number => (now[counter] ?? 0) - (from?.[counter] ?? 0)
    const [calls, total] = [growth('calls'), growth('total')]
    const values = Object.fromEntries(counters.flatMap((counter) => (now[counter] === undefined ? [] : [[counter, growth(counter)]])))
    return calls <= 0 ? [] : [{ id: now.id, query: oneLine(now.query), calls, total, values: { ...values, mean: total / calls } }]
  })

/** Those worth telling: by the time they took together, by a call's, and by how often they were called; the longest together first. */
export const observationsOf = (
  probe: string,
  kind: 'query' | 'command',
  grown: readonly Grown[],
  historyOf: (id: string) => Observation['history'] = () => undefined,
): Observation[] => {
  const all = grown.reduce((sum, { total }) => sum + total, 0)
  const by = (value: (each: Grown) => number, count: number): Grown[] => grown.toSorted((a, b) => value(b) - value(a)).slice(0, count)
  const chosen = new Set([
    ...by(({ total }) => total, most.byTime),
    ...by(({ total, calls }) => total / calls, most.byMean),
    ...by(({ calls }) => calls, most.byCalls),
  ])
  return [...chosen]
    .toSorted((a, b) => b.total - a.total)
    .map(({ id, query: subject, total, values }) => {
      const history = historyOf(id)
      return { probe, kind, subject, values: { ...values, share: all > 0 ? total / all : 0 }, ...(history !== undefined && { history }) }
    })
}
