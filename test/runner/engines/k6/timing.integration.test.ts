import { expect } from 'vitest'
import { quantile } from '../../../../runner/stats/quantile.ts'
import { arrivalsDue, dueAt } from '../../../../scenarios/shape.ts'
import { constant, ramp, sequence, viral } from '../../../../scenarios/shapes.ts'
import { startConstantDelay } from '../../../targets/delays.ts'
import { serve } from '../../../targets/target.ts'
import { cellOf, measure, requestsIn, testWithK6 } from './measuring.ts'

const get = `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/') })] })`

for (const [delay, users] of [
  [5, 20],
  [50, 300],
  [500, 400], // a stall of the machine must find users left
] as const)
  testWithK6(`a server that answers after ${delay} ms is measured so, with ${users} users`, async () => {
    const target = await startConstantDelay(delay)
    const { total, error, ending } = await measure({ target: target.url, scenario: get, rate: '100/s', duration: '3s', plan: { users } })
    const [held, seen] = [await target.held(), await target.requests()]
    await target.stop()
    expect(error).toBeUndefined()
    expect(ending).toMatchObject({ state: 'completed', exitCode: 0 })
    expect(total).toMatchObject({ planned: 300, started: 300, dropped: 0 })
    expect(seen).toBe(300)
    expect(requestsIn(total)).toBe(300)
    const { responseTime, serviceTime } = cellOf(total, 'GET /')
    const [median, high] = [quantile(responseTime, 0.5) ?? 0, quantile(responseTime, 0.95) ?? 0]
    // No server is faster than its delay. Upwards there are the way through the loopback and whatever else the machine does.
    expect(median).toBeGreaterThan(delay - 0.5)
    expect(median - held.p50).toBeLessThan(30 + 0.02 * delay)
    expect(high).toBeGreaterThan(delay - 0.5)
    expect(responseTime.count).toBe(300)
    expect(responseTime.sum / 300).toBeCloseTo((serviceTime.sum + total.lag.sum + cellOf(total, 'GET /').setupTime.sum) / 300, 1)
  })

testWithK6('arrivals reach the server when the shape says so, up, down, in jumps and in a decay', async () => {
  const arrivals: number[] = []
  const target = await serve((_, response) => {
    arrivals.push(performance.timeOrigin + performance.now())
    response.end()
  })
  const shape = sequence(
    ramp({ from: '0/s', to: '80/s', duration: '1s' }),
    constant({ rate: '33.3/s', duration: '700ms' }),
    viral({ base: '5/s', factor: 10, before: '100ms', rise: '300ms', halfLife: '200ms', tail: '1s' }),
  )
  const { total, startedAt, ending } = await measure({ target: target.url, scenario: get, shape })
  await target.stop()
  expect(ending?.caveats).toEqual([])
  expect(total.planned).toBe(arrivalsDue(shape))
  expect(arrivals).toHaveLength(total.planned)
  const late = arrivals.sort((a, b) => a - b).map((at, n) => at - startedAt - 1000 * dueAt(shape, n))
  const sorted = [...late].sort((a, b) => a - b)
  // k6's clock begins a few milliseconds after the second; from there on every arrival keeps its distance to its due time.
  expect(sorted[0]).toBeGreaterThan(0)
  expect(sorted[0]).toBeLessThan(300)
  expect((sorted[Math.floor(sorted.length / 2)] ?? 0) - (sorted[0] ?? 0)).toBeLessThan(60)
})

testWithK6('think time is in no journey time, and a later request counts from when it was reached', async () => {
  const target = await startConstantDelay(20)
  const { total } = await measure({
    target: target.url,
    rate: '20/s',
    duration: '1s',
    scenario: `export default scenario({ journeys: [journey('one', async ({ http, think, group }) => {
      await http.get('/first')
      await think('300ms')
      await group('outer', async () => { await http.get('/second'); await group('inner', () => think('50ms')) })
    })] })`,
  })
  await target.stop()
  expect(quantile(total.journeyTime.one ?? total.lag, 0.5)).toBeGreaterThan(39)
  expect(total.journeyTime.one?.min).toBeLessThan(85) // 90 with the shorter of the two
  expect(quantile(cellOf(total, 'GET /second').responseTime, 0.5)).toBeLessThan(250) // from the journey's start it would be 340
  expect(quantile(total.groups.outer ?? total.lag, 0.5)).toBeGreaterThan(69)
  expect(quantile(total.groups['outer::inner'] ?? total.lag, 0.5)).toBeGreaterThan(49)
})

testWithK6('dropped arrivals are counted, and later lags do not grow with them', async () => {
  const target = await startConstantDelay(50)
  // 4 users with journeys of some 50 ms start at most 80 a second; 200/s for a second are too many, 20/s afterwards are not.
  const shape = sequence(constant({ rate: '200/s', duration: '1s' }), constant({ rate: '20/s', duration: '2s' }))
  const { total, timeline, ending } = await measure({ target: target.url, scenario: get, shape, plan: { users: 4 } })
  const seen = await target.requests()
  await target.stop()
  expect(total.planned).toBe(240)
  expect(total.started + total.dropped).toBe(240)
  expect(total.dropped).toBeGreaterThan(90)
  expect(seen).toBe(total.started)
  expect(requestsIn(total)).toBe(seen)
  expect(ending?.caveats.map(({ code }) => code)).toEqual(['k6-lag-after-drops'])
  // Uncorrected, each of some 130 drops would add 5 ms: more than half a second.
  expect(quantile(timeline[2]?.lag ?? total.lag, 0.5)).toBeLessThan(250)
  expect(Math.max(...timeline.map(({ users }) => users))).toBe(4)
})
