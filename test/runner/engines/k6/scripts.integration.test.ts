import { expect } from 'vitest'
import { quantile } from '../../../../runner/stats/quantile.ts'
import { startConstantDelay } from '../../../targets/delays.ts'
import { cellOf, measure, requestsIn, testWithK6 } from './measuring.ts'

testWithK6('an existing script runs unchanged under our load: options, data files, setup, groups, checks and metrics', async () => {
  const target = await startConstantDelay(10)
  const { total, ending, error, log } = await measure({
    target: target.url,
    rate: '40/s',
    duration: '1s',
    plan: { env: { SHOP: target.url } },
    files: { 'people.json': '[{"name":"Ann"},{"name":"Bob"}]' },
    script: `
      import http from 'k6/http'
      import { check, group, sleep } from 'k6'
      import { Counter, Rate } from 'k6/metrics'
      import { SharedArray } from 'k6/data'
      const people = new SharedArray('people', () => JSON.parse(open('./people.json')))
      const orders = new Counter('orders')
      const good = new Rate('good')
      export const options = {
        thresholds: { http_req_duration: ['p(95)<1'] },
        scenarios: { a: { executor: 'constant-vus', vus: 500, duration: '10m', exec: 'browse' }, b: { executor: 'constant-vus', vus: 1, duration: '10m', exec: 'buy' } },
      }
      export function setup() { return { first: people[0].name } }
      export function browse(data) {
        group('home', () => { check(http.get(__ENV.SHOP + '/products/17'), { ok: (r) => r.status === 200, setup: () => data.first === 'Ann' }) })
      }
      export async function buy() {
        const answer = await http.asyncRequest('POST', __ENV.SHOP + '/cart', 'x', { tags: { name: 'cart' } })
        http.batch([['GET', __ENV.SHOP + '/a'], __ENV.SHOP + '/b'])
        orders.add(2); good.add(answer.status === 200)
      }
      export function teardown() { console.log('tore down') }
      export function handleSummary() { return { stdout: 'never' } }`,
  })
  const seen = await target.requests()
  await target.stop()
  expect(error).toBeUndefined()
  expect(ending).toMatchObject({ state: 'completed', exitCode: 0, caveats: [{ code: 'k6-script' }] })
  expect(total).toMatchObject({ planned: 40, started: 40, dropped: 0 })
  expect(total.iterations).toMatchObject({ completed: 40, failed: 0 })
  expect(seen).toBe(80)
  expect(requestsIn(total)).toBe(80)
  expect(total.cells.map(({ endpoint, count }) => [endpoint, count])).toEqual([
    ['GET /a', 20],
    ['GET /b', 20],
    ['GET /products/:id', 20],
    ['cart', 20],
  ])
  for (const cell of total.cells) expect(cell.responseTime.count).toBe(cell.count)
  expect(total.checks).toEqual({ ok: { passed: 20, failed: 0 }, setup: { passed: 20, failed: 0 } })
  expect(total.groups.home?.count).toBe(20)
  expect(total.metrics).toEqual({ orders: { kind: 'counter', sum: 40 }, good_nonzero: { kind: 'counter', sum: 20 }, good_total: { kind: 'counter', sum: 20 } })
  expect(log.join('\n')).toContain('tore down')
})

testWithK6("a script may keep its own load, and requests by named imports keep k6's own times", async () => {
  const target = await startConstantDelay(10)
  const { total, ending, error } = await measure({
    target: target.url,
    keepOptions: true,
    script: `
      import { get } from 'k6/http'
      export const options = { vus: 2, iterations: 30 }
      export default function () { get(__ENV.PERF_TARGET + '/named', { timeout: '5s' }) }`,
  })
  const seen = await target.requests()
  await target.stop()
  expect(error).toBeUndefined()
  expect(ending).toMatchObject({ state: 'completed', exitCode: 0 })
  expect(ending?.caveats.map(({ code }) => code)).toEqual(['k6-own-options'])
  expect(seen).toBe(30)
  expect(total).toMatchObject({ planned: 30, started: 30, dropped: 0 })
  expect(quantile(cellOf(total, 'GET /named').responseTime, 0.5)).toBeGreaterThan(9)
  expect(total.journeyTime.script?.count).toBe(30)
})
