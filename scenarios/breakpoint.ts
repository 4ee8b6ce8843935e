import { piece, requirePeak, stepLabel, type Test } from './test.ts'
import type { PerSecond } from './units.ts'

/** Stairs of at least 5 s, 20 of them when time allows: a finer staircase narrows the answer, a shorter stair can't be judged. */
const mostSteps = 20
const shortestHold = 5 // seconds

export const breakpoint: Test = {
  type: 'breakpoint',
  question: 'at what rate does it break? 20/s upwards, stops there, 10 min',
  defaults: { rate: 20 as PerSecond, peak: 1000 as PerSecond, duration: 600 },
  usesPeak: true,
  shape: (load) => {
    requirePeak(load)
    const { rate, peak, duration } = load
    const steps = Math.max(2, Math.min(mostSteps, Math.floor(duration / shortestHold)))
    const rates = Array.from({ length: steps }, (_, step) => rate + ((peak - rate) * step) / (steps - 1))
    return { name: 'breakpoint', arrivals: 'uniform', segments: rates.map((to) => piece(stepLabel(to), to, to, duration / steps)) }
  },
}
