/**
 * Linear least squares with coefficients that can't be negative, such as the work that each kind of request brings.
 * Source: Lawson & Hanson, Solving Least Squares Problems, 1974 (their active-set method).
 */
import { solve } from './least-squares.ts'

const tolerance = 1e-10

/** The best coefficients of the columns in use, whatever their sign; 0 for the others. */
const restrictedTo = (used: readonly number[], rows: readonly (readonly number[])[], right: readonly number[], size: number): number[] | undefined => {
  const curvature = used.map((a) => used.map((b) => rows.reduce((sum, row) => sum + (row[a] as number) * (row[b] as number), 0)))
  const gradient = used.map((a) => rows.reduce((sum, row, at) => sum + (row[a] as number) * (right[at] as number), 0))
  const found = solve(curvature, gradient)
  if (found === undefined) return undefined
  const all = new Array<number>(size).fill(0)
  used.forEach((column, at) => {
    all[column] = found[at] as number
  })
  return all
}

/**
 * Coefficients ≥ 0 that bring Σ(row · coefficients − right)² to its least.
 * @param rows one per observation, a value for each coefficient
 * @returns undefined where two columns say the same, so that their shares can't be told apart
 * @example nonNegativeLeastSquares([[1, 10], [1, 20]], [0.3, 0.5]) // [0.1, 0.02]
 */
export const nonNegativeLeastSquares = (rows: readonly (readonly number[])[], right: readonly number[]): number[] | undefined => {
  const size = rows[0]?.length ?? 0
  const all = Array.from({ length: size }, (_, column) => column)
  if (restrictedTo(all, rows, right, size) === undefined) return undefined
  let used: number[] = []
  let coefficients = new Array<number>(size).fill(0)
  for (let step = 0; step < 3 * size + 3; step++) {
    const misses = rows.map((row, at) => (right[at] as number) - row.reduce((sum, value, column) => sum + value * (coefficients[column] as number), 0))
    const pulls = coefficients.map((_, column) => rows.reduce((sum, row, at) => sum + (row[column] as number) * (misses[at] as number), 0))
    const scale = rows.reduce((sum, row, at) => sum + Math.abs((right[at] as number) * Math.max(...row)), 0)
    const next = pulls.reduce<number | undefined>(
      (best, pull, column) => (used.includes(column) || pull <= tolerance * scale || (best !== undefined && pull <= (pulls[best] as number)) ? best : column),
      undefined,
    )
    if (next === undefined) return coefficients
    used.push(next)
    for (;;) {
      const tried = restrictedTo(used, rows, right, size)
      if (tried === undefined) return undefined
      if (used.every((column) => (tried[column] as number) > 0)) {
        coefficients = tried
        break
      }
      // As far towards the tried ones as none turns negative; whichever became 0 is out of use.
      const share = used.reduce((least, column) => {
        const [from, to] = [coefficients[column] as number, tried[column] as number]
        return to > 0 ? least : Math.min(least, from / (from - to))
      }, 1)
      coefficients = coefficients.map((from, column) => from + share * ((tried[column] as number) - from))
      used = used.filter((column) => (coefficients[column] as number) > tolerance * Math.max(...coefficients, 1e-300))
    }
  }
  return coefficients
}
