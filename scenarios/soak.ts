import { piece, type Test } from './test.ts'
import type { PerSecond } from './units.ts'

/** The ordinary rate for hours: what leaks, fills up or slows down? Up within a minute, or a tenth of a short soak. */
export const soak: Test = {
  type: 'soak',
  question: 'what leaks or fills up with time? 20/s for 4 h',
  defaults: { rate: 20 as PerSecond, peak: 20 as PerSecond, duration: 4 * 3600 },
  usesPeak: false,
  shape: ({ rate, duration }) => {
    const up = Math.min(60, duration * 0.1)
    return { name: 'soak', arrivals: 'uniform', segments: [piece('ramp up', 0, rate, up), piece('hold', rate, rate, duration - up)] }
  },
}
