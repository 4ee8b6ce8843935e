import { expect, test } from 'vitest'
import { kneeInterval } from '../../../budgets/capacity/knee-interval.ts'
import { largestUse } from '../../../budgets/capacity/queue.ts'
import { kneeUnder, withoutLoad } from '../../../budgets/capacity/queue-model.ts'
import { serviceDemand } from '../../../budgets/capacity/service-demand.ts'
import { median } from '../../../runner/stats/few.ts'
import { histogramOf } from '../../../runner/stats/histogram.ts'
import { randomFrom } from '../../../scenarios/shape.ts'

const hold = 40 // seconds of a step

/** One step of a line of `servers` with chance arrivals and exponential service of mean `service` s: its answers in ms, and how many were busy. */
const aStep = (servers: number, service: number, rate: number, random: () => number) => {
  const freeAt = Array.from({ length: servers }, () => 0)
  const times: number[] = []
  const untilNext = (): number => -Math.log(1 - random()) / rate
  let work = 0
  for (let t = untilNext(); t < hold; t += untilNext()) {
    const first = freeAt.indexOf(Math.min(...freeAt))
    const own = -service * Math.log(1 - random())
    freeAt[first] = Math.max(t, freeAt[first] as number) + own
    work += own
    times.push(((freeAt[first] as number) - t) * 1000)
  }
  return { times, point: { rate: times.length / hold, busy: work / hold } }
}

test('of 200 lines whose knee Erlang tells, the interval holds it in 88 % or more, and is a third of it wide at most in half of them', {
  timeout: 60_000,
}, () => {
  const random = randomFrom(31)
  const widths: number[] = []
  let covered = 0
  for (let system = 0; system < 200; system++) {
    const [servers, service, factor] = [1 + Math.floor(4 * random()), 0.02 + 0.03 * random(), 2 + 3 * random()]
    const [calmest, ...rising] = [0.1, 0.25, 0.4, 0.55].map((share) => aStep(servers, service, (share * servers) / service, random))
    if (calmest === undefined) throw new Error('there are four steps')
    const demand = serviceDemand(
      [calmest, ...rising].map(({ point }) => point),
      'line',
    )
    if (demand.declined) throw new Error(demand.because)
    const objective = { quantile: 0.99, milliseconds: -factor * service * 1000 * Math.log(0.01) }
    const pool = withoutLoad({ servers, service: demand.demand, calm: histogramOf(calmest.times), arrivals: 1 }, calmest.point.rate)
    const { low, high } = kneeInterval(pool, calmest.point.rate, demand, objective, kneeUnder(pool, objective))
    const truth = (largestUse(servers, factor) * servers) / service
    widths.push((high - low) / truth)
    if (low <= truth && truth <= high) covered += 1
  }
  expect(covered / 200).toBeGreaterThanOrEqual(0.88)
  expect(median(widths)).toBeLessThan(1 / 3)
})
