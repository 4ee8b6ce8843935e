/**
 * The Universal Scalability Law: throughput by how many work at once, with what they wait for (contention, α) and what they tell each other
 * (coherency, β). Source: Gunther, Guerrilla Capacity Planning, 2007.
 *
 *   X(N) = γN ÷ (1 + α(N − 1) + βN(N − 1))
 */

/** `contention` α and `coherency` β: 0–1 · `single` γ: throughput of one, per second. */
export type ScalabilityLaw = { readonly contention: number; readonly coherency: number; readonly single: number }

/** Throughput per second of N at once (connections, users or instances). */
export const throughputAt = ({ contention, coherency, single }: ScalabilityLaw, load: number): number =>
  (single * load) / (1 + contention * (load - 1) + coherency * load * (load - 1))

/** N with the highest throughput, √((1 − α) ÷ β); Infinity without coherency. */
export const peakLoad = ({ contention, coherency }: ScalabilityLaw): number => (coherency === 0 ? Infinity : Math.sqrt((1 - contention) / coherency))

/** The highest throughput: at the peak, or γ ÷ α where there is none (Amdahl); Infinity for a law without any loss. */
export const peakThroughput = (law: ScalabilityLaw): number => {
  const load = peakLoad(law)
  if (Number.isFinite(load)) return throughputAt(law, load)
  return law.contention === 0 ? Infinity : law.single / law.contention
}

/** Amdahl's limit γ ÷ α, which throughput would approach without coherency. */
export const amdahlLimit = ({ contention, single }: ScalabilityLaw): number => (contention === 0 ? Infinity : single / contention)

/** N at which contention alone leaves about half of what so many could do, 1 ÷ α: there γN meets the limit γ ÷ α. */
export const contentionLoad = ({ contention }: ScalabilityLaw): number => (contention === 0 ? Infinity : 1 / contention)

/**
 * How many are at work, and for how long each, when a rate is offered that does not wait for answers: the smaller root of X(N) = rate.
 * @param rate per second @returns undefined at a rate beyond the peak, which no N serves
 * @example underOpenLoad({ contention: 0.02, coherency: 0.02, single: 1 }, 2) // { load: 2.143842, seconds: 1.071921 }
 */
export const underOpenLoad = (law: ScalabilityLaw, rate: number): { readonly load: number; readonly seconds: number } | undefined => {
  const { contention, coherency, single } = law
  const [a, b, c] = [coherency * rate, (contention - coherency) * rate - single, (1 - contention) * rate]
  const discriminant = b * b - 4 * a * c
  if (discriminant < 0 || b >= 0) return undefined
  // Of the two forms of a root, the one that does not subtract two numbers of nearly one size, nor divides by a = 0.
  const load = (2 * c) / (-b + Math.sqrt(discriminant))
  return { load, seconds: load / rate }
}
