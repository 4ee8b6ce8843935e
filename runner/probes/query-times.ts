/** How long a database's queries took, as far as its sums tell: the mean exactly, and between which values each percentile must lie. */
import type { Observation } from '../run.ts'
import { type Moments, quantileWithin } from '../stats/mixture.ts'
import type { Statement, Statements } from './statements.ts'

const percentiles = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, max: 1 } as const

const momentsOf = (now: Statement, before: Statement | undefined): Moments | undefined => {
  const from = before === undefined || before.calls > now.calls ? undefined : before
  const count = now.calls - (from?.calls ?? 0)
  if (count <= 0) return undefined
  const mean = Math.max(0, now.total - (from?.total ?? 0)) / count
  const squares = now.squares === undefined ? undefined : now.squares - (from?.squares ?? 0)
  // The longest may be older than the load; it still bounds what came since.
  return {
    count,
    mean,
    ...(squares !== undefined && { spread: Math.sqrt(Math.max(0, squares / count - mean ** 2)) }),
    ...(now.longest !== undefined && { most: Math.max(now.longest, mean) }),
  }
}

/** One observation, or none where no query came between the two looks. `forgotten`: statements whose earlier counts the server threw away. */
export const queryTimesOf = (probe: string, before: Statements, after: Statements): Observation[] => {
  const parts = [...after.values()].flatMap((now) => momentsOf(now, before.get(now.id)) ?? [])
  const calls = parts.reduce((sum, { count }) => sum + count, 0)
  if (calls === 0) return []
  const forgotten = [...before.values()].filter(({ id, calls: earlier }) => (after.get(id)?.calls ?? 0) < earlier).length
  const bounds = Object.entries(percentiles).flatMap(([name, p]) => {
    const { lower, upper } = quantileWithin(parts, p)
    return [
      [`${name}_low`, Number(lower.toPrecision(6))],
      [`${name}_high`, Number(upper.toPrecision(6))],
    ]
  })
  const mean = parts.reduce((sum, part) => sum + part.mean * part.count, 0) / calls
  return [{ probe, kind: 'query_time', subject: 'all statements', values: { calls, mean, statements: parts.length, forgotten, ...Object.fromEntries(bounds) } }]
}
