/** A Deployment of Kubernetes and what scales it, as they are read; a test names what matters to it. */
import type { DeployedPace, DeployedPods, DeployedPolicy, Deployment } from '../../runner/deployments/deployment.ts'
import { aDeployment } from './a-deployment.ts'

/** As an API server fills it in. */
const usualPace: { readonly out: DeployedPace; readonly in: DeployedPace } = {
  out: {
    window: 0,
    limits: [
      { by: 'pods', value: 4, period: 15 },
      { by: 'percent', value: 100, period: 15 },
    ],
    select: 'most',
  },
  in: { limits: [{ by: 'percent', value: 100, period: 15 }], select: 'most' },
}

export const aPace = (out: Partial<DeployedPace> = {}, inward: Partial<DeployedPace> = {}): NonNullable<DeployedPods['pace']> => ({
  out: { ...usualPace.out, ...out },
  in: { ...usualPace.in, ...inward },
})

/** CPU at 60 % of what is requested. */
export const aPodPolicy = (changes: Partial<DeployedPolicy> = {}, pods: Partial<DeployedPods> = {}): DeployedPolicy => ({
  name: 'web-scaler',
  type: 'horizontal-pod-autoscaler',
  metric: 'cpu',
  target: 60,
  ...changes,
  pods: { unit: 'percent', pace: aPace(), ...pods },
})

/** 2 to 30 pods of one container, which requests a core. */
export const deployedPods = (policies: readonly DeployedPolicy[], changes: Partial<Deployment> = {}): Deployment =>
  aDeployment({
    name: { kind: 'kubernetes', context: 'tests', namespace: 'shop', deployment: 'web' },
    size: { vcpu: 1, gigabytes: 2 },
    requests: { vcpu: 1, containers: [{ name: 'web', vcpu: 1 }] },
    instances: { desired: 2, running: 2, minimum: 2, maximum: 30 },
    policies,
    ...changes,
  })
