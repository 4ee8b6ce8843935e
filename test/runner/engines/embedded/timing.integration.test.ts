import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { quantile } from '../../../../runner/stats/quantile.ts'
import { startChunked } from '../../../targets/answers.ts'
import { startConstantDelay, startFreezable, startSlowBody, startSlowHeader } from '../../../targets/delays.ts'
import { cellOf, measure, requestsIn } from './measuring.ts'

const get = `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/') })] })`

/**
 * What other work on this machine costs an event loop, in milliseconds at a percentile: some 0.2 when it is quiet, tens when it is not.
 * Taken three times, because generator, server and test each have a loop that may have to wait.
 */
const noise = (loop: IntervalHistogram, percentile: number): number => 3 * Math.max(0, loop.percentile(percentile) / 1e6 - 1)

test.each([5, 50, 500])('a server that takes %i ms is told to take that long', async (milliseconds) => {
  const target = await startConstantDelay(milliseconds)
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const { total } = await measure({ target: target.url, scenario: get, rate: '100/s', duration: '2s' })
  loop.disable()
  const held = await target.held()
  const seen = await target.requests()
  await target.stop()
  const { serviceTime, responseTime, count } = cellOf(total, 'GET /')
  const tolerance = 2 + milliseconds * 0.02
  expect(count).toBe(200)
  expect(seen).toBe(200)
  expect(serviceTime.min).toBeGreaterThanOrEqual(milliseconds)
  expect(quantile(serviceTime, 0.5)).toBeGreaterThan(held.p50 * 0.99)
  expect(quantile(serviceTime, 0.5)).toBeLessThan(held.p50 + tolerance + noise(loop, 95))
  expect(quantile(responseTime, 0.5)).toBeLessThan(held.p50 + tolerance + noise(loop, 95))
  expect(quantile(serviceTime, 0.95)).toBeLessThan(held.p95 + 2 * tolerance + noise(loop, 100))
  expect(quantile(responseTime, 0.95)).toBeLessThan(held.p95 + 2 * tolerance + noise(loop, 100))
})

test.each([
  ['one worker', 1],
  ['two workers', 2],
])('with %s, a server frozen for a second moves p95 as far as users waited', async (_, workers) => {
  const target = await startFreezable(5)
  const duration = 4
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const measuring = measure({ target: target.url, scenario: get, rate: '200/s', duration: `${duration}s`, plan: { workers, users: 600 } })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const freeze = (await target.freeze(1000)) / 1000
  const { total } = await measuring
  loop.disable()
  const seen = await target.requests()
  await target.stop()
  const { responseTime } = cellOf(total, 'GET /')
  expect(total.dropped).toBe(0)
  expect(requestsIn(total)).toBe(800)
  expect(seen).toBe(800)
  for (const p of [0.9, 0.95, 0.99]) {
    const truth = target.truth({ p, duration, freeze })
    expect(quantile(responseTime, p)).toBeGreaterThan(truth - 80)
    expect(quantile(responseTime, p)).toBeLessThan(truth + 250 + noise(loop, 100))
  }
  expect(quantile(responseTime, 0.5)).toBeLessThan(30 + noise(loop, 100))
})

test('a slow head and a slow body both count until their last byte', async () => {
  for (const start of [startSlowHeader, startSlowBody]) {
    const target = await start(200)
    // One after the other: when its process stalls, the target may mix up the pieces of two answers.
    const { total } = await measure({ target: target.url, scenario: get, rate: '3/s', duration: '1s' })
    await target.stop()
    const { serviceTime, count } = cellOf(total, 'GET /')
    expect(count).toBe(3)
    expect(serviceTime.min).toBeGreaterThan(195)
    expect(quantile(serviceTime, 0.5)).toBeLessThan(300)
  }
})

test('a body without a length is received whole', async () => {
  const target = await startChunked()
  const { total, log } = await measure({
    target: target.url,
    rate: '10/s',
    duration: '200ms',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http }) => { console.log((await http.get('/')).body.length) })] })`,
  })
  await target.stop()
  expect(log).toEqual([String(target.truth().bytes), String(target.truth().bytes)])
  expect(total.bytesReceived).toBeGreaterThan(2 * target.truth().bytes)
})

test('a request that had to wait for a connection shows it as set-up time, one that found one does not', async () => {
  const target = await startConstantDelay(5)
  const { total } = await measure({ target: target.url, scenario: get, rate: '20/s', duration: '1s' })
  const opened = await target.connections()
  await target.stop()
  const { setupTime } = cellOf(total, 'GET /')
  const { buckets } = setupTime
  expect(opened).toBeLessThan(10)
  expect(buckets.slice(0, 2)).toEqual([0, 20 - opened])
  expect(setupTime.max).toBeGreaterThan(0)
})
