import { expect, test } from 'vitest'
import { embedded } from '../../../../runner/engines/embedded/embedded.ts'
import { ScenarioError } from '../../../../runner/errors/scenario-error.ts'
import { UsageError } from '../../../../runner/errors/usage-error.ts'
import { constant } from '../../../../scenarios/shapes.ts'
import { startEcho } from '../../../targets/answers.ts'
import { serve } from '../../../targets/target.ts'
import { aPlan, cellOf, lineOf, measure } from './measuring.ts'

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ n }))
const paths = (target: { truth: () => readonly { readonly url: string }[] }): string[] => target.truth().map(({ url }) => url)

test('feeds hand out rows by arrival, by user and at random, the same with one worker and with two', async () => {
  const asked = async (workers: number) => {
    const target = await startEcho()
    const { error } = await measure({
      target: target.url,
      rate: '40/s',
      duration: '500ms',
      plan: { workers },
      feeds: [3, 100, 7].map((count, index) => ({ path: String(index), rows: rows(count) })),
      scenario: `
        const shared = json<{ n: number }>('0'), own = json<{ n: number }>('1', { scope: 'user' }), drawn = json<{ n: number }>('2', { order: 'random' })
        export default scenario({ journeys: [journey('one', async ({ http, take, arrival, user }) => {
          await http.get(['', arrival, take(shared).n, take(shared).n, user, take(own).n, take(drawn).n].join('/'))
        })] })`,
    })
    await target.stop()
    expect(error).toBeUndefined()
    return paths(target)
      .map((path) => path.split('/').slice(1).map(Number))
      .sort(([a = 0], [b = 0]) => a - b)
  }
  const one = await asked(1)
  const two = await asked(2)
  for (const run of [one, two]) {
    const before = new Map<number, number>()
    for (const [arrival, [n, shared, again, user = 0, own]] of run.entries()) {
      expect([n, shared, again, own]).toEqual([arrival, arrival % 3, arrival % 3, before.get(user) ?? 0])
      before.set(user, (before.get(user) ?? 0) + 1)
    }
  }
  expect(new Set(one.map((row) => row[5])).size).toBeGreaterThan(3)
  expect(two.map((row) => row[5])).toEqual(one.map((row) => row[5]))
  for (const [arrival = 0, , , user = 0] of two) expect(user % 2).toBe((arrival + 1) % 2) // each worker has users of its own
})

test('arrival n runs the same journey, with the same random numbers, for the same seed', async () => {
  const asked = async (seed: number, workers: number) => {
    const target = await startEcho()
    const scenario = `const go = (name: string) => journey(name, async ({ http, arrival, random }) => { await http.get('/' + [arrival, name, random(), random()].join('/')) })
      export default scenario({ journeys: [{ weight: 3, journey: go('often') }, { weight: 1, journey: go('seldom') }] })`
    const { total } = await measure({ target: target.url, rate: '100/s', duration: '400ms', plan: { seed, workers }, scenario })
    await target.stop()
    expect(Object.keys(total.journeyTime).sort()).toEqual(['often', 'seldom'])
    return paths(target).sort()
  }
  const first = await asked(5, 1)
  expect(await asked(5, 2)).toEqual(first)
  expect(await asked(6, 1)).not.toEqual(first)
})

test('checks, groups, metrics and think time are kept', async () => {
  const target = await startEcho()
  const { total } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '500ms',
    scenario: `
      const orders = counter('orders'), size = trend('cart_size')
      export default scenario({ journeys: [journey('shop', async ({ http, check, think, group, add, arrival }) => {
        const all = await group('buy', async () => {
          const page = await http.get('/')
          await group('pay', () => think('100ms'))
          return check(page, { 'is 200': (answer) => answer.status === 200, 'is even': () => arrival % 2 === 0 })
        })
        add(orders)
        add(orders, 2)
        add(size, all ? 10 : 20)
      })] })`,
  })
  await target.stop()
  expect(total.checks).toEqual({ 'is 200': { passed: 10, failed: 0 }, 'is even': { passed: 5, failed: 5 } })
  expect(total.metrics.orders).toEqual({ kind: 'counter', sum: 30 })
  expect(total.metrics.cart_size).toMatchObject({ kind: 'trend', values: { count: 10, sum: 150, min: 10, max: 20 } })
  expect(Object.keys(total.groups).sort()).toEqual(['buy', 'buy::pay'])
  expect(total.groups['buy::pay']?.min).toBeGreaterThan(98)
  expect(total.journeyTime.shop).toMatchObject({ count: 10 })
  expect(total.journeyTime.shop?.min).toBeLessThan(60) // without the 100 ms of thinking
})

