/** How quickly an autoscaler goes out and in, as its `behavior` says; an API server fills in what is left out as soon as there is any. */
import type { V2HorizontalPodAutoscalerBehavior, V2HPAScalingRules } from '@kubernetes/client-node'
import type { DeployedPace, DeployedPods } from '../deployment.ts'
import { quantityOf } from './quantity.ts'

/** What an API server fills in; a ScaledObject's are filled in only in the HorizontalPodAutoscaler that KEDA makes of it. */
const usual = {
  out: {
    window: 0,
    limits: [
      { by: 'pods', value: 4, period: 15 },
      { by: 'percent', value: 100, period: 15 },
    ],
  },
  in: { limits: [{ by: 'percent', value: 100, period: 15 }] },
} as const satisfies Readonly<Record<string, Partial<DeployedPace>>>

const selects: Readonly<Record<string, DeployedPace['select']>> = { Max: 'most', Min: 'least', Disabled: 'none' }

const paceOf = (rules: V2HPAScalingRules | undefined, left: Pick<DeployedPace, 'window' | 'limits'>): DeployedPace => {
  const { stabilizationWindowSeconds: window = left.window, policies, selectPolicy = 'Max' } = rules ?? {}
  const tolerance = quantityOf(rules?.tolerance)
  return {
    ...(window !== undefined && { window }),
    limits: policies?.map(({ type, value, periodSeconds }) => ({ by: type === 'Pods' ? 'pods' : 'percent', value, period: periodSeconds })) ?? left.limits,
    select: selects[selectPolicy] ?? 'most',
    ...(tolerance !== undefined && { tolerance }),
  }
}

/** Undefined: none is set. */
export const behaviorOf = (behavior: V2HorizontalPodAutoscalerBehavior | undefined): DeployedPods['pace'] =>
  behavior === undefined ? undefined : { out: paceOf(behavior.scaleUp, usual.out), in: paceOf(behavior.scaleDown, usual.in) }
