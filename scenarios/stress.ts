import { piece, requirePeak, stepLabel, type Test } from './test.ts'
import type { PerSecond } from './units.ts'

/** Four holds, each the same factor above the last, joined by ramps half as long: what changes as load grows beyond the ordinary? */
const holds = 4
const rampShare = 0.5

export const stress: Test = {
  type: 'stress',
  question: 'what gives as load grows? 10, 20, 40, 80/s, 6 min',
  defaults: { rate: 10 as PerSecond, peak: 80 as PerSecond, duration: 360 },
  usesPeak: true,
  shape: (load) => {
    requirePeak(load)
    const { rate, peak, duration } = load
    const hold = duration / (holds + holds * rampShare)
    const rates = Array.from({ length: holds }, (_, step) => rate * (peak / rate) ** (step / (holds - 1)))
    const segments = rates.flatMap((to, step) => [piece(`to ${stepLabel(to)}`, rates[step - 1] ?? 0, to, hold * rampShare), piece(stepLabel(to), to, to, hold)])
    return { name: 'stress', arrivals: 'uniform', segments }
  },
}
