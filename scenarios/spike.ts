import { piece, requirePeak, type Test } from './test.ts'
import type { PerSecond } from './units.ts'

/** A longer rise would leave too little of a peak, and of a recovery, to tell anything; it is cut to this share of the whole, which is harder on the target. */
const longestRise = 0.4

/** Ten times the load within seconds, and then the time it takes to recover. Shares of the whole: 20 % before, 3 % up, 37 % peak, 3 % down, 37 % recovery; a rise that is asked for takes its time from peak and recovery alike. */
export const spike: Test = {
  type: 'spike',
  question: 'does it live through a sudden peak, and recover? 20 → 200/s, 160 s',
  defaults: { rate: 20 as PerSecond, peak: 200 as PerSecond, duration: 160 },
  usesPeak: true,
  shape: (load) => {
    requirePeak(load)
    const { rate, peak, duration } = load
    const rise = Math.min(load.rise ?? duration * 0.03, duration * longestRise)
    const rest = duration * 0.37 + (duration * 0.03 - rise) / 2
    return {
      name: 'spike',
      arrivals: 'uniform',
      segments: [
        piece('base', rate, rate, duration * 0.2),
        ...(rise === 0 ? [] : [piece('rise', rate, peak, rise)]), // without a length it carries no arrivals
        piece('peak', peak, peak, rest),
        piece('fall', peak, rate, duration * 0.03),
        piece('recovery', rate, rate, rest),
      ],
    }
  },
}
