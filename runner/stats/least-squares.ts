/**
 * Nonlinear least squares of few parameters by damped Gauss-Newton steps.
 * Sources: Levenberg, A Method for the Solution of Certain Non-Linear Problems in Least Squares, 1944; Marquardt, An Algorithm for
 * Least-Squares Estimation of Nonlinear Parameters, 1963 (damping in proportion to the diagonal, so that the units do not matter).
 * A parameter at its bound is fixed there by the caller and the others are fitted again: clamping each step stalls (science.md §18).
 */

/** @returns for each observation the residual and its derivatives by the parameters; undefined where the model has no value */
export type Model = (parameters: readonly number[]) => readonly { readonly residual: number; readonly slopes: readonly number[] }[] | undefined

export type Fitted = {
  readonly parameters: readonly number[]
  readonly sumOfSquares: number
  /** Of the free parameters, by the curvature at the optimum; 0 for a fixed one, NaN where there are no more observations than parameters. */
  readonly standardErrors: readonly number[]
}

const singular = 1e-12 // of a pivot, every parameter in units of its own spread

/**
 * Solves a symmetric positive system by elimination with pivots; undefined when two of its columns say the same.
 * @example solve([[2, 0], [0, 4]], [2, 4]) // [1, 1]
 */
export const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined => {
  const scales = matrix.map((row, at) => Math.sqrt(Math.abs(row[at] as number)) || 1)
  const scaleOf = (at: number): number => scales[at] as number
  const rows = matrix.map((row, at) => [...row.map((value, to) => value / scaleOf(at) / scaleOf(to)), (right[at] as number) / scaleOf(at)])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let at = column + 1; at < size; at++)
      if (Math.abs((rows[at] as number[])[column] as number) > Math.abs((rows[pivot] as number[])[column] as number)) pivot = at
    const [top, other] = [rows[pivot] as number[], rows[column] as number[]]
    rows[column] = top
    rows[pivot] = other
    const divisor = top[column] as number
    if (!(Math.abs(divisor) > singular)) return undefined
    for (let at = 0; at < size; at++) {
      if (at === column) continue
      const row = rows[at] as number[]
      const factor = (row[column] as number) / divisor
      if (factor !== 0) for (let each = column; each <= size; each++) row[each] = (row[each] as number) - factor * (top[each] as number)
    }
  }
  return rows.map((row, at) => (row[size] as number) / (row[at] as number) / scaleOf(at))
}

type Normal = { readonly curvature: number[][]; readonly gradient: number[]; readonly sumOfSquares: number }

/** Everything of the observations that a step needs; Infinity where the model has no value. */
const normalOf = (model: Model, parameters: readonly number[], free: readonly number[]): Normal => {
  const size = free.length
  const curvature = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  const gradient = new Array<number>(size).fill(0)
  const observations = model(parameters)
  if (observations === undefined) return { curvature, gradient, sumOfSquares: Infinity }
  let sumOfSquares = 0
  // Plain loops: a bootstrap fits a thousand times.
  for (const { residual, slopes } of observations) {
    sumOfSquares += residual * residual
    for (let at = 0; at < size; at++) {
      const slope = slopes[free[at] as number] as number
      gradient[at] = (gradient[at] as number) + slope * residual
      const row = curvature[at] as number[]
      for (let to = 0; to < size; to++) row[to] = (row[to] as number) + slope * (slopes[free[to] as number] as number)
    }
  }
  return { curvature, gradient, sumOfSquares: Number.isNaN(sumOfSquares) ? Infinity : sumOfSquares }
}

const mostSteps = 500
const smallest = 1e-12 // relative improvement that is none

const standardErrorsOf = (model: Model, parameters: readonly number[], free: readonly number[]): number[] => {
  const observations = model(parameters)?.length ?? 0
  const { curvature, sumOfSquares } = normalOf(model, parameters, free)
  const degrees = observations - free.length
  const errors = parameters.map(() => 0)
  free.forEach((parameter, at) => {
    const column = solve(
      curvature,
      free.map((_, to) => (to === at ? 1 : 0)),
    )
    const variance = degrees > 0 && column !== undefined ? ((column[at] as number) * sumOfSquares) / degrees : Number.NaN
    errors[parameter] = Math.sqrt(variance)
  })
  return errors
}

/**
 * The parameters with the smallest sum of squared residuals near the start.
 * @param fixed positions of parameters that stay as they are
 */
export const leastSquares = (model: Model, start: readonly number[], fixed: ReadonlySet<number> = new Set()): Fitted => {
  const free = start.map((_, at) => at).filter((at) => !fixed.has(at))
  let parameters = [...start]
  let now = normalOf(model, parameters, free)
  let damping = 1e-3
  for (let step = 0; step < mostSteps && damping < 1e12; step++) {
    const damped = now.curvature.map((row, at) => row.map((value, to) => (at === to ? value * (1 + damping) : value)))
    const change = solve(damped, now.gradient)
    if (change === undefined) break
    const tried = [...parameters]
    free.forEach((parameter, at) => {
      tried[parameter] = (tried[parameter] as number) - (change[at] as number)
    })
    const then = normalOf(model, tried, free)
    if (then.sumOfSquares > now.sumOfSquares) {
      damping *= 4
      continue
    }
    const gained = now.sumOfSquares - then.sumOfSquares
    parameters = tried
    now = then
    damping /= 8
    if (gained <= smallest * now.sumOfSquares && damping < 1) break
  }
  return { parameters, sumOfSquares: now.sumOfSquares, standardErrors: standardErrorsOf(model, parameters, free) }
}
