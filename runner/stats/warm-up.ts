/**
 * How long a series takes to settle: MSER-5, after its spikes are cut off.
 * Sources: White, An Effective Truncation Heuristic for Bias Reduction in Simulation Output, 1997; Hoad, Robinson & Davies,
 * Automating Warm-up Length Estimation, 2010. stats.md says how often it errs.
 */
import { type Declined, declined, mean, median } from './few.ts'

const batch = 5 // values; the 5 of MSER-5
const fewestBatches = 5 // that must be left behind a cut: a mean of fewer agrees with itself by chance
const shortest = 60 // seconds

/**
 * The series with its spikes lowered to a cap of 6 robust standard deviations above the median. A single spike late in the run
 * otherwise makes MSER refuse a series that has long settled. The floor of 1 % keeps a flat series, whose deviation is 0, as it is.
 */
export const winsorised = (values: readonly number[]): number[] => {
  const middle = median(values)
  const deviation = median(values.map((value) => Math.abs(value - middle)))
  const cap = middle + 6 * Math.max(1.4826 * deviation, 0.01 * Math.abs(middle))
  return values.map((value) => Math.min(value, cap))
}

const batchMeans = (values: readonly number[]): number[] =>
  Array.from({ length: Math.floor(values.length / batch) }, (_, index) => mean(values.slice(index * batch, (index + 1) * batch)))

/**
 * Squared standard error, in effect, of the mean of what is left after d batches are cut off:
 *
 *   z(d) = Σ_{i≥d} (bᵢ − b̄_d)² ÷ (n − d)²   for 0 ≤ d < n − 5
 *
 * b: means of five values each, n of them · b̄_d: mean of b_d … b_{n−1}.
 */
export const standardErrors = (values: readonly number[]): number[] => {
  const batches = batchMeans(values)
  const n = batches.length
  const centre = n === 0 ? 0 : mean(batches) // sums of squares around it lose no digits
  const errors: number[] = []
  let [sum, squares] = [0, 0]
  for (let d = n - 1; d >= 0; d--) {
    const value = (batches[d] as number) - centre
    sum += value
    squares += value * value
    const left = n - d
    if (d < n - fewestBatches) errors.push(Math.max(0, squares - (sum * sum) / left) / left ** 2)
  }
  return errors.reverse()
}

/** Position of the first smallest value; a difference of less than a billionth is rounding. */
const firstMinimum = (values: readonly number[]): number => {
  let best = 0
  for (const [index, value] of values.entries()) if (value < (values[best] as number) * (1 - 1e-9)) best = index
  return best
}

/**
 * How much of a series of one value a second to cut off, in seconds. The whole series is searched, and a cut beyond its middle
 * refused: what settles only then has not been seen to settle.
 *
 * @example warmUpOf(oneP50PerSecond) // { cut: 25 }, or { declined: true, because: 'no steady state within 120 s: …' }
 */
export const warmUpOf = (values: readonly number[]): { readonly cut: number } | Declined => {
  if (values.length < shortest) return declined(`warm-up unknown, because the run lasted ${values.length} s and ${shortest} s are needed`)
  const cut = firstMinimum(standardErrors(winsorised(values)))
  return cut > Math.floor(values.length / batch) / 2
    ? declined(`no steady state within ${values.length} s: lengthen the run or set the warm-up yourself`)
    : { cut: cut * batch }
}
