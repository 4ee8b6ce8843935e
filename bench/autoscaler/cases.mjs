/**
 * What is played: a policy, the instances it begins with, and the spike. Times are a fifteenth of a cloud's, so that a spike takes a minute:
 * points every 4 s, published after 1 s, 6 s until an instance listens. Instances serve 10/s each.
 */
const capacity = 10
const [period, publication] = [4, 1]
const bounds = { minimum: 4, maximum: 16 }
const cooldowns = { cooldownOut: 20, cooldownIn: 20 }
const doubled = { by: 'percent', value: 100, period }
const pace = { window: 0, limits: [{ by: 'pods', value: 4, period }, doubled], select: 'most', tolerance: 0.1 }
const behavior = { out: pace, in: { ...pace, window: 20, limits: [doubled] } }

/** @param scaling the policies of budgets/advice/scaling */
export const casesOf = ({ targetTracking, stepScaling, podAutoscaling, severalPolicies }) =>
  [
    {
      name: 'target tracking of use at 60 %',
      policy: targetTracking({ metric: 'use', target: 0.6, period, publication, ...bounds, ...cooldowns }),
      spike: { rate: 20, peak: 60 },
    },
    {
      name: 'target tracking of use at 75 %',
      policy: targetTracking({ metric: 'use', target: 0.75, period, publication, ...bounds, ...cooldowns }),
      spike: { rate: 25, peak: 90 },
    },
    {
      name: 'target tracking of requests at 6/s',
      policy: targetTracking({ metric: 'requests', target: 6, period, publication, ...bounds, ...cooldowns }),
      spike: { rate: 20, peak: 80 },
    },
    {
      name: 'step scaling on use at 70 %',
      policy: severalPolicies([
        stepScaling({
          metric: 'use',
          threshold: 0.7,
          steps: [
            { beyond: 0, change: { instances: 2 } },
            { beyond: 0.2, change: { share: 1 } },
          ],
          points: { needed: 2, of: 3 },
          period,
          publication,
          cooldown: 20,
          ...bounds,
        }),
        stepScaling({
          metric: 'use',
          direction: 'in',
          threshold: 0.4,
          steps: [{ beyond: 0, change: { instances: 2 } }],
          points: { needed: 5, of: 5 },
          period,
          publication,
          cooldown: 12,
          ...bounds,
        }),
      ]),
      spike: { rate: 20, peak: 70 },
    },
    {
      name: 'HorizontalPodAutoscaler on use at 60 %',
      policy: podAutoscaling({ metric: 'use', target: 0.6, period, publication, sync: period, behavior, ...bounds }),
      spike: { rate: 20, peak: 80 },
    },
    {
      name: 'target tracking of requests at 7/s with points 2 s earlier',
      phase: 2,
      policy: targetTracking({ metric: 'requests', target: 7, period, publication, ...bounds, ...cooldowns }),
      spike: { rate: 25, peak: 65 },
    },
  ].map((each) => ({ phase: 0, capacity, boot: 6, instances: bounds.minimum, duration: 75, ...each }))
