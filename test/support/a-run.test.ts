import { describe, expect, test } from 'vitest'
import { runSchema } from '../../runner/run.ts'
import { aRun, holds, type RunFacts } from './a-run.ts'

describe('the builder of runs', () => {
  test.each<[string, RunFacts]>([
    ['nothing said', {}],
    ['drops', { dropped: 318, rate: 100, seconds: 96 }],
    ['failures', { errors: { timeout: 3, 'HTTP 503': 40, refused: 2 }, endpoints: ['GET /', 'POST /cart'] }],
    ['journeys that throw', { errors: { 'HTTP 500': 100 }, throwing: true, endpoints: ['GET /', 'POST /cart'] }],
    ['a run cut off', { until: 20, latency: 3000, interrupted: 4 }],
    ['stairs', { test: 'breakpoint', shape: holds([20, 5], [40, 5]), think: 1500 }],
  ])('with %s makes a run that is valid and adds up', (_, facts) => {
    const run = aRun(facts)
    expect(() => runSchema.parse(run)).not.toThrow()
    expect(run.load.planned).toBe(run.load.started + run.load.dropped)
    expect(run.load.started).toBe(run.iterations.completed + run.iterations.interrupted)
    expect(run.load.completed).toBe(run.timeline.flatMap(({ cells }) => cells).reduce((sum, { count }) => sum + count, 0))
    if (typeof facts.dropped === 'number') expect(run.load.dropped).toBe(facts.dropped)
    if (facts.errors && !facts.throwing) expect(run.load.failed).toBe(Object.values(facts.errors).reduce((a, b) => a + b, 0))
  })
})
