/** One rule a figure: where its thresholds come from, or the sentence that says why it has none. */
import type { Declined } from '../../../runner/stats/few.ts'
import type { Alert } from '../recommendation.ts'
import type { Evidence } from './evidence.ts'
import { errorsAlert, responseTimeAlert } from './felt.ts'
import { connectionsAlerts, memoryAlert, queueAlerts } from './limits.ts'
import { capacityAlert, instancesAlert } from './number.ts'
import { cpuAlert } from './use.ts'

type Rule = (evidence: Evidence) => readonly (Alert | Declined)[]

/** Most severe first. */
export const rules: readonly Rule[] = [responseTimeAlert, errorsAlert, capacityAlert, memoryAlert, connectionsAlerts, cpuAlert, queueAlerts, instancesAlert]
