/** One rule a figure: where its thresholds come from, or the sentence that says why it has none. */
import type { Run } from '../../../runner/run.ts'
import type { Declined } from '../../../runner/stats/few.ts'
import type { Alert } from '../recommendation.ts'
import type { Decided } from './alerts.ts'
import { errorsAlert, responseTimeAlert } from './felt.ts'
import type { Knee } from './knee.ts'
import { connectionsAlerts, memoryAlert, queueAlerts } from './limits.ts'
import { capacityAlert, instancesAlert } from './number.ts'
import type { Ordinary } from './ordinary.ts'
import { cpuAlert } from './use.ts'

export type Situation = {
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

type Rule = (situation: Situation) => readonly (Alert | Declined)[]

/** Most severe first. */
export const rules: readonly Rule[] = [responseTimeAlert, errorsAlert, capacityAlert, memoryAlert, connectionsAlerts, cpuAlert, queueAlerts, instancesAlert]
