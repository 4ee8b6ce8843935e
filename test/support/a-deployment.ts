/** A service of ECS as it is deployed; a test names what matters to it. */
import type { Deployment } from '../../runner/deployments/deployment.ts'

export const aDeployment = (changes: Partial<Deployment> = {}): Deployment => ({
  name: { kind: 'ecs', cluster: 'shop', service: 'web', region: 'eu-central-1', account: '123456789012' },
  readAt: '2026-11-22T12:00:00.000Z',
  instances: { desired: 2, running: 2 },
  policies: [],
  schedules: [],
  startUps: [],
  activities: [],
  series: [],
  caveats: [],
  ...changes,
})