test('thinking before the first request is no part of its response time', async () => {
  const target = await startEcho()
  const { total } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '200ms',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http, think }) => { await think('300ms'); await http.get('/') })] })`,
  })
  await target.stop()
  expect(cellOf(total, 'GET /').responseTime.max).toBeLessThan(250)
})

test('what setup returns reaches every worker as JSON; its requests and those of teardown are in no figure', async () => {
  const target = await startEcho()
  const { total, log, error } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '500ms',
    plan: { workers: 2, env: { REGION: 'north' } },
    secrets: { TOKEN: 'hidden' },
    scenario: `export default scenario({
      setup: async ({ http, secret }) => { await http.post('/login', { json: { token: secret('TOKEN') } }); return { session: 's1', since: new Date(0) } },
      journeys: [journey('one', async ({ http, setup, env }) => { await http.get('/' + [setup.session, setup.since, env.REGION].join('/')) })],
      teardown: async ({ http, setup }) => { await http.delete('/' + setup.session) },
    })`,
  })
  await target.stop()
  expect(error).toBeUndefined()
  const sent = target.truth()
  expect(sent[0]).toMatchObject({ url: '/login', body: '{"token":"hidden"}' })
  expect(sent.at(-1)).toMatchObject({ method: 'DELETE', url: '/s1' })
  expect(new Set(sent.slice(1, -1).map(({ url }) => url))).toEqual(new Set(['/s1/1970-01-01T00:00:00.000Z/north']))
  expect(total.cells.map(({ count }) => count)).toEqual([10])
  expect(log).toEqual(['teardown made 1 requests, which are in no figure', 'setup made 1 requests, which are in no figure'])
})

test('a journey that throws now and then is counted, with its line', async () => {
  const target = await serve((_, response) => void response.end('ok'))
  const { total, ending, log, error } = await measure({
    target: target.url,
    rate: '50/s',
    duration: '500ms',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http, arrival }) => {
      await http.get('/')
      if (arrival % 5 === 0) throw new Error('no luck')
    })] })`,
  })
  await target.stop()
  expect(error).toBeUndefined()
  expect(total.iterations).toMatchObject({ completed: 25, failed: 5 })
  expect(total.journeyTime.one?.count).toBe(20)
  expect(ending?.caveats).toEqual([{ code: 'journeys-threw', text: expect.stringMatching(`"no luck" at .*scenario.ts:${lineOf(3)}, 5 times`) }])
  expect(log).toEqual([expect.stringMatching(`scenario.ts:${lineOf(3)}: no luck`)])
})

test('a journey that throws every time ends the run at once, after what was measured was told', async () => {
  const target = await serve((_, response) => void response.end('ok'))
  const { total, error, took, file } = await measure({
    target: target.url,
    rate: '50/s',
    duration: '20s',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http }) => {
      const page = await http.get('/')
      page.json()
    })] })`,
  })
  await target.stop()
  expect(error).toBeInstanceOf(ScenarioError)
  expect(error).toMatchObject({ file, line: lineOf(3), message: expect.stringContaining('A journey must survive its first iteration') })
  expect(took).toBeLessThan(5)
  expect(total.iterations.failed).toBeGreaterThanOrEqual(20)
  expect(cellOf(total, 'GET /').count).toBe(total.iterations.completed)
})

test('a setup that throws is the end, with its line', async () => {
  const { error, file } = await measure({
    target: 'http://127.0.0.1:9',
    scenario: `export default scenario({
      setup: () => { throw new Error('no account') },
      journeys: [journey('one', () => {})],
    })`,
  })
  expect(error).toBeInstanceOf(ScenarioError)
  expect(error).toMatchObject({ file, line: lineOf(2), message: expect.stringContaining('setup threw at') })
})

test('a promise that a journey leaves behind does not take the run with it', async () => {
  const target = await serve((_, response) => void response.end('ok'))
  const { total, ending } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '500ms',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http, arrival }) => {
      if (arrival === 0) void Promise.reject(new Error('left behind'))
      await http.get('/')
    })] })`,
  })
  await target.stop()
  expect(ending?.state).toBe('completed')
  expect(total.iterations).toMatchObject({ completed: 10, failed: 0 })
  expect(ending?.caveats).toMatchObject([{ code: 'journeys-threw' }])
})

test('a worker that dies fails the run, and what was measured is kept', async () => {
  const target = await serve((_, response) => void response.end('ok'))
  const { total, ending } = await measure({
    target: target.url,
    rate: '50/s',
    duration: '10s',
    plan: { workers: 2 },
    scenario: `export default scenario({ journeys: [journey('one', async ({ http, arrival }) => { await http.get('/'); if (arrival === 75) process.exit(3) })] })`,
  })
  await target.stop()
  expect(ending).toMatchObject({ state: 'failed', because: expect.stringContaining('Worker 2 of 2 ended by itself') })
  expect(total.started).toBeGreaterThan(40)
  expect(total.planned).toBe(total.started + total.dropped)
})

test('what is written for k6 alone is refused at once', async () => {
  const shape = constant({ rate: '1/s', duration: '1s' })
  const workplace = { folder: '', secrets: {}, feeds: [], log: () => undefined }
  const script = aPlan('http://127.0.0.1', '', shape, { source: { kind: 'script', file: 'old.js', keepOptions: false } })
  const modules = aPlan('http://127.0.0.1', '', shape, { source: { kind: 'scenario', file: 'chat.ts', k6Modules: ['k6/ws'] } })
  await expect(embedded.prepare(script, workplace)).rejects.toThrow(UsageError)
  await expect(embedded.prepare(modules, workplace)).rejects.toThrow('k6/ws')
})
