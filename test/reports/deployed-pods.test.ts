import { expect, test } from 'vitest'
import { aimWords, policyLines } from '../../reports/deployed-policies.ts'
import { aPace, aPodPolicy } from '../support/deployed-pods.ts'

test.each([
  [aPodPolicy(), 'cpu at 60 % of what a pod requests'],
  [aPodPolicy({}, { container: 'web' }), 'cpu of container web at 60 % of what it requests'],
  [aPodPolicy({ target: 0.5 }, { unit: 'cores' }), 'cpu at 0.5 cores a pod'],
  [aPodPolicy({ metric: 'memory', target: 2 ** 29 }, { unit: 'bytes' }), 'memory at 0.5 GB a pod'],
  [aPodPolicy({ metric: 'jobs', target: 40.5 }, { unit: 'each' }), 'jobs at 40.5 a pod'],
  [aPodPolicy({ metric: 'requests', target: 2000 }, { unit: 'all', at: 'Ingress main' }), 'requests of Ingress main at 2,000 in all'],
])('a target says what it is a figure of: %#', (policy, words) => {
  expect(aimWords(policy)).toBe(words)
})

test('the metrics of one autoscaler share its pace, which is told once', () => {
  const pace = aPace({ window: 60, select: 'least', tolerance: 0.05 }, { select: 'none' })
  const metrics = [aPodPolicy({}, { pace }), aPodPolicy({ metric: 'jobs', target: 5 }, { unit: 'each', pace })]
  expect(policyLines(metrics)).toEqual([
    '  Scaled by  cpu at 60 % of what a pod requests (web-scaler)',
    '  Scaled by  jobs at 5 a pod (web-scaler)',
    '    - Out: at most 4 pods or 100 % in 15 s, whichever is less, to the lowest wish of 60 s, nothing within 5 % of the target',
    '    - In: never',
  ])
})

test('limits of different periods each name theirs, and what is stopped says why', () => {
  const limits = [
    { by: 'pods', value: 1, period: 60 },
    { by: 'percent', value: 50, period: 15 },
  ] as const
  const stopped = 'its condition ScalingActive is False (FailedGetResourceMetric)'
  expect(policyLines([aPodPolicy({}, { pace: aPace({ limits }), stopped })]).slice(1)).toEqual([
    `    - Scales nothing now: ${stopped}`,
    '    - Out: at most 1 pod in 60 s or 50 % in 15 s, whichever is more',
    '    - In: at most 100 % in 15 s',
  ])
})
