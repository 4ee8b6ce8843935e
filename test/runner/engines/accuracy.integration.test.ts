/**
 * Both engines against targets whose truth is known. Counts are exact. No client can have an answer before the server let it go, so no
 * quantile may lie below the server's own record; above it there is only a wide physical bound, because a busy machine makes everybody
 * late. How near they come on a quiet one is measured by bench/accuracy.mjs.
 */
import { expect, test } from 'vitest'
import { quantile, quantileBounds } from '../../../runner/stats/quantile.ts'
import type { Child, Held } from '../../targets/child.ts'
import { startConstantDelay, startExponential, startFreezable, startLeak, startPool, startTwoPoint } from '../../targets/delays.ts'
import { frozenOutcome, quantileOf } from '../../targets/truth/frozen.ts'
import { cellOf, forEachEngine, requestsIn } from './measuring.ts'

const scenario = `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/') })] })`

/** A histogram's midpoint may lie so much below the sample. */
const accuracy = 1 / 256
const lateness = 1000 // milliseconds by which this machine may be late

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99, max: 1 } as const

forEachEngine((measure, engine) => {
  test.each<[string, () => Promise<Child>, number]>([
    ['a constant delay of 5 ms', () => startConstantDelay(5), 100],
    ['a constant delay of 500 ms', () => startConstantDelay(500), 100],
    ['one request in ten that takes ten times as long', () => startTwoPoint(10, 100), 100],
    ['exponential service times', () => startExponential(50), 100],
    ['a pool whose line is full now and then', () => startPool({ servers: 4, places: 6 }, 20), 180],
    ['a pool with more work than it can do', () => startPool({ servers: 4, places: 6 }, 20, 'constant'), 300],
    ['a leak', () => startLeak(10_000), 100],
  ])('%s: every request counted, and no quantile kinder than the truth', async (_, start, rate) => {
    const target = await start()
    // A stall of the machine must find users left.
    const { total, error } = await measure({ target: target.url, scenario, rate: `${rate}/s`, duration: '3s', plan: { users: 400 } })
    const { held, statuses, requests } = await target.ask()
    await target.stop()
    expect(error).toBeUndefined()
    expect([total.planned, total.started, total.dropped, requestsIn(total), requests]).toEqual([3 * rate, 3 * rate, 0, 3 * rate, 3 * rate])
    const { count, responseTime } = cellOf(total, 'GET /')
    expect(count).toBe(statuses[200])
    if (statuses[503] !== undefined) expect(cellOf(total, 'GET /', 'failure').errors).toEqual({ 'HTTP 503': statuses[503] })
    for (const [name, p] of Object.entries(quantiles)) {
      const truth = held[name as keyof Held]
      expect(quantile(responseTime, p), name).toBeGreaterThan(truth * (1 - accuracy) - 0.01)
      expect(quantile(responseTime, p), name).toBeLessThan(truth + lateness)
    }
  })

  test.each([10, 50, 400])('a server that holds its answers for a second is never told kinder than it is, with %i users', async (users) => {
    const target = await startFreezable(5)
    const measuring = measure({ target: target.url, scenario, rate: '200/s', duration: '4s', plan: { users } })
    while ((await target.requests()) < 200) await new Promise((resolve) => setTimeout(resolve, 20))
    await target.hold(1000)
    const { total } = await measuring
    const seen = await target.requests()
    await target.stop()
    expect([total.planned, total.started + total.dropped, seen]).toEqual([800, 800, total.started])
    if (users < 200) expect(total.dropped).toBeGreaterThan(100)
    else if (engine === 'embedded') expect(total.dropped).toBe(0)
    const { times } = frozenOutcome({ rate: 200, duration: 4, service: 5, freezes: [{ from: 1, until: 2 }] })
    for (const p of [0.5, 0.9, 0.95, 0.99]) {
      const { lower, upper } = quantileBounds(cellOf(total, 'GET /').responseTime, p, total.dropped)
      // Four arrivals of 800 may fall on the other side of the freeze's ends.
      const truth = { least: quantileOf(times, p - 0.005), most: quantileOf(times, p) }
      expect(upper).toBeGreaterThan(truth.least * (1 - accuracy) - 1)
      expect(lower).toBeLessThan(truth.most + lateness)
    }
  })
})
