import { afterAll, expect, test } from 'vitest'
import {
  startConstantDelay,
  startDying,
  startExponential,
  startFreezable,
  startLeak,
  startPool,
  startSlowBody,
  startSlowHeader,
  startTwoPoint,
} from './delays.ts'
import type { Target } from './target.ts'

const targets: Target[] = []
const kept = <T extends Target>(target: T): T => {
  targets.push(target)
  return target
}
afterAll(() => Promise.all(targets.splice(0).map((target) => target.stop())))

const timed = async (url: string): Promise<{ readonly head: number; readonly whole: number; readonly bytes: number }> => {
  const start = performance.now()
  const answer = await fetch(url)
  const head = performance.now() - start
  const { byteLength } = await answer.arrayBuffer()
  return { head, whole: performance.now() - start, bytes: byteLength }
}

// Side by side: they do nothing but wait, each for a target of its own.
test.concurrent.each([5, 50, 500])('a constant delay of %i ms is never shorter, and its server knows how long it was', async (milliseconds) => {
  const target = kept(await startConstantDelay(milliseconds))
  const times = await Promise.all(Array.from({ length: 10 }, () => timed(`${target.url}/delay?n=1`)))
  expect(Math.min(...times.map(({ whole }) => whole))).toBeGreaterThanOrEqual(milliseconds)
  expect(target.truth()).toEqual({ milliseconds })
  const { p50, max } = await target.held()
  expect(p50).toBeGreaterThanOrEqual(milliseconds)
  // A client can't have an answer before the server let it go.
  expect(max).toBeLessThanOrEqual(Math.max(...times.map(({ whole }) => whole)))
  expect([await target.requests('/delay'), await target.requests('/other'), await target.requests()]).toEqual([10, 0, 10])
})

test.concurrent('a slow header delays the head, a slow body only the end', async () => {
  const header = await timed(kept(await startSlowHeader(150)).url)
  expect(header.head).toBeGreaterThan(145)
  const slowBody = kept(await startSlowBody(1500))
  const body = await timed(slowBody.url)
  expect(body.head).toBeLessThan(1495)
  expect(body.whole).toBeGreaterThan(1495)
  expect(body.bytes).toBe(slowBody.truth().bytes)
})

test.skipIf(process.platform === 'win32').concurrent('a freeze stops every answer for as long as it lasts', async () => {
  const target = kept(await startFreezable(5))
  await timed(target.url)
  const frozen = target.freeze(300)
  const { whole } = await timed(target.url)
  expect(whole).toBeGreaterThan(290)
  expect(await frozen).toBeGreaterThan(299)
  expect(await target.requests()).toBe(2)
})

test.concurrent('a hold stops every answer for as long as it lasts, and requests are still read', async () => {
  const target = kept(await startFreezable(5))
  await timed(target.url)
  const held = target.hold(1500)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const answer = timed(target.url)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await target.requests()).toBe(2)
  expect((await answer).whole).toBeGreaterThan(1000)
  await held
})

test.concurrent('every tenth request is slow, whoever asks', async () => {
  const target = kept(await startTwoPoint(5, 60))
  const times: number[] = []
  for (let n = 0; n < 20; n++) times.push((await timed(target.url)).whole)
  const { fast, slow, quantile } = target.truth(20)
  expect([fast, slow]).toEqual([18, 2])
  expect([0.5, 0.9, 0.95, 0.99].map(quantile)).toEqual([5, 5, 60, 60])
  // A stalled machine may make a fast one late, never a slow one early.
  expect([times[9], times[19]].every((time) => (time ?? 0) >= 60)).toBe(true)
  expect(Math.min(...times)).toBeGreaterThanOrEqual(5)
  expect((await target.held()).p95).toBeGreaterThanOrEqual(60)
})

test.concurrent('exponential service has its mean, and the same services for the same seed', async () => {
  const works: number[] = []
  for (let run = 0; run < 2; run++) {
    const target = kept(await startExponential(5, 7))
    for (let n = 0; n < 40; n++) await timed(target.url)
    works.push((await target.ask()).work)
    expect(target.truth(0.95)).toBeCloseTo(14.98, 2)
    // The answers were held for as long as was drawn, at least.
    expect((await target.held()).max).toBeGreaterThan((works[run] ?? 0) / 40)
  }
  expect(works[0]).toBe(works[1])
  expect((works[0] ?? 0) / 40).toBeGreaterThan(3) // five standard errors of a mean of 40 are 4 ms; the seed makes it one number
  expect((works[0] ?? 0) / 40).toBeLessThan(9)
})

test.concurrent('a pool serves so many at once, lets so many wait, and turns the rest away', async () => {
  const target = kept(await startPool({ servers: 2, places: 3 }, 700, 'constant'))
  const start = performance.now()
  const answers = await Promise.all(Array.from({ length: 9 }, () => fetch(target.url).then(({ status }) => ({ status, after: performance.now() - start }))))
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(4)
  expect((await target.ask()).statuses).toEqual({ 200: 5, 503: 4 })
  // Two at once, then two who waited for one service, then one who waited for two: none of them sooner, whenever they came.
  const served = answers.flatMap(({ status, after }) => (status === 200 ? [after] : [])).toSorted((a, b) => a - b)
  for (const [at, services] of [1, 1, 2, 2, 3].entries()) expect(served[at]).toBeGreaterThanOrEqual(services * 700)
  // The server counts from when each came, which was a little after the first.
  const { p50, max } = await target.held()
  expect(p50).toBeGreaterThan(1050)
  expect(max).toBeGreaterThan(1750)
  const { turnedAway, wait } = target.truth(18)
  expect(turnedAway).toBeGreaterThan(0)
  expect(turnedAway).toBeLessThan(1)
  expect(wait(0.99)).toBeGreaterThan(wait(0.9))
})

test.concurrent('a leak keeps what it says', async () => {
  const target = kept(await startLeak(500_000))
  await timed(target.url)
  const before = await target.memory()
  for (let n = 0; n < 20; n++) await timed(target.url)
  expect((await target.ask()).leaked).toBe(target.truth(21).bytes)
  expect((await target.memory()) - before).toBeGreaterThan(0.9 * target.truth(20).bytes)
})

test.concurrent('the truth of a freeze is what peers were held to: 1 s in 10 s, 5 ms service', async () => {
  const { truth } = kept(await startFreezable(5))
  const at = (p: number) => truth({ p, duration: 10, freeze: 1 })
  expect([0.5, 0.95, 0.975, 0.99].map((p) => Math.round(at(p)))).toEqual([5, 505, 755, 905])
})

test.concurrent('a dying target answers as often as it says, then is gone', async () => {
  const target = kept(await startDying(3))
  const answers: boolean[] = []
  for (let n = 0; n < 5; n += 1)
    answers.push(
      await fetch(target.url).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
  expect(answers.filter(Boolean)).toHaveLength(target.truth().answered)
  expect(answers).toEqual([true, true, true, false, false])
})
