/** Student's t distribution with a whole number of degrees of freedom: closed forms, no approximation. */

/**
 * P(|T| ≤ t) for ν degrees of freedom, with θ = atan(t/√ν), a finite sum of powers of cos θ.
 * Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 1964, 26.7.3 (ν odd) and 26.7.4 (ν even).
 */
const within = (t: number, degrees: number): number => {
  const theta = Math.atan(t / Math.sqrt(degrees))
  const [sine, square] = [Math.sin(theta), Math.cos(theta) ** 2]
  const isOdd = degrees % 2 === 1
  let term = isOdd ? Math.cos(theta) : 1
  let sum = degrees === 1 ? 0 : term
  for (let power = isOdd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= (square * (power - 1)) / power
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum
}

/**
 * The t below which a share p of the distribution lies; ½ < p < 1, degrees a whole number ≥ 1.
 * @throws {RangeError} for other values
 * @example tQuantile(0.975, 9) // 2.2621…
 */
export const tQuantile = (p: number, degrees: number): number => {
  if (!(p > 0.5 && p < 1) || !Number.isInteger(degrees) || degrees < 1)
    throw new RangeError(
      `A t quantile at ${p} with ${degrees} degrees of freedom was asked for. The share lies between 0.5 and 1, and the degrees are a whole number from 1. Correct them.`,
    )
  const inside = 2 * p - 1
  let [low, high] = [0, 1]
  while (within(high, degrees) < inside) high *= 2
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2
    if (within(middle, degrees) < inside) low = middle
    else high = middle
  }
  return (low + high) / 2
}
