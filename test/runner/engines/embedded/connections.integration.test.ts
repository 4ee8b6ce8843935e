import { expect, test } from 'vitest'
import { quantile } from '../../../../runner/stats/quantile.ts'
import { startConstantDelay, startFreezable } from '../../../targets/delays.ts'
import { startHangs } from '../../../targets/faults.ts'
import { frozenOutcome, quantileOf } from '../../../targets/truth/frozen.ts'
import { cellOf, measure, requestsIn } from './measuring.ts'

const get = `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/', { timeout: '10s' }) })] })`

test.each([
  ['one worker', 1],
  ['two workers', 2],
])('with %s, no more connections are opened than allowed, and standing in line for one counts', async (_, workers) => {
  const target = await startConstantDelay(50)
  // Two connections do 40 a second; of 20 arrivals in 0.2 s the last waits for nine answers before it gets its own.
  const { total, ending } = await measure({ target: target.url, scenario: get, rate: '100/s', duration: '200ms', plan: { connections: 2, workers } })
  const [opened, seen] = [await target.connections(), await target.requests()]
  await target.stop()
  const { times } = frozenOutcome({ rate: 100, duration: 0.2, service: 50, freezes: [] }, { most: 2, beyond: 'wait' })
  const { responseTime, setupTime, serviceTime } = cellOf(total, 'GET /')
  expect([opened, seen, total.dropped, responseTime.count]).toEqual([2, 20, 0, 20])
  expect(responseTime.min).toBeGreaterThan(49.5)
  expect(responseTime.sum).toBeGreaterThan(times.reduce((sum, time) => sum + time, 0) * 0.99)
  // The line is most of it: without it the parts would be short by four fifths. What is left over is the generator's own work, more of it on a busy machine.
  const leftOver = responseTime.sum - total.lag.sum - setupTime.sum - serviceTime.sum
  expect(Math.abs(leftOver)).toBeLessThan(responseTime.sum * 0.05)
  expect(quantile(serviceTime, 0.5)).toBeLessThan(quantile(responseTime, 0.5) ?? 0)
  expect(ending?.caveats).toMatchObject([{ code: 'connections-busy', text: expect.stringMatching(/^1\d requests stood in line/) }])
})

test('whoever gives up in line leaves it, and the place of a failed connection goes to the next', async () => {
  const target = await startHangs()
  // The first holds the connection for 0.4 s, the second gives up while it does, the third then has 0.4 s of its own.
  const { total } = await measure({
    target: target.url,
    rate: '10/s',
    duration: '100ms',
    plan: { connections: 1 },
    scenario: `export default scenario({ journeys: [journey('one', async ({ http }) => {
      await http.batch([400, 200, 800].map((limit) => ['GET', '/' + limit, { timeout: limit + 'ms', endpoint: String(limit) }]))
    })] })`,
  })
  const [seen, opened] = [await target.requests(), await target.connections()]
  await target.stop()
  expect([seen, opened]).toEqual([2, 2])
  for (const limit of [400, 200, 800]) {
    const { errors, responseTime, serviceTime } = cellOf(total, String(limit), 'failure')
    expect(errors).toEqual({ timeout: 1 })
    expect(responseTime.min).toBeGreaterThanOrEqual(limit - 1)
    expect(serviceTime.count).toBe(limit === 200 ? 0 : 1)
  }
})

test('a server frozen for a second is told as it is with 10 connections, once the line is counted', async () => {
  const target = await startFreezable(5)
  const load = { rate: 200, duration: 4 }
  const measuring = measure({ target: target.url, scenario: get, rate: '200/s', duration: '4s', plan: { connections: 10 } })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const freeze = (await target.freeze(1000)) / 1000
  const { total } = await measuring
  const opened = await target.connections()
  await target.stop()
  expect(opened).toBeLessThanOrEqual(10)
  expect([total.dropped, requestsIn(total)]).toEqual([0, 800])
  const { times } = frozenOutcome({ ...load, service: 5, freezes: [{ from: 1.5, until: 1.5 + freeze }] }, { most: 10, beyond: 'wait' })
  // Never too kind; upwards the machine may add what it likes.
  for (const p of [0.9, 0.95, 0.99]) expect(quantile(cellOf(total, 'GET /').responseTime, p)).toBeGreaterThan(quantileOf(times, p) - 30)
})
