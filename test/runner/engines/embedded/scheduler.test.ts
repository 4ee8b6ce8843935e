import { expect, test } from 'vitest'
import { type Arrival, Scheduler } from '../../../../runner/engines/embedded/scheduler.ts'

const now = (): number => performance.now()

/** What the scheduler starts, each with how late it was. */
const scheduled = async (dues: readonly number[], end = 0) => {
  const origin = now()
  const started: { readonly number: number; readonly late: number }[] = []
  const arrivals = dues.map((due, number) => ({ number, due: origin + due }))
  await new Promise<void>((resolve) => {
    const onArrival = ({ number, due }: Arrival, at: number) => started.push({ number, late: at - due })
    new Scheduler(arrivals, origin + end, now, onArrival, resolve).start()
  })
  return { started, took: now() - origin }
}

test('starts each arrival once, in order, and never before it is due', async () => {
  const { started } = await scheduled([0, 1.5, 1.6, 1.7, 20, 20, 33.3])
  expect(started.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6])
  for (const { late } of started) expect(late).toBeGreaterThanOrEqual(0)
})

test('goes on to the end of the shape, where no arrival may be left', async () => {
  const { took } = await scheduled([1], 60)
  expect(took).toBeGreaterThanOrEqual(60)
})

test('a stall costs no arrival, and answers get their turn while it is made up for', async () => {
  let turns = 0
  const count = (): void => {
    turns += 1
    immediate = setImmediate(count)
  }
  let immediate = setImmediate(count)
  const { started } = await scheduled(Array.from({ length: 200 }, (_, n) => n / 1000 - 1)) // all due a moment ago
  clearImmediate(immediate)
  expect(started).toHaveLength(200)
  expect(turns).toBeGreaterThan(3)
})

test('after a stop those that were due are handed over, the others never come', async () => {
  const origin = now()
  const started: number[] = []
  const late: number[] = []
  const arrivals = [0, 5, 10_000].map((due, number) => ({ number, due: origin + due }))
  const scheduler = new Scheduler(
    arrivals,
    origin + 20_000,
    now,
    ({ number }) => started.push(number),
    () => expect.unreachable(),
  )
  scheduler.start()
  while (now() < origin + 6) {} // both are due, the second has had no turn
  scheduler.stop(({ number }) => late.push(number))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect({ started, late }).toEqual({ started: [0], late: [1] })
})
