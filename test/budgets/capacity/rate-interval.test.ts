import { describe, expect, test } from 'vitest'
import { rateInterval } from '../../../budgets/capacity/rate-interval.ts'
import { highestRate, serviceDemand, type UsePoint } from '../../../budgets/capacity/service-demand.ts'
import { mean, median } from '../../../runner/stats/few.ts'
import { randomFrom } from '../../../scenarios/shape.ts'

const normalFrom = (random: () => number) => (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const found = (points: readonly UsePoint[], servers: number) => {
  const demand = serviceDemand(points, 'CPU')
  const rate = demand.declined ? undefined : highestRate(demand, servers, servers)
  if (demand.declined || typeof rate !== 'number') throw new Error('declined')
  return { rate, ...rateInterval(demand, rate) }
}

/** Of a 95 % interval, if the spread of each point were known. */
const widthKnowing = (rates: readonly number[], spreads: readonly number[], demand: number, rate: number): number => {
  const middle = mean(rates)
  const ofRates = rates.reduce((sum, each) => sum + (each - middle) ** 2, 0)
  const shares = rates.map((each) => 1 / rates.length + ((rate - middle) * (each - middle)) / ofRates)
  return (2 * 1.96 * Math.hypot(...shares.map((share, at) => share * (spreads[at] as number)))) / demand
}

/** Rates as tests take them: few and even, doubled, and the twenty of a breakpoint test. */
const staircases = [[20, 40, 60, 80, 100], [10, 20, 40, 80, 160], Array.from({ length: 20 }, (_, step) => 20 + (980 * step) / 19)]

describe('of 1,000 systems with a known demand the interval holds the rate at which they are full in 88 % or more', () => {
  test.each([
    ['the same at any rate', 0],
    ['as of requests that come by chance', 0.5],
    ['in proportion to the use', 1],
  ])('noise %s', (_, power) => {
    for (const rates of staircases) {
      const random = randomFrom(17)
      const normal = normalFrom(random)
      const most = Math.max(...rates)
      const excess: number[] = []
      let covered = 0
      for (let system = 0; system < 1000; system++) {
        const [demand, background] = [(0.4 + 0.5 * random()) / most, 0.1 * random()]
        const spreads = rates.map((rate) => 0.01 * (background + demand * rate) ** power)
        const points = rates.map((rate, at) => ({ rate, busy: Math.max(0, background + demand * rate + (spreads[at] as number) * normal()) }))
        const { low, high } = found(points, 1)
        const truth = (1 - background) / demand
        if (low <= truth && truth <= high) covered += 1
        excess.push((high - low) / widthKnowing(rates, spreads, demand, truth))
      }
      expect(covered / 1000).toBeGreaterThanOrEqual(0.88)
      // Student's t of five points makes it 1.6 times as wide; the kind of noise is not known either.
      expect(median(excess)).toBeLessThan(3)
    }
  })
})

test('points on a line leave no doubt', () => {
  const { rate, low, high } = found(
    [
      { rate: 10, busy: 0.2 },
      { rate: 20, busy: 0.3 },
      { rate: 40, busy: 0.5 },
    ],
    1,
  )
  expect(rate).toBeCloseTo(90, 9)
  expect([low, high]).toEqual([expect.closeTo(90, 6), expect.closeTo(90, 6)])
})
