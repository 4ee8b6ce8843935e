/** A change of the service of the AWS endpoint: the advice that asks for it, and what it may touch. */
import type { Recommendation, RecommendedScaling } from '../../budgets/advice/recommendation.ts'
import type { World } from './aws-endpoint/world.ts'

export const scaling: RecommendedScaling = {
  minimum: 4,
  maximum: 13,
  type: 'target-tracking',
  target: { metric: 'cpu', value: 0.5 },
  scaleInBelow: 0.34,
  scaleOutCooldown: 60,
  scaleInCooldown: 300,
  period: 60,
  scheduled: [{ name: 'launch', from: '2026-11-27T07:00:00', until: '2026-11-27T10:00:00', minimum: 13, maximum: 20 }],
  because: 'Reacting is enough.',
}
export const recommendation: Recommendation = {
  runs: ['broken'],
  deployment: { kind: 'ecs', cluster: 'shop', service: 'web', region: 'eu-central-1', account: '123456789012' },
  capacity: 80,
  scaling,
  size: { vcpu: 1, gigabytes: 2, architecture: 'arm', instances: 5, because: 'It fits.' },
  alerts: [],
  cost: undefined,
  declined: [],
}

/** As one line, however wide the terminal was. */
export const prose = (text: string): string => text.replace(/\s+/g, ' ')

const byName = <Item>(items: readonly Item[], nameOf: (item: Item) => string | undefined): Item[] =>
  items.toSorted((a, b) => (nameOf(a) ?? '').localeCompare(nameOf(b) ?? ''))

/** What a change may touch, in an order that does not matter. */
export const changeable = ({ targets, policies, schedules, services }: World) =>
  structuredClone({
    bounds: targets.map(({ MinCapacity, MaxCapacity }) => [MinCapacity, MaxCapacity]),
    policies: byName(policies, ({ PolicyName }) => PolicyName).map(
      ({ PolicyName, TargetTrackingScalingPolicyConfiguration: tracking, StepScalingPolicyConfiguration: step }) => ({
        PolicyName,
        step,
        tracking: tracking && { ...tracking, DisableScaleIn: tracking.DisableScaleIn ?? false },
      }),
    ),
    schedules: byName(schedules, ({ ScheduledActionName }) => ScheduledActionName).map(({ ScheduledActionName, Schedule, ScalableTargetAction }) => ({
      ScheduledActionName,
      Schedule,
      ScalableTargetAction,
    })),
    definition: services[0]?.taskDefinition,
  })
