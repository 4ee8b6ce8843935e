import { expect, test } from 'vitest'
import { startUpOf } from '../../../budgets/advice/start-up.ts'
import { aDeployment } from '../../support/a-deployment.ts'

const afterStart = { seconds: 15, because: 'one health check of the load balancer' }

test('of a few starts it is the slowest, and the health check that follows', () => {
  const startUp = startUpOf(aDeployment({ startUps: [41.2, 62], afterStart }))
  expect(startUp?.seconds).toBe(77)
  expect(startUp?.because).toBe(
    '77 s: the slowest of 2 starts (41.2 to 62 s from createdAt to startedAt, with the pull of the image), and 15 s for one health check of the load balancer. The time in which an application warms up once it runs is not in it.',
  )
})

test('of many it is the 90th percentile, so that one that hung does not decide', () => {
  // Type 7 of 30, 31, …, 40 and 900 (12 values): position 9.9, between 39 and 40.
  const startUps = [...Array.from({ length: 11 }, (_, index) => 30 + index), 900]
  const { seconds, because } = startUpOf(aDeployment({ startUps })) ?? {}
  expect(seconds).toBeCloseTo(39.9, 9)
  expect(because).toContain('the 90th percentile of 12 starts (30 to 900 s')
})

test('without a start there is none', () => {
  expect(startUpOf(aDeployment({ afterStart }))).toBeUndefined()
})

test('on Kubernetes a start ends when the pod is ready', () => {
  const name = { kind: 'kubernetes', context: 'c', namespace: 'shop', deployment: 'web' } as const
  expect(startUpOf(aDeployment({ name, startUps: [12] }))?.because).toBe('12 s: the only one of 1 start (12 s from when a pod was made until it was ready).')
})
