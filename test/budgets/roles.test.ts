import { describe, expect, test } from 'vitest'
import { budgetsIn } from '../../budgets/budget-file.ts'
import { judge } from '../../budgets/judge.ts'
import { readDefaultBudgets, readScalingTriggers } from '../../budgets/read.ts'
import { metricsMeant, probesInRole, refuseUnwatched } from '../../budgets/roles.ts'
import type { Run } from '../../runner/run.ts'
import { aRun } from '../support/a-run.ts'
import { aSeries } from '../support/a-series.ts'

const watched = (name: string, kind: string) => ({ name, kind, readings: 61, missed: 0 })
const shop = (): Run => ({
  ...aRun({
    probes: [
      aSeries('orders.connections', 'count', 61, () => 85, 100),
      aSeries('stock.connections', 'count', 61, () => 20, 100),
      aSeries('front.connections', 'count', 61, () => 900, 1000),
      aSeries('mails.depth.outgoing', 'count', 61, () => 40),
      aSeries('mails.depth.bounced', 'count', 61, () => 2000),
      aSeries('target.cpu', 'cores', 61, () => 1.5, 2),
      aSeries('generator.cpu', 'cores', 61, () => 0.2, 2),
      aSeries('cache.memory', 'bytes', 61, () => 99, 100),
      aSeries('target.memory', 'bytes', 61, () => 50, 100),
    ],
  }),
  watched: [
    watched('orders', 'postgres'),
    watched('stock', 'mysql'),
    watched('front', 'nginx'),
    watched('mails', 'sqs'),
    watched('target', 'process'),
    watched('cache', 'redis'),
  ],
})

describe('a role means what a probe watches, however it is called', () => {
  test.each([
    ['database.connections.saturation', ['orders.connections.saturation', 'stock.connections.saturation']],
    ['queue.depth', ['mails.depth.outgoing', 'mails.depth.bounced']],
    ['cpu.saturation', ['target.cpu.saturation']],
    ['memory.saturation', ['target.memory.saturation']],
    ['front.connections', ['front.connections']],
    ['database.query_time', ['database.query_time']],
  ])('%s', (metric, expected) => {
    expect(metricsMeant(shop(), metric)).toEqual(expected)
  })

  test('each of them is judged under its own name', () => {
    const found = judge(shop(), budgetsIn({ sessions: { metric: 'database.connections.saturation', at_most: '80%' } }, 'b.json'))
    expect(found.judgements.map(({ budget, status }) => [budget.name, status])).toEqual([
      ['sessions (orders.connections.saturation)', 'exceeded'],
      ['sessions (stock.connections.saturation)', 'met'],
    ])
  })

  test('every shipped scaling trigger that is no metric of the load is told by some probe of its kind', async () => {
    const run = shop()
    const triggers = await readScalingTriggers()
    const meant = Object.fromEntries(triggers.map(({ name, metric }) => [name, metricsMeant(run, metric)]))
    expect(meant).toMatchObject({
      CPU: ['target.cpu.saturation'],
      memory: ['target.memory.saturation'],
      'queue depth': ['mails.depth.outgoing', 'mails.depth.bounced'],
      'database connections': ['orders.connections.saturation', 'stock.connections.saturation'],
    })
    expect(probesInRole('queue.depth', [{ name: 'jobs', kind: 'rabbitmq' }])).toEqual(['jobs'])
  })
})

describe('a series that nobody is going to tell is an error before the load', () => {
  const refused =
    (value: unknown, probes = [{ name: 'postgres', kind: 'postgres' }]) =>
    () =>
      refuseUnwatched(budgetsIn({ sessions: value }, 'b.json'), probes)

  test('with the probes that there are', () => {
    expect(refused({ metric: 'postgrs.connections.saturation', at_most: '80%' })).toThrow(
      'Budget "sessions" in b.json names the series "postgrs.connections.saturation", and no probe is called so. Probes are postgres, target, generator and browser. Correct the name, add the probe to the configuration, or add "when_measured": true to the budget.',
    )
  })

  test('with the kinds that would tell a role', () => {
    expect(refused({ metric: 'queue.depth', at_most: 1000 })).toThrow('and no probe of kind rabbitmq and sqs is configured')
  })

  test.each<[string, unknown]>([
    ['of a probe that is configured', { metric: 'postgres.anything', at_most: 1 }],
    ['of a role', { metric: 'database.query_time', at_most: '100ms' }],
    ['of the target, which is watched anyway', { metric: 'cpu.saturation', at_most: '80%' }],
    ['for whoever measures it', { metric: 'queue.depth', at_most: 1000, when_measured: true }],
    ['that is off', { metric: 'queue.depth', at_most: 1000, level: 'off' }],
    ['of the load', 'p95<200ms'],
  ])('not one %s', (_, value) => {
    expect(refused(value)).not.toThrow()
  })

  test('not a shipped one', async () => {
    const shipped = await readDefaultBudgets()
    expect(() => refuseUnwatched(shipped, [])).not.toThrow()
  })
})

describe('a probe that told nothing', () => {
  const run = (changes: object): Run => ({ ...aRun({}), watched: [{ ...watched('postgres', 'postgres'), ...changes }] })
  const budgets = budgetsIn({ sessions: { metric: 'postgres.connections.saturation', at_most: '80%' } }, 'b.json')

  test.each([
    [
      'because it did not start',
      { absent: 'no route to db:5432' },
      'the probe "postgres" did not start (no route to db:5432), so "sessions" can\'t be judged.',
    ],
    ['because it never could', { missed: 61 }, 'the probe "postgres" could not read once in 61 times, so "sessions" can\'t be judged.'],
  ])('leaves its budgets unknown, %s', (_, changes, because) => {
    expect(judge(run(changes), budgets)).toMatchObject({ word: 'unknown', judgements: [{ status: 'unknown', because }] })
  })

  test('leaves those of its role unknown, too, and one that tells nothing of the kind', () => {
    const query = budgetsIn({ queries: { metric: 'database.query_time', at_most: '100ms' } }, 'b.json')
    expect(judge(run({ absent: 'no route to db:5432' }), query)).toMatchObject({
      word: 'unknown',
      judgements: [{ because: expect.stringContaining('did not start') }],
    })
    expect(judge(run({}), query)).toMatchObject({ word: 'unknown', judgements: [{ because: expect.stringContaining('"postgres" told nothing of the kind') }] })
  })

  test('and one that told other series makes a name an error, with those it has', () => {
    const told = { ...run({}), probes: [aSeries('postgres.active', 'count', 61, () => 1), aSeries('target.cpu', 'cores', 61, () => 1, 2)] }
    expect(() => judge(told, budgets)).toThrow('which this run has not measured. It has postgres.active. Correct')
  })
})
