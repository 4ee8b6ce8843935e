import { expect, test } from 'vitest'
import { heldByOne, instanceCapacity } from '../../../budgets/capacity/instances.ts'
import { aRun, holds } from '../../support/a-run.ts'

/** So many instances that together break at `limit`. */
const runOf = (instances: number, limit: number) => ({
  ...aRun({
    test: 'breakpoint',
    shape: holds([limit / 2, 10], [0.95 * limit, 10], [1.2 * limit, 10]),
    answer: ({ t }) => (t >= 20 ? 'HTTP 503' : 20),
  }),
  breakpoint: { instances },
})

test('one number of instances gives the capacity of each, and asks for others', () => {
  expect(instanceCapacity([runOf(2, 200)])).toMatchObject({
    each: 95,
    because: '95/s for each of 2 instances. Whether more instances add as much is not known: measure 2 and 4.',
  })
})

test('instances that add up, and such that share something', () => {
  expect(instanceCapacity([runOf(1, 100), runOf(4, 400)]).because).toContain('Each keeps 100 % of it with 4: they add up as far as was measured.')
  expect(instanceCapacity([runOf(4, 280), runOf(1, 100)]).because).toContain('Each keeps 70 % of it with 4: they share something')
})

test('the scalability law needs six numbers of instances', () => {
  const few = instanceCapacity([runOf(1, 100), runOf(4, 400)])
  expect(few).toMatchObject({ scalability: { because: 'No scalability fit, because 2 loads were measured and 6 are needed.' } })
  const many = instanceCapacity([1, 2, 4, 6, 8, 12].map((n) => runOf(n, (100 * n) / (1 + 0.03 * (n - 1) + 0.005 * n * (n - 1)))))
  expect(many).toMatchObject({ scalability: { declined: false, fit: { contention: expect.closeTo(0.03, 3), coherency: expect.closeTo(0.005, 4) } } })
})

test('a run that does not say how many served tells nothing of one', () => {
  expect(instanceCapacity([aRun({ test: 'breakpoint' })])).toMatchObject({ declined: true, because: expect.stringContaining('--instances 2') })
})

test('what one instance held is the least of what was measured, and never from a run with an autoscaler', () => {
  expect(heldByOne([runOf(1, 100), runOf(4, 280)])).toBeCloseTo(66.5, 6)
  expect(heldByOne([{ ...runOf(1, 100), breakpoint: {} }])).toBe(95)
  expect(heldByOne([{ ...runOf(1, 100), breakpoint: { elastic: { metricPeriod: 60, startUp: 90 } } }])).toBeUndefined()
  expect(heldByOne([aRun({ test: 'stress' })])).toBeUndefined()
})
