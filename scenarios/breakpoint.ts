import type { Shape } from './shape.ts'
import { piece, requirePeak, stepLabel, type Test } from './test.ts'
import type { PerSecond, Seconds } from './units.ts'

/** Stairs of at least 5 s, 20 of them when time allows: a finer staircase narrows the answer, a shorter stair can't be judged. */
const mostSteps = 20
const shortestHold = 5 // seconds

/** @example stairsOf([[150, 5], [350, 60]]) // 5 s at 150/s, then a minute at 350/s */
export const stairsOf = (steps: readonly (readonly [rate: number, hold: Seconds])[]): Shape => ({
  name: 'breakpoint',
  arrivals: 'uniform',
  segments: steps.map(([rate, hold]) => piece(stepLabel(rate), rate, rate, hold)),
})

export const breakpoint: Test = {
  type: 'breakpoint',
  question: 'at what rate does it break? 20/s upwards, stops there, 10 min',
  defaults: { rate: 20 as PerSecond, peak: 1000 as PerSecond, duration: 600 },
  usesPeak: true,
  shape: (load) => {
    requirePeak(load)
    const { rate, peak, duration, hold } = load
    if (hold !== undefined && duration < 2 * hold)
      throw new RangeError(
        `${duration} s leave no room for 2 steps of ${hold} s. An autoscaler is watched from one step to the next. Write --duration ${2 * hold}s or more.`,
      )
    const steps = Math.max(2, Math.min(mostSteps, Math.floor(duration / (hold ?? shortestHold))))
    return stairsOf(Array.from({ length: steps }, (_, step) => [rate + ((peak - rate) * step) / (steps - 1), duration / steps]))
  },
}
