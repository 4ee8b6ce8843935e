/** Quantities as Kubernetes writes them: 250m, 1.5, 512Mi, 2e9. */

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/**
 * Its number, or undefined for what is no quantity. The client's own reader throws on 1.5Gi, which a file may hold.
 * @example quantityOf('250m') // 0.25
 * @example quantityOf('1.5Gi') // 1610612736
 */
export const quantityOf = (text: string | undefined): number | undefined => {
  const [, digits, suffix = ''] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text ?? '') ?? []
  const factor = factors[suffix]
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}
