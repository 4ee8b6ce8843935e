/**
 * Nonlinear least squares of few parameters by damped Gauss-Newton steps.
 * Sources: Levenberg, A Method for the Solution of Certain Non-Linear Problems in Least Squares, 1944; Marquardt, An Algorithm for
 * Least-Squares Estimation of Nonlinear Parameters, 1963 (damping in proportion to the diagonal, so that the units do not matter).
 * A parameter at its bound is fixed there by the caller and the others are fitted again: clamping each step stalls.
 */

/**
 * Writes for each observation the residual, and its derivatives by all parameters, one observation after the other.
 * @returns false where the model has no value
 */
export type Model = (parameters: readonly number[], residuals: Float64Array, slopes: Float64Array) => boolean

export type Fitted = {
  readonly parameters: readonly number[]
  readonly sumOfSquares: number
  /** Of the free parameters, by the curvature at the optimum; 0 for a fixed one, NaN where there are no more observations than parameters. */
  standardErrors(): number[]
}

const singular = 1e-12 // of a pivot, every parameter in units of its own spread

/**
 * Solves a symmetric positive system by elimination with pivots; undefined when two of its columns say the same.
 * @example solve([[2, 0], [0, 4]], [2, 4]) // [1, 1]
 */
export const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined => {
  const size = right.length
  const found = new Float64Array(size)
  const isSolved = solveInto(found, Float64Array.from(matrix.flat()), Float64Array.from(right), new Float64Array(size * (size + 2)))
  return isSolved ? [...found] : undefined
}

/** `solve` on rows that follow each other in one array. @param room for size × (size + 2) values, whatever they were */
const solveInto = (found: Float64Array, matrix: Float64Array, right: Float64Array, room: Float64Array): boolean => {
  const size = right.length
  const width = size + 1
  const scales = room.subarray(size * width)
  for (let at = 0; at < size; at++) scales[at] = Math.sqrt(Math.abs(matrix[at * size + at] as number)) || 1
  for (let at = 0; at < size; at++) {
    const scale = scales[at] as number
    for (let to = 0; to < size; to++) room[at * width + to] = (matrix[at * size + to] as number) / scale / (scales[to] as number)
    room[at * width + size] = (right[at] as number) / scale
  }
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let at = column + 1; at < size; at++) if (Math.abs(room[at * width + column] as number) > Math.abs(room[pivot * width + column] as number)) pivot = at
    if (pivot !== column) swap(room, pivot * width, column * width, width)
    const divisor = room[column * width + column] as number
    if (!(Math.abs(divisor) > singular)) return false
    for (let at = 0; at < size; at++) {
      if (at === column) continue
      const factor = (room[at * width + column] as number) / divisor
      if (factor === 0) continue
      for (let each = column; each <= size; each++)
        room[at * width + each] = (room[at * width + each] as number) - factor * (room[column * width + each] as number)
    }
  }
  for (let at = 0; at < size; at++) found[at] = (room[at * width + size] as number) / (room[at * width + at] as number) / (scales[at] as number)
  return true
}

const swap = (values: Float64Array, one: number, other: number, length: number): void => {
  for (let at = 0; at < length; at++) {
    const value = values[one + at] as number
    values[one + at] = values[other + at] as number
    values[other + at] = value
  }
}

/** Everything of the observations that a step needs. Plain loops over one array each: a bootstrap fits a thousand times. */
class Normal {
  readonly curvature: Float64Array
  readonly gradient: Float64Array
  /** Infinity where the model has no value. */
  sumOfSquares = Infinity

  constructor(
    private readonly model: Model,
    private readonly free: readonly number[],
    private readonly residuals: Float64Array,
    private readonly slopes: Float64Array,
  ) {
    this.curvature = new Float64Array(free.length ** 2)
    this.gradient = new Float64Array(free.length)
  }

  at(parameters: readonly number[]): this {
    const { curvature, gradient, free, residuals, slopes } = this
    curvature.fill(0)
    gradient.fill(0)
    this.sumOfSquares = Infinity
    if (!this.model(parameters, residuals, slopes)) return this
    const size = free.length
    let sumOfSquares = 0
    for (let observation = 0; observation < residuals.length; observation++) {
      const residual = residuals[observation] as number
      const from = observation * parameters.length
      sumOfSquares += residual * residual
      for (let at = 0; at < size; at++) {
        const slope = slopes[from + (free[at] as number)] as number
        gradient[at] = (gradient[at] as number) + slope * residual
        for (let to = 0; to < size; to++)
          curvature[at * size + to] = (curvature[at * size + to] as number) + slope * (slopes[from + (free[to] as number)] as number)
      }
    }
    this.sumOfSquares = Number.isNaN(sumOfSquares) ? Infinity : sumOfSquares
    return this
  }
}

const mostSteps = 500
const smallest = 1e-12 // relative change of the sum that is none

const standardErrorsOf = ({ curvature, sumOfSquares }: Normal, parameters: readonly number[], free: readonly number[], observations: number): number[] => {
  const size = free.length
  const degrees = observations - size
  const errors = parameters.map(() => 0)
  const [column, room] = [new Float64Array(size), new Float64Array(size * (size + 2))]
  free.forEach((parameter, at) => {
    const isSolved = solveInto(column, curvature, new Float64Array(size).fill(1, at, at + 1), room)
    errors[parameter] = degrees > 0 && isSolved ? Math.sqrt(((column[at] as number) * sumOfSquares) / degrees) : Number.NaN
  })
  return errors
}

/**
 * The parameters with the smallest sum of squared residuals near the start.
 * @param fixed positions of parameters that stay as they are
 */
export const leastSquares = (model: Model, observations: number, start: readonly number[], fixed: ReadonlySet<number> = new Set()): Fitted => {
  const free = start.map((_, at) => at).filter((at) => !fixed.has(at))
  const size = free.length
  const [residuals, slopes] = [new Float64Array(observations), new Float64Array(observations * start.length)]
  const [change, damped, room] = [new Float64Array(size), new Float64Array(size * size), new Float64Array(size * (size + 2))]
  let [parameters, tried] = [[...start], [...start]]
  let now = new Normal(model, free, residuals, slopes).at(parameters)
  let then = new Normal(model, free, residuals, slopes)
  let damping = 1e-3
  for (let step = 0; step < mostSteps && damping < 1e12; step++) {
    damped.set(now.curvature)
    for (let at = 0; at < size; at++) damped[at * size + at] = (damped[at * size + at] as number) * (1 + damping)
    if (!solveInto(change, damped, now.gradient, room)) break
    for (let at = 0; at < size; at++) {
      const parameter = free[at] as number
      tried[parameter] = (parameters[parameter] as number) - (change[at] as number)
    }
    then.at(tried)
    // A sum that rounding alone moves, up or down, is at its least: steps around it would not end.
    const isOver = Math.abs(now.sumOfSquares - then.sumOfSquares) <= smallest * now.sumOfSquares && damping < 1
    if (then.sumOfSquares > now.sumOfSquares) {
      if (isOver) break
      damping *= 4
      continue
    }
    ;[parameters, tried] = [tried, parameters]
    ;[now, then] = [then, now]
    damping /= 8
    if (isOver) break
  }
  return { parameters, sumOfSquares: now.sumOfSquares, standardErrors: () => standardErrorsOf(now, parameters, free, observations) }
}
