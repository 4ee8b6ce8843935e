import { expect } from 'vitest'
import { startEcho, startStatuses } from '../../../targets/answers.ts'
import { serve } from '../../../targets/target.ts'
import type { Measured } from '../measuring.ts'
import { lineOf, measure, requestsIn, testWithK6 } from './measuring.ts'

/** A last await of nothing at all can't be compiled away, and so the whole journey is left as it is written. */
const leftAlone = 'await null'

const body = `
  const front = await http.get('/front')
  check(front, { 'is an answer': (r) => r.status === 200 && r.json<{ url: string }>().url === '/front' })
  const seen = await group('outer', async () => {
    await http.post('/a', { json: { arrival: user.arrival } })
    return await group('inner', () => http.get('/b?n=1'))
  })
  check(seen, { 'a group gives what its part gives': (r) => r.json<{ url: string }>().url === '/b?n=1' })
  for (const n of [1, 2]) { if (n === 2) continue; await visit(user, '/loop/' + n) }
  try {
    await http.get('/header', { headers: { 'bad header': 'x' } })
  } catch (error) {
    await http.get('/caught?' + (error instanceof Error || typeof error === 'object'))
  } finally {
    await user.think('1ms')
  }
  const answers = await http.batch([['GET', '/one'], ['GET', '/two']])
  check(answers, { 'a batch gives all': (all) => all.length === 2 && all[1]?.url.endsWith('/two') === true })
  if (user.arrival % 2 === 1) throw new Error('every second')`

const scenarioWith = (last: string): string => `
  const visit = async (user: { http: { get(url: string): Promise<HttpResponse> } }, path: string) => { const { status } = await user.http.get(path); return status }
  export default scenario({ journeys: [journey('one', async (user) => { const { http, check, group } = user;${body}
  ${last} })] })`

testWithK6('a journey does the same with its awaits and without them', async () => {
  const run = async (last: string): Promise<{ measured: Measured; sent: string[] }> => {
    const target = await startEcho()
    const measured = await measure({ target: target.url, rate: '20/s', duration: '1s', plan: { users: 1 }, scenario: scenarioWith(last) })
    const sent = target.truth().map(({ method, url, body: content }) => `${method} ${url} ${content}`)
    await target.stop()
    return { measured, sent }
  }
  const [compiled, left] = [await run(''), await run(leftAlone)]
  expect(compiled.measured.files['bundle.js']).toContain('synchronousJourney("one"')
  expect(left.measured.files['bundle.js']).not.toContain('synchronousJourney("one"')
  // A batch's requests go out at once, in an order of their own.
  expect(compiled.sent.sort()).toEqual(left.sent.sort())
  expect(compiled.sent.length).toBeGreaterThan(7 * 15)
  const facts = ({ measured: { total, ending } }: typeof left) => ({
    counts: total.cells.map(({ endpoint, outcome, count, statuses, responseTime }) => [endpoint, outcome, count, statuses, responseTime.count]),
    checks: total.checks,
    groups: Object.entries(total.groups)
      .map(([name, { count }]) => [name, count])
      .sort(),
    iterations: total.iterations,
    said: ending?.caveats.map(({ code, text }) => [code, text.replace(/ at \S*scenario\.ts/, ' at scenario.ts')]),
  })
  expect(facts(compiled)).toEqual(facts(left))
  expect(compiled.measured.total.iterations).toMatchObject({ completed: 20, failed: 10 })
})

testWithK6('the line of a mistake is told as it stands in the file, though its awaits are gone', async () => {
  const target = await startStatuses(200)
  const { error, file, files } = await measure({
    target: target.url,
    rate: '50/s',
    duration: '20s',
    scenario: `
      type Page = { readonly status: number }
      export default scenario({ journeys: [journey('one', async ({ http, group }) => {
        await http.get('/')
        await group('part', async () => {
          const page: Page = await http.get('/b')
          if (page.status === 200) throw new Error('seventh line')
        })
      })] })`,
  })
  await target.stop()
  expect(files['bundle.js']).toContain('synchronousJourney("one"')
  expect(error).toMatchObject({ file, line: lineOf(7) })
})

for (const [what, run] of [
  ['awaited', `async ({ http }) => { await http.get('/') }`],
  ['given', `({ http }) => http.get('/')`],
] as const)
  testWithK6(`a journey that is one request, ${what}, has its request's time, and each is counted once`, async () => {
    const target = await startStatuses(200)
    const { total, files } = await measure({
      target: target.url,
      rate: '50/s',
      duration: '2s',
      scenario: `export default scenario({ journeys: [journey('one', ${run})] })`,
    })
    const seen = await target.requests()
    await target.stop()
    expect(JSON.parse(files['known.json'] ?? '')).toEqual({ endpoints: ['GET /'], isOneRequest: true, sole: { method: 'GET', url: '/' } })
    expect(total).toMatchObject({ planned: 100, started: 100, dropped: 0, iterations: { completed: 100, failed: 0 } })
    expect([seen, requestsIn(total), total.lag.count, total.cells[0]?.responseTime.count]).toEqual([100, 100, 100, 100])
    expect(total.journeyTime.one).toEqual(total.cells[0]?.responseTime)
  })

testWithK6('a sole request is sent as its journey would have sent it, and a setup beside it still reads bodies', async () => {
  const target = await startEcho()
  const { total, log, files } = await measure({
    target: target.url,
    rate: '10/s',
    duration: '1s',
    plan: { headers: { 'x-plan': 'yes' } },
    scenario: `export default scenario({
      headers: { 'x-scenario': 'yes' },
      setup: async ({ http }) => { console.log('setup read ' + (await http.get('/products/7')).json<{ url: string }>().url); return {} },
      journeys: [journey('one', async ({ http }) => { await http.get('/products/7') })],
    })`,
  })
  await target.stop()
  expect(JSON.parse(files['options.json'] ?? '')).toMatchObject({ discardResponseBodies: true, maxRedirects: 0 })
  expect(log.join('\n')).toContain('setup read /products/7')
  expect(target.truth().map(({ method, url, headers, body }) => [method, url, headers['x-plan'], headers['x-scenario'], body])).toEqual(
    Array.from({ length: 11 }, () => ['GET', '/products/7', 'yes', 'yes', '']),
  )
  expect(total.cells.map(({ endpoint, count }) => [endpoint, count])).toEqual([['GET /products/:id', 10]])
})

testWithK6('a journey that is one request has a time of its own where that request is redirected or fails', async () => {
  let asked = 0
  const target = await serve(({ url }, response) => {
    const status = url === '/end' ? 200 : ([200, 302, 500][asked++ % 3] ?? 200)
    response.writeHead(status, status === 302 ? { location: '/end' } : {}).end()
  })
  const { total } = await measure({
    target: target.url,
    rate: '30/s',
    duration: '1s',
    scenario: `export default scenario({ journeys: [journey('one', ({ http }) => http.get('/'))] })`,
  })
  await target.stop()
  expect(total.iterations).toEqual({ completed: 30, failed: 0, interrupted: 0, unavailable: 10 })
  expect(total.journeyTime.one?.count).toBe(30)
  expect(total.cells.map(({ endpoint, outcome, count, responseTime }) => [endpoint, outcome, count, responseTime.count])).toEqual([
    ['GET /', 'success', 20, 20],
    ['GET /', 'failure', 10, 10],
    ['GET /end', 'success', 10, 10],
  ])
})
