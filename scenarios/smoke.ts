import { piece, type Test } from './test.ts'
import type { PerSecond } from './units.ts'

/** Does the journey work at all? A trickle, to run before every other test and on each pull request. */
export const smoke: Test = {
  type: 'smoke',
  question: 'does the journey work at all? 1/s for 30 s',
  defaults: { rate: 1 as PerSecond, peak: 1 as PerSecond, duration: 30 },
  usesPeak: false,
  shape: ({ rate, duration }) => ({ name: 'smoke', arrivals: 'uniform', segments: [piece('hold', rate, rate, duration)] }),
}
