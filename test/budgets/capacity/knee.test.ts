import { describe, expect, test } from 'vitest'
import { capacityOf } from '../../../budgets/capacity/capacity.ts'
import { largestUse } from '../../../budgets/capacity/queue.ts'
import { randomFrom } from '../../../scenarios/shape.ts'
import { type Answer, type Arrival, aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const hold = 30

/** A pool of `servers` with one line; `time` of a service in ms. */
const aLine = (servers: number, time: (random: () => number) => number, seed = 7) => {
  const random = randomFrom(seed)
  const freeAt = Array.from({ length: servers }, () => 0)
  return ({ t }: Arrival): Answer => {
    const first = freeAt.indexOf(Math.min(...freeAt))
    const end = Math.max(t, freeAt[first] ?? 0) + time(random) / 1000
    freeAt[first] = end
    return (end - t) * 1000
  }
}
const exponential = (random: () => number): number => -10 * Math.log(1 - random())

const steppedRun = (servers: number, shares: readonly number[], answer: (arrival: Arrival) => Answer, demand = 0.01) => {
  const rates = shares.map((share) => share * servers * 100)
  const use = (at: number): number => Math.min(servers, (rates[Math.floor(at / hold)] ?? 0) * demand)
  return aRun({
    test: 'breakpoint',
    shape: { ...holds(...rates.map((rate) => [rate, hold] as const)), arrivals: 'poisson' },
    answer,
    probes: [aSeries('workers.busy', 'servers', hold * rates.length, use, servers)],
  })
}
const below = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
const threeTimes = { quantile: 0.99, milliseconds: -3 * 10 * Math.log(0.01) }

describe('the knee', () => {
  test.each([1, 2, 4])('of %i servers is told by their queue from steps below it, within a tenth', (servers) => {
    const { knee } = capacityOf([steppedRun(servers, below, aLine(servers, exponential))], threeTimes)
    if (knee.declined) throw new Error(knee.because)
    expect(knee.by).toBe('queue')
    expect(Math.abs(knee.rate / (largestUse(servers, 3) * servers * 100) - 1)).toBeLessThan(0.1)
    expect(knee.low).toBeLessThanOrEqual(knee.rate)
    expect(knee.because).toMatch(
      /^Predicted at [\d.]+ requests\/s \[.*\], where workers\.busy ends it, by the queue in front of it: \d servers?, [\d.]+ ms each/,
    )
  })

  test('of a target that waits for something else is not told by that queue', () => {
    const slow = ({ t, random }: Arrival): Answer => (t < hold ? 10 : 200 + 100 * random())
    const { knee, resources } = capacityOf([steppedRun(2, below, slow)], threeTimes)
    expect(resources[0]?.knee).toMatchObject({
      declined: true,
      because: expect.stringMatching(
        /^The queue model does not describe workers\.busy: at [\d.]+\/s p99 was \d+ ms and the model has .* more than 2 times apart\.$/,
      ),
    })
    expect(knee).toMatchObject({ by: 'demand' })
  })

  test('is not told without a calm step, nor of steps with few answers', () => {
    const busy = capacityOf([steppedRun(1, [0.3, 0.5, 0.7], aLine(1, exponential))], threeTimes)
    expect(busy.resources[0]?.knee).toMatchObject({
      because: expect.stringMatching(/^No queue model .* 0 answers are known with at most 15 % of it in use and 50 are needed/),
    })
    const few = capacityOf([steppedRun(1, [0.04, 0.08, 0.12], aLine(1, exponential), 0.09)], threeTimes)
    expect(few.resources[0]?.knee?.declined).toBe(true)
  })

  test('of cores is where they are full, and says that it may lie lower', () => {
    const run = { ...steppedRun(1, below, () => 5), probes: [aSeries('app.cpu', 'cores', hold * below.length, (at) => below[Math.floor(at / hold)] ?? 0, 1)] }
    expect(capacityOf([run]).knee).toMatchObject({ by: 'demand', resource: 'app.cpu', because: expect.stringContaining('may lie lower, not higher') })
  })

  test('nothing watched, nothing predicted', () => {
    expect(capacityOf([aRun({ shape: holds([50, 10]) })]).knee).toMatchObject({ declined: true })
  })
})

describe('a pool that opens connections as they are needed', () => {
  const poolRun = (open: (at: number) => number) => {
    const [rates, seconds] = [[20, 40, 60, 80], 40]
    const use = (at: number): number => 0.05 * (rates[Math.floor(at / 10)] ?? 0)
    const probes = [aSeries('db.connections', 'count', seconds, (at) => open(at) + 1, 97), aSeries('db.active', 'count', seconds, use, null)]
    return aRun({ shape: holds(...rates.map((rate) => [rate, 10] as const)), latency: 50, probes })
  }

  test('has no size as long as it was not full', () => {
    const growing = capacityOf([poolRun((at) => Math.min(5, 1 + Math.floor(at / 6)))])
    expect(growing.resources[0]?.rate).toMatchObject({
      because: expect.stringMatching(/^how many connections it may open is unknown: 5 were open, .* at most 80 % of them were busy/),
    })
    expect(growing.knee).toMatchObject({ declined: true })
  })

  test('has one when all were open from the start', () => {
    expect(capacityOf([poolRun(() => 5)]).bound).toMatchObject({ resource: 'db.pool', rate: expect.closeTo(100, 0) })
  })
})
