import { expect, test } from 'vitest'
import { periodAfter } from '../../../../runner/deployments/ecs/series.ts'

const day = 86_400_000

// How long CloudWatch keeps points of a period: "What is Amazon CloudWatch", metrics retention.
test.each([
  [0, 60],
  [14.9, 60],
  [15, 300],
  [62.9, 300],
  [63, 3600],
])('after %s days the finest points are of %s s', (days, seconds) => {
  expect(periodAfter(days * day)).toBe(seconds)
})
