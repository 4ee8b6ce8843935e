/** The smoothing under which a series was forecast best, one step at a time: a coarse grid, then a pattern search around its best point. */
import { type Season, type Smoothing, smooth } from './holt-winters.ts'

const grid = [0.05, 0.25, 0.5, 0.75, 0.95] as const
const firstStep = 0.1
const finest = 1e-4

const names = ['alpha', 'beta', 'gamma'] as const
const within = (value: number): number => Math.min(1, Math.max(0, value))

/** @example fitted(values, 4, 'additive') // { alpha: 0.3, beta: 0.1, gamma: 0.2 } */
export const fitted = (values: readonly number[], period: number, kind: Season): Smoothing => {
  const errorOf = (smoothing: Smoothing): number => {
    const { squaredError } = smooth(values, period, kind, smoothing)
    return Number.isFinite(squaredError) ? squaredError : Infinity
  }
  let best: Smoothing = { alpha: 0.3, beta: 0.1, gamma: 0.1 }
  let least = errorOf(best)
  const take = (smoothing: Smoothing): boolean => {
    const error = errorOf(smoothing)
    if (error >= least) return false
    ;[best, least] = [smoothing, error]
    return true
  }
  for (const alpha of grid) for (const beta of grid) for (const gamma of grid) take({ alpha, beta, gamma })
  for (let step = firstStep; step > finest; ) {
    const isBetter = names.some((name) => take({ ...best, [name]: within(best[name] + step) }) || take({ ...best, [name]: within(best[name] - step) }))
    if (!isBetter) step /= 2
  }
  return best
}
