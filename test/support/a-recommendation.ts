/** Recommendations for the writers of infrastructure files: one that is whole, and the situations that each format must hold. */
import type { Recommendation, RecommendedScaling } from '../../budgets/advice/recommendation.ts'

const resourceLabel = 'app/shop-balancer/50dc6c495c0c9188/targetgroup/shop-targets/943f017f100becff'

export const aScaling = (facts: Partial<RecommendedScaling> = {}): RecommendedScaling => ({
  minimum: 4,
  maximum: 13,
  type: 'target-tracking',
  target: { metric: 'cpu', value: 0.5 },
  scaleInBelow: 0.34,
  scaleOutCooldown: 60,
  scaleInCooldown: 300,
  period: 60,
  scheduled: [],
  because:
    'Reacting is enough for 100/s to 500/s in 600 s: with 4 instances at least and a target of 50 % of what one can serve, 0.02 % of the requests wait longer than 0.5 s.',
  ...facts,
})

/** Everything is known. */
export const aRecommendation = (facts: Partial<Recommendation> = {}): Recommendation => ({
  runs: ['2026-11-21-103000-breakpoint-k4mz', '2026-11-21-110500-baseline-p9qx'],
  deployment: { kind: 'ecs', cluster: 'prod', service: 'shop', region: 'eu-central-1', account: '123456789012' },
  resourceLabel,
  capacity: 80,
  scaling: aScaling(),
  size: {
    vcpu: 0.5,
    gigabytes: 1,
    architecture: 'x86',
    instances: 8,
    because: '8 instances of 0.5 vCPU and 1 GB serve 500/s at 63 % of their CPU.',
  },
  alerts: [
    {
      name: 'CPU near the knee',
      severity: 'high',
      metric: 'cpu',
      warn: 0.6,
      critical: 0.75,
      lasting: 180,
      because: 'Response time climbs from 78 % CPU on (run 2026-11-21-103000-breakpoint-k4mz).',
    },
  ],
  now: { size: { vcpu: 1, gigabytes: 2 }, instances: 8, minimum: 2, maximum: 20, cost: { monthly: 286.4, perMillion: 0.22, currency: 'USD' } },
  cost: { monthly: 143.2, perMillion: 0.11, currency: 'USD' },
  declined: [],
  ...facts,
})

/** What ends a string, a comment, a line or a document somewhere. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: no format may fill it
export const hostileName = 'a"b\'c`$(touch x)${d}%{e}\n# f: - *g */ </h> \\ {{i}} \u2028\u202ej;k|l&&m'

const hostile = aRecommendation({
  runs: [hostileName],
  deployment: { kind: 'ecs', cluster: hostileName, service: hostileName, region: 'eu-central-1', account: '123456789012' },
  scaling: aScaling({ scheduled: [{ name: hostileName, from: '2026-11-27T07:00:00Z', minimum: 8, maximum: 20 }], because: hostileName }),
  declined: [hostileName],
})

/** By what is special in each. */
export const situations: Readonly<Record<string, Recommendation>> = {
  'cpu target and size': aRecommendation(),
  'requests target': aRecommendation({ scaling: aScaling({ target: { metric: 'requests', value: 40 } }) }),
  'requests target, label not told': (() => {
    const { resourceLabel: _, ...rest } = aRecommendation({ scaling: aScaling({ target: { metric: 'requests', value: 40 } }) })
    return rest
  })(),
  'cpu target at 20 s': aRecommendation({ scaling: aScaling({ period: 20 }) }),
  'requests target at 20 s': aRecommendation({ scaling: aScaling({ target: { metric: 'requests', value: 40 }, period: 20 }) }),
  'memory target': aRecommendation({ scaling: aScaling({ target: { metric: 'memory', value: 0.7 } }) }),
  'queue target': aRecommendation({ scaling: aScaling({ target: { metric: 'queue', value: 30 } }) }),
  'p95 target': aRecommendation({ scaling: aScaling({ target: { metric: 'p95', value: 0.2 } }) }),
  'p95 steps': aRecommendation({ scaling: aScaling({ type: 'step', target: { metric: 'p95', value: 0.2 } }) }),
  'requests steps, label not told': (() => {
    const { resourceLabel: _, ...rest } = aRecommendation({ scaling: aScaling({ type: 'step', target: { metric: 'requests', value: 40 } }) })
    return rest
  })(),
  'cpu steps': aRecommendation({ scaling: aScaling({ type: 'step' }) }),
  'scheduled and size': aRecommendation({
    scaling: aScaling({
      scheduled: [
        { name: 'Black Friday', from: '2026-11-27T07:00:00+01:00', until: '2026-11-27T23:00:00+01:00', minimum: 13, maximum: 20 },
        { name: 'each working day', from: '45 7 * * 1-5', until: '0 20 * * 1-5', minimum: 6, maximum: 13 },
      ],
    }),
  }),
  'size only': aRecommendation({
    scaling: undefined,
    declined: [
      'No target recommended, because the time until a new instance is in service was not measured. Run perf run spike with the autoscaler on, or give it.',
    ],
  }),
  'scaling only, nothing told': (() => {
    const {
      resourceLabel: _,
      now: __,
      ...rest
    } = aRecommendation({
      deployment: undefined,
      size: undefined,
      cost: undefined,
      declined: ['Size unknown, because no probe watched the CPU of the target.'],
    })
    return rest
  })(),
  'hostile names': hostile,
}
