/** What the rules of alerts have to go by: a breakpoint test, ordinary loads, and what was decided. */
import type { Run } from '../../../runner/run.ts'
import type { Recommendation } from '../recommendation.ts'
import type { Knee } from './knee.ts'
import type { Ordinary } from './ordinary.ts'

/** What of a recommendation the thresholds rest on. */
export type Decided = Pick<Recommendation, 'capacity' | 'capacityAtSize' | 'scaling' | 'size'>

export type Evidence = {
  /** The breakpoint test. */
  readonly broken: Run
  readonly knee: Knee
  readonly ordinary: readonly Ordinary[]
  /** Arrivals per second of one instance that are ordinary. */
  readonly ordinaryRate: number
  /** Requests that an arrival makes: runs speak of arrivals, recommendations of requests. */
  readonly perArrival: number
  readonly decided: Decided
}
