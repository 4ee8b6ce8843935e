/** How quickly an autoscaler of Kubernetes goes out and in: the pace that was played through the traffic. */
import type { RecommendedScaling } from '../../recommendation.ts'

const longestWindow = 3600 // seconds that Kubernetes allows
const usualPeriod = 15 // seconds

/** Out: doubled, or four more, each 15 s, as Kubernetes does by itself. In: only after the wish was lower all through the window. */
export const behaviorOf = ({ scaleOutCooldown, scaleInCooldown }: RecommendedScaling): unknown => ({
  scaleUp: {
    stabilizationWindowSeconds: Math.min(longestWindow, scaleOutCooldown),
    selectPolicy: 'Max',
    policies: [
      { type: 'Percent', value: 100, periodSeconds: usualPeriod },
      { type: 'Pods', value: 4, periodSeconds: usualPeriod },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: Math.min(longestWindow, scaleInCooldown),
    policies: [{ type: 'Percent', value: 100, periodSeconds: usualPeriod }],
  },
})
