import { piece, requirePeak, type Test } from './test.ts'
import type { PerSecond } from './units.ts'

/** Ten times the load within seconds, and then the time it takes to recover. Shares of the whole: 20 % before, 3 % up, 37 % peak, 3 % down, 37 % recovery. */
export const spike: Test = {
  type: 'spike',
  question: 'does it live through a sudden peak, and recover? 20 → 200/s, 160 s',
  defaults: { rate: 20 as PerSecond, peak: 200 as PerSecond, duration: 160 },
  usesPeak: true,
  shape: (load) => {
    requirePeak(load)
    const { rate, peak, duration } = load
    return {
      name: 'spike',
      arrivals: 'uniform',
      segments: [
        piece('base', rate, rate, duration * 0.2),
        piece('rise', rate, peak, duration * 0.03),
        piece('peak', peak, peak, duration * 0.37),
        piece('fall', peak, rate, duration * 0.03),
        piece('recovery', rate, rate, duration * 0.37),
      ],
    }
  },
}
