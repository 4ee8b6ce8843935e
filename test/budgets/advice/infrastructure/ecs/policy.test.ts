import { expect, test } from 'vitest'
import { policyOf } from '../../../../../budgets/advice/infrastructure/ecs/policy.ts'
import type { RecommendedScaling } from '../../../../../budgets/advice/recommendation.ts'
import { aScaling } from '../../../../support/a-recommendation.ts'

const policy = (facts: Partial<RecommendedScaling>, capacity: number | undefined = 80) => policyOf({ capacity }, aScaling(facts))

test.each([
  ['cpu', 0.5, 60, { name: 'ECSServiceAverageCPUUtilization', needsLabel: false }, 50],
  ['cpu', 0.5, 20, { name: 'ECSServiceAverageCPUUtilizationHighResolution', needsLabel: false }, 50],
  ['memory', 0.7, 20, { name: 'ECSServiceAverageMemoryUtilizationHighResolution', needsLabel: false }, 70],
  ['requests', 40, 60, { name: 'ALBRequestCountPerTarget', needsLabel: true }, 2400], // a minute
] as const)('%s %d at %d s', (metric, value, period, expected, target) => {
  expect(policy({ target: { metric, value }, period })).toMatchObject({ kind: 'target tracking', metric: expected, target })
})

test('a queue is tracked by what waits for each task', () => {
  expect(policy({ target: { metric: 'queue', value: 30 } })).toMatchObject({
    target: 30,
    metric: { kind: 'backlog', waiting: { name: 'ApproximateNumberOfMessagesVisible' }, running: { name: 'RunningTaskCount' } },
  })
})

test('response time is tracked as a statistic of its own, as it was played', () => {
  expect(policy({ target: { metric: 'p95', value: 0.2 } })).toMatchObject({
    kind: 'target tracking',
    target: 0.2,
    metric: { kind: 'statistic', metric: { name: 'TargetResponseTime', statistic: 'p95' } },
  })
})

test('steps of response time go out by it and in by requests, since short answers do not tell that there are too many', () => {
  expect(policy({ type: 'step', target: { metric: 'p95', value: 0.2 } })).toMatchObject({
    kind: 'steps',
    out: { metric: { name: 'TargetResponseTime', statistic: 'p95' }, threshold: 0.2, points: 3, cooldown: 60 },
    in: { metric: { name: 'RequestCountPerTarget' }, threshold: 1632 /* 0.34 × 80/s × 60 s */, points: 15, cooldown: 300 },
  })
  expect(policyOf({ capacity: undefined }, aScaling({ type: 'step', target: { metric: 'p95', value: 0.2 } }))).toMatchObject({
    kind: 'steps',
    in: { declined: true, because: expect.stringContaining('what one holds was not measured') },
  })
})

test('steps leave no gap, and add as much as the metric is over by, up to twice', () => {
  const steps = policy({ type: 'step', target: { metric: 'cpu', value: 0.6 } })
  if (!('kind' in steps) || steps.kind !== 'steps') throw new Error('no steps')
  expect(steps.out.steps).toEqual([
    { from: 0, until: 15, change: 25 },
    { from: 15, until: 30, change: 50 },
    { from: 30, change: 100 },
  ])
  // 60 % × 3/4 × 0.9, four at least: the three that stay are at most at 54 %.
  expect(steps.in).toMatchObject({ threshold: 40.5 })
})

test.each([
  [{ target: { metric: 'requests', value: 40 }, period: 20 }, 'what a load balancer counts once a minute only'],
  [{ target: { metric: 'p95', value: 0.2 }, period: 20 }, 'what a load balancer counts once a minute only'],
  [{ target: { metric: 'queue', value: 30 }, period: 20 }, 'the length of a queue once a minute only'],
  [{ target: { metric: 'queue', value: 30 }, type: 'step' }, 'Use target tracking'],
] as const)('%j is declined', (facts, words) => {
  expect(policy(facts)).toMatchObject({ declined: true, because: expect.stringContaining(words) })
})
