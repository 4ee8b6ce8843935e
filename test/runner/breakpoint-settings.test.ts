import { describe, expect, test } from 'vitest'
import { settleBreakpoint } from '../../runner/breakpoint-settings.ts'

describe('what is asked of a breakpoint test', () => {
  test('nothing, when no flag says so', () => {
    expect(settleBreakpoint('breakpoint', {})).toBeUndefined()
    expect(settleBreakpoint('spike', { elastic: false })).toBeUndefined()
  })

  test('an objective, a number of instances, and steps that narrow the answer', () => {
    expect(settleBreakpoint('breakpoint', { objective: 'p99 < 300ms', instances: '2', refine: '90s' })).toEqual({
      objective: 'p99 < 300ms',
      instances: 2,
      refine: 90,
    })
    expect(settleBreakpoint('breakpoint', { refine: true })).toEqual({ refine: 60 })
    expect(settleBreakpoint('breakpoint', { refine: true, poisson: true })).toEqual({ refine: 300 })
  })

  test('an autoscaler, with ECS’ times unless others are told', () => {
    expect(settleBreakpoint('breakpoint', { elastic: true })).toEqual({ elastic: { metricPeriod: 60, startUp: 90 } })
    expect(settleBreakpoint('breakpoint', { elastic: true, metricPeriod: '20s', startUp: '2m' })).toEqual({ elastic: { metricPeriod: 20, startUp: 120 } })
  })
})

describe('what is refused', () => {
  test.each([
    ['another test', 'spike', { refine: true }, /^--refine was given with a spike test\. .* Write perf run breakpoint --refine …\.$/],
    ['no test', undefined, { instances: '2' }, /^--instances was given with no test/],
    ['a number that is none', 'breakpoint', { instances: '1.5' }, /^--instances "1\.5" is no number of instances\./],
    ['a time without a unit', 'breakpoint', { refine: '60' }, /^--refine "60" is no length of time\./],
    ['a period without an autoscaler', 'breakpoint', { metricPeriod: '60s' }, /^--metric-period was given without --elastic\./],
    ['an autoscaler with a fixed size', 'breakpoint', { elastic: true, instances: '2' }, /^Both --elastic and --instances/],
    ['an autoscaler with a refined answer', 'breakpoint', { elastic: true, refine: true }, /^Both --elastic and --refine/],
  ] as const)('%s', (_, testType, flags, words) => {
    expect(() => settleBreakpoint(testType, flags)).toThrow(words)
  })
})
