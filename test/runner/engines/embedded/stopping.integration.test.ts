import { expect, test } from 'vitest'
import { plannedArrivals } from '../../../../scenarios/shape.ts'
import { constant, poisson } from '../../../../scenarios/shapes.ts'
import { startConstantDelay } from '../../../targets/delays.ts'
import { startHangs } from '../../../targets/faults.ts'
import { measure, requestsIn } from './measuring.ts'

const get = `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/') })] })`

test('without a free user an arrival is dropped, and the sums hold in every second', async () => {
  const target = await startConstantDelay(500)
  const { total, timeline } = await measure({ target: target.url, scenario: get, rate: '40/s', duration: '2s', plan: { users: 5, workers: 2 } })
  const seen = await target.requests()
  await target.stop()
  expect(total.planned).toBe(80)
  expect(total.started + total.dropped).toBe(80)
  // 5 users with journeys of half a second start at most 5 every half second.
  expect(total.started).toBeGreaterThanOrEqual(15)
  expect(total.started).toBeLessThanOrEqual(20)
  expect(seen).toBe(total.started)
  expect(requestsIn(total)).toBe(seen)
  expect(timeline.map(({ planned }) => planned).slice(0, 2)).toEqual([40, 40])
  expect(Math.max(...timeline.map(({ users }) => users))).toBe(5)
})

test('Poisson arrivals are planned as the seed says, with any number of workers', async () => {
  const target = await startConstantDelay(1)
  const shape = poisson(constant({ rate: '100/s', duration: '1s' }))
  const { total } = await measure({ target: target.url, scenario: get, shape, plan: { seed: 11, workers: 2 } })
  await target.stop()
  expect(total.planned).toBe(plannedArrivals(shape, 11))
  expect(total.started).toBe(total.planned)
})

test('a stop lets journeys under way come to their end', async () => {
  const target = await startConstantDelay(300)
  const { total, ending, took } = await measure({ target: target.url, scenario: get, rate: '50/s', duration: '30s', stopAfter: 1, plan: { workers: 2 } })
  const seen = await target.requests()
  await target.stop()
  expect(ending?.state).toBe('stopped')
  expect(took).toBeLessThan(4)
  expect(total.planned).toBe(total.started + total.dropped)
  expect(total.planned).toBeGreaterThan(30)
  expect(total.planned).toBeLessThan(120)
  expect(total.iterations).toMatchObject({ completed: total.started, interrupted: 0 })
  expect(requestsIn(total)).toBe(seen)
})

test('journeys that outlast the graceful stop are cut off and counted as such', async () => {
  const target = await startHangs()
  const { total, ending, took } = await measure({ target: target.url, scenario: get, rate: '20/s', duration: '500ms', plan: { gracefulStop: 0.3 } })
  await target.stop()
  expect(ending?.state).toBe('completed')
  expect(took).toBeLessThan(4)
  expect(total.iterations).toMatchObject({ completed: 0, interrupted: 10 })
  expect(requestsIn(total)).toBe(0)
})

test('a kill ends everything at once and keeps the figures', async () => {
  const target = await startConstantDelay(200)
  const { total, ending, took } = await measure({ target: target.url, scenario: get, rate: '50/s', duration: '30s', killAfter: 1, plan: { gracefulStop: 30 } })
  await target.stop()
  expect(ending?.state).toBe('stopped')
  expect(took).toBeLessThan(3)
  expect(total.iterations.completed).toBeGreaterThan(10)
  expect(total.started).toBe(total.iterations.completed + total.iterations.interrupted)
  expect(total.planned).toBe(total.started + total.dropped)
})

test('a journey that never lets go of its thread can be killed all the same', async () => {
  const target = await startConstantDelay(1)
  const { ending, took } = await measure({
    target: target.url,
    rate: '50/s',
    duration: '30s',
    killAfter: 1,
    scenario: `export default scenario({ journeys: [journey('one', async ({ arrival, http }) => { await http.get('/'); while (arrival === 10) {} })] })`,
  })
  await target.stop()
  expect(ending?.state).toBe('stopped')
  expect(took).toBeLessThan(5)
})

test('a signal that came before the load leaves nothing running', async () => {
  const { ending, total } = await measure({ target: 'http://127.0.0.1:9', scenario: get, duration: '10s', stopAfter: 0 })
  expect(ending?.state).toBe('stopped')
  expect(total.planned).toBeLessThan(50)
})
