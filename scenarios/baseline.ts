import { piece, type Test } from './test.ts'
import type { PerSecond } from './units.ts'

/** An ordinary day (k6 calls it average-load). The ramps take a tenth of the time each, within the 5 to 15 % that k6's guide advises. */
export const baseline: Test = {
  type: 'baseline',
  question: 'how is an ordinary day? up to 20/s, held, down again, 5 min',
  defaults: { rate: 20 as PerSecond, peak: 20 as PerSecond, duration: 300 },
  usesPeak: false,
  shape: ({ rate, duration }) => ({
    name: 'baseline',
    arrivals: 'uniform',
    segments: [piece('ramp up', 0, rate, duration * 0.1), piece('hold', rate, rate, duration * 0.8), piece('ramp down', rate, 0, duration * 0.1)],
  }),
}
