import { describe, expect, test } from 'vitest'
import { configSchema } from '../../runner/config.ts'
import { UsageError } from '../../runner/errors/usage-error.ts'
import { planSweep, shapeOfSweep } from '../../runner/sweep.ts'
import { settleSweep } from '../../runner/sweep-settings.ts'
import { durationOf } from '../../scenarios/shape.ts'

const { sweep: configured } = configSchema.parse({
  sweep: {
    requests: ['/search?q=tea', { request: 'POST /cart', body: '{"item":7}', headers: { 'content-type': 'application/json' } }],
    hold: '8s',
    maxConnections: 64,
  },
})

describe('a sweep', () => {
  test('asks for the target itself, up to 1024 connections, 5 s each, when nobody says more', () =>
    expect(settleSweep('stress', { sweep: true })).toEqual({ requests: [{ method: 'GET', path: '' }], hold: 5, connections: 1024 }))

  test('takes its requests from the configuration, with bodies and headers', () =>
    expect(settleSweep('stress', { sweep: true }, configured)).toEqual({
      requests: [
        { method: 'GET', path: '/search?q=tea' },
        { method: 'POST', path: '/cart', body: '{"item":7}', headers: { 'content-type': 'application/json' } },
      ],
      hold: 8,
      connections: 64,
    }))

  test('prefers flags to the configuration', () =>
    expect(settleSweep('stress', { sweep: true, request: ['post /login', '/'], hold: '2s', maxConnections: '3' }, configured)).toEqual({
      requests: [
        { method: 'POST', path: '/login' },
        { method: 'GET', path: '/' },
      ],
      hold: 2,
      connections: 3,
    }))

  test('is none without its flag, whatever the configuration holds', () => expect(settleSweep('stress', {}, configured)).toBeUndefined())
})

describe('levels', () => {
  const planned = (connections: number): readonly number[] => planSweep({ requests: [], hold: 5, connections, ceiling: undefined }).planned
  test('double from one connection to the most, which is a level too', () => {
    expect(planned(1)).toEqual([1])
    expect(planned(8)).toEqual([1, 2, 4, 8])
    expect(planned(100)).toEqual([1, 2, 4, 8, 16, 32, 64, 100])
  })
  test('take the time that the shape says: the first one longer, a pause between each two', () => {
    const plan = planSweep({ requests: [], hold: 5, connections: 4, ceiling: undefined })
    expect(durationOf(shapeOfSweep(plan))).toBe(3 * 5 + plan.leadIn + 2 * plan.pause)
  })
})

describe('what does not go together is said in three parts', () => {
  const refusal = (...given: Parameters<typeof settleSweep>): string => {
    try {
      settleSweep(...given)
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      return (error as Error).message
    }
    return 'nothing was refused'
  }
  test('another test', () =>
    expect(refusal('spike', { sweep: true })).toBe(
      "--sweep was given with a spike test. A sweep raises the number of connections, which is a stress test's question. Write perf run stress --sweep.",
    ))
  test.each(['embedded', 'k6'])('the %s engine, when it is asked for by flag', (engine) =>
    expect(refusal('stress', { sweep: true, engine })).toMatch(/^--engine \w+ was given with --sweep\. A sweep is a closed loop, .* Leave --engine out\.$/),
  )
  test.each([
    { script: 'load.js' },
    { scenario: 'shop.ts' },
    { rate: '50/s' },
    { peak: '50/s' },
    { duration: '1m' },
    { poisson: true },
    { users: '5' },
    { workers: '2' },
  ])('%o', (flags) =>
    expect(refusal('stress', { sweep: true, ...flags })).toMatch(/^--\w+ was given with --sweep\. .* Use --request, --hold and --max-connections\.$/),
  )
  test.each([{ request: ['/'] }, { hold: '5s' }, { maxConnections: '8' }])('%o without --sweep', (flags) =>
    expect(refusal('stress', flags)).toMatch(/ was given without --sweep\. .* Write perf run stress --sweep --/),
  )
  test.each(['HEAD /', 'GET search', '', 'BREW /coffee', 'GET / HTTP/1.1'])('request "%s"', (request) =>
    expect(refusal('stress', { sweep: true, request: [request] })).toMatch(/can't be sent in a sweep\. .* Write --request "GET /),
  )
  test.each(['1s', '5', 'long'])('hold "%s"', (hold) =>
    expect(refusal('stress', { sweep: true, hold })).toMatch(/no length for a level\. .* Write --hold 5s\.$/),
  )
  test.each(['0', '1.5', 'many', '70000'])('%s connections', (maxConnections) =>
    expect(refusal('stress', { sweep: true, maxConnections })).toMatch(/no number of connections\. .* Write --max-connections 64\.$/),
  )
})
