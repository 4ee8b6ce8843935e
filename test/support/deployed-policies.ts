/** Policies and alarms as they are read from ECS; a test names what matters to it. */
import type { AlarmMetric, DeployedAlarm } from '../../runner/deployments/alarm.ts'
import type { DeployedPolicy, DeployedSteps } from '../../runner/deployments/deployment.ts'

const cpuMetric: AlarmMetric = {
  kind: 'metric',
  namespace: 'AWS/ECS',
  name: 'CPUUtilization',
  dimensions: { ClusterName: 'shop', ServiceName: 'web' },
  statistic: 'Average',
}

export const requestsMetric: AlarmMetric = {
  kind: 'metric',
  namespace: 'AWS/ApplicationELB',
  name: 'RequestCountPerTarget',
  dimensions: { TargetGroup: 'targetgroup/web/6d0e' },
  statistic: 'Sum',
}

/** Above the threshold in 3 of 3 minutes. */
export const aDeployedAlarm = (threshold: number, changes: Partial<DeployedAlarm> = {}): DeployedAlarm => ({
  name: 'busy',
  watched: cpuMetric,
  limit: { is: 'above', threshold },
  period: 60,
  points: { needed: 3, of: 3 },
  missingData: 'missing',
  state: 'OK',
  isActing: true,
  actions: ['arn:aws:autoscaling:policy'],
  ...changes,
})

/** CPU at 60 %, with the alarms that AWS makes. */
export const aTrackingPolicy = (changes: Partial<DeployedPolicy> = {}): DeployedPolicy => ({
  name: 'cpu',
  type: 'target-tracking',
  metric: 'ECSServiceAverageCPUUtilization',
  target: 60,
  scaleOutCooldown: 300,
  scaleInCooldown: 300,
  alarms: [aDeployedAlarm(60, { name: 'high' }), aDeployedAlarm(54, { name: 'low', limit: { is: 'below', threshold: 54 }, points: { needed: 15, of: 15 } })],
  ...changes,
})

export const aStepPolicyOf = (alarm: DeployedAlarm, steps: Partial<DeployedSteps> = {}, changes: Partial<DeployedPolicy> = {}): DeployedPolicy => ({
  name: 'out',
  type: 'step',
  metric: `alarm ${alarm.name}`,
  scaleOutCooldown: 300,
  scaleInCooldown: 300,
  steps: { by: 'instances', aggregation: 'Average', steps: [{ from: 0, change: 3 }], ...steps },
  alarms: [alarm],
  ...changes,
})
