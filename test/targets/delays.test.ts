import { afterEach, expect, test } from 'vitest'
import { startConstantDelay, startDying, startFreezable, startSlowBody, startSlowHeader } from './delays.ts'
import type { Target } from './target.ts'

const targets: Target[] = []
const kept = <T extends Target>(target: T): T => {
  targets.push(target)
  return target
}
afterEach(() => Promise.all(targets.splice(0).map((target) => target.stop())))

const timed = async (url: string): Promise<{ readonly head: number; readonly whole: number; readonly bytes: number }> => {
  const start = performance.now()
  const answer = await fetch(url)
  const head = performance.now() - start
  const { byteLength } = await answer.arrayBuffer()
  return { head, whole: performance.now() - start, bytes: byteLength }
}

test.each([5, 50, 500])('a constant delay of %i ms is never shorter, and its server knows how long it was', async (milliseconds) => {
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

test('a slow header delays the head, a slow body only the end', async () => {
  const header = await timed(kept(await startSlowHeader(150)).url)
  expect(header.head).toBeGreaterThan(145)
  const slowBody = kept(await startSlowBody(500))
  const body = await timed(slowBody.url)
  expect(body.head).toBeLessThan(495)
  expect(body.whole).toBeGreaterThan(495)
  expect(body.bytes).toBe(slowBody.truth().bytes)
})

test.skipIf(process.platform === 'win32')('a freeze stops every answer for as long as it lasts', async () => {
  const target = kept(await startFreezable(5))
  await timed(target.url)
  const frozen = target.freeze(300)
  const { whole } = await timed(target.url)
  expect(whole).toBeGreaterThan(290)
  expect(await frozen).toBeGreaterThan(299)
  expect(await target.requests()).toBe(2)
})

test('the truth of a freeze is what peers were held to: 1 s in 10 s, 5 ms service', async () => {
  const { truth } = kept(await startFreezable(5))
  const at = (p: number) => truth({ p, duration: 10, freeze: 1 })
  expect([0.5, 0.95, 0.975, 0.99].map((p) => Math.round(at(p)))).toEqual([5, 505, 755, 905])
})

test('a dying target answers as often as it says, then is gone', async () => {
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
