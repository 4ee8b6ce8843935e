/** Which of the recommended alerts have an alarm already: on the same figure, whatever its threshold is. */
import type { DeployedAlarm } from '../../../runner/deployments/alarm.ts'
import type { Alert } from '../recommendation.ts'

/** The figure as CloudWatch has it; others can be watched by expressions only, which are not found by a metric. */
const metrics: Partial<Readonly<Record<Alert['metric'], string>>> = { cpu: 'CPUUtilization', memory: 'MemoryUtilization', p95: 'TargetResponseTime' }

const watches = ({ watched }: DeployedAlarm, metric: string): boolean => watched.kind === 'metric' && watched.name === metric

/** @param watching undefined: not read, so nothing is said of it */
export const withAlarms = (alerts: readonly Alert[], watching: readonly DeployedAlarm[] | undefined): Alert[] =>
  alerts.map((alert) => {
    const metric = metrics[alert.metric]
    return metric === undefined || watching === undefined ? alert : { ...alert, alarms: watching.filter((alarm) => watches(alarm, metric)) }
  })
