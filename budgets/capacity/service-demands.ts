/** What each of several kinds of requests takes of a resource: U = b + ΣD·X, no D below 0, where the rates moved apart. */
import { type Declined, declined } from '../../runner/stats/few.ts'
import { solve } from '../../runner/stats/least-squares.ts'
import { nonNegativeLeastSquares } from '../../runner/stats/non-negative.ts'

const mostInflated = 10 // times the spread of a demand is what it would be if the other kinds stood still

/**
 * Whether the rate of each kind moves by itself: diagonal of the inverse of their correlations (variance inflation factors).
 * Source: Marquardt, Generalized Inverses, Ridge Regression, Biased Linear Estimation, and Nonlinear Estimation, 1970.
 */
const moveApart = (points: readonly (readonly number[])[]): boolean => {
  const kinds = (points[0] ?? []).map((_, kind) => points.map((rates) => rates[kind] as number))
  const deviations = kinds.map((rates) => rates.map((rate) => rate - rates.reduce((sum, each) => sum + each, 0) / rates.length))
  const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * (b[at] as number), 0)
  const correlations = deviations.map((a) => deviations.map((b) => product(a, b) / Math.sqrt(product(a, a) * product(b, b))))
  return kinds.every((_, kind) => {
    const column = solve(
      correlations,
      kinds.map((_, other) => Number(other === kind)),
    )
    return column !== undefined && (column[kind] as number) <= mostInflated
  })
}

export type DemandOfKind = {
  /** s, 0 or more. */
  readonly demand: number
  /** Its standard error, s; NaN where there are no more points than unknowns. */
  readonly error: number
}

/** By the spread that is left and how much the rates moved, as in any line of several slopes. */
const errorsOf = (rows: readonly (readonly number[])[], misses: readonly number[]): number[] => {
  const kinds = (rows[0] ?? []).map((_, kind) => kind)
  const variance = misses.reduce((sum, miss) => sum + miss ** 2, 0) / (rows.length - kinds.length)
  const curvature = kinds.map((a) => kinds.map((b) => rows.reduce((sum, row) => sum + (row[a] as number) * (row[b] as number), 0)))
  return kinds.map((kind) =>
    Math.sqrt(
      variance *
        (solve(
          curvature,
          kinds.map((other) => Number(other === kind)),
        )?.[kind] ?? NaN),
    ),
  )
}

/** Several kinds of requests: `rates` by kind at each point, in the same order. Background is part of the answer. */
export const serviceDemands = (
  points: readonly { readonly rates: readonly number[]; readonly busy: number }[],
):
  | {
      readonly declined: false
      readonly background: number
      readonly demands: readonly DemandOfKind[] /** Share of the spread of use, 0–1. */
      readonly determination: number
    }
  | Declined => {
  const rows = points.map(({ rates }) => [1, ...rates])
  const uses = points.map(({ busy }) => busy)
  const found = moveApart(points.map(({ rates }) => rates)) ? nonNegativeLeastSquares(rows, uses) : undefined
  if (found === undefined) return declined('The demand of each kind of request is unknown, because their rates rose and fell together.')
  const misses = rows.map((row, at) => (uses[at] as number) - row.reduce((sum, value, kind) => sum + value * (found[kind] as number), 0))
  const average = uses.reduce((sum, use) => sum + use, 0) / uses.length
  const spread = uses.reduce((sum, use) => sum + (use - average) ** 2, 0)
  const errors = errorsOf(rows, misses)
  const [background = 0, ...demands] = found
  return {
    declined: false,
    background,
    demands: demands.map((demand, kind) => ({ demand, error: errors[kind + 1] as number })),
    determination: 1 - misses.reduce((sum, miss) => sum + miss ** 2, 0) / spread,
  }
}
