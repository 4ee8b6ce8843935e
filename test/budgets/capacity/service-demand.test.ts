import { describe, expect, test } from 'vitest'
import { closedBounds, highestRate, serviceDemand, usersToFill } from '../../../budgets/capacity/service-demand.ts'
import { serviceDemands } from '../../../budgets/capacity/service-demands.ts'

const pointsOf = (rates: readonly number[], busy: readonly number[]) => rates.map((rate, at) => ({ rate, busy: busy[at] as number }))
const vector = pointsOf([50, 100, 150, 200, 250], [0.33, 0.61, 0.92, 1.19, 1.52])

describe('demand of one request', () => {
  test("science.md's vector", () => {
    const found = serviceDemand(vector, 'CPU')
    if (found.declined) throw new Error(found.because)
    expect(found.demand).toBeCloseTo(0.00592, 8)
    expect(found.background).toBeCloseTo(0.026, 8)
    expect(found.determination).toBeCloseTo(0.99913, 5)
    expect(highestRate(found, 4, 1.52)).toBeCloseTo(671.28, 2)
    expect(highestRate(found, 4, 1.52, 0.7)).toBeCloseTo(468.58, 2)
  })

  test('a constant background moves only the background', () => {
    const [plain, raised] = [0, 0.4].map((more) =>
      serviceDemand(
        vector.map(({ rate, busy }) => ({ rate, busy: busy + more })),
        'CPU',
      ),
    )
    if (plain === undefined || raised === undefined || plain.declined || raised.declined) throw new Error('declined')
    expect(raised.demand).toBeCloseTo(plain.demand, 12)
    expect(raised.background - plain.background).toBeCloseTo(0.4, 12)
  })

  test('use that does not follow the rate tells nothing', () => {
    expect(serviceDemand(pointsOf([50, 100, 150, 200], [1, 0.2, 0.9, 0.3]), 'CPU')).toEqual({
      declined: true,
      because: expect.stringMatching(/^What a request takes of CPU is unknown, because its use does not follow throughput \(R² 0\.\d+\)\.$/),
    })
  })

  test.each([
    ['no points', [], '0 steps of load were measured and 3 are needed'],
    ['rates that are too close', pointsOf([100, 110, 120, 150], [0.6, 0.7, 0.8, 0.9]), 'rates from 100/s to 150/s'],
  ])('%s are too few', (_, points, words) => {
    expect(serviceDemand(points, 'CPU')).toMatchObject({ declined: true, because: expect.stringContaining(words) })
  })

  test('little use is not extrapolated', () => {
    expect(highestRate({ demand: 0.001, background: 0 }, 4, 0.48)).toMatchObject({
      declined: true,
      because: expect.stringContaining('extrapolating from 12 %'),
    })
  })
})

describe('several kinds of requests', () => {
  // science.md §8 states a background of 0.1 for these figures; they have none: 10 × 0.02 + 5 × 0.05 is all of 0.45.
  test.each([0, 0.1])('two kinds, and a background of %d', (background) => {
    const rates = [
      [10, 5],
      [20, 5],
      [20, 10],
      [40, 10],
      [40, 20],
    ]
    const busy = [0.45, 0.65, 0.9, 1.3, 1.8].map((value) => value + background)
    const kind = (demand: number) => ({ demand: expect.closeTo(demand, 8), error: expect.closeTo(0, 8) })
    const found = serviceDemands(rates.map((each, at) => ({ rates: each, busy: busy[at] as number })))
    expect(found).toEqual({
      declined: false,
      background: expect.closeTo(background, 8),
      demands: [kind(0.02), kind(0.05)],
      determination: expect.closeTo(1, 8),
    })
  })

  test('a kind that would cost less than nothing costs nothing', () => {
    const found = serviceDemands([1, 2, 3, 4, 5].map((at) => ({ rates: [10 * at, at % 2], busy: 0.1 * at - 0.05 * (at % 2) })))
    if (found.declined) throw new Error(found.because)
    expect(found.demands[1]?.demand).toBe(0)
    expect(found.demands[0]?.demand).toBeGreaterThan(0)
  })

  test('kinds that rise together cannot be told apart', () => {
    expect(serviceDemands([1, 2, 3, 4].map((at) => ({ rates: [at, at], busy: at })))).toMatchObject({
      because: 'The demand of each kind of request is unknown, because their rates rose and fell together.',
    })
  })
})

test('bounds of a closed loop', () => {
  const demands = [0.005, 0.02, 0.01].map((demand) => ({ demand, servers: 1 }))
  expect(usersToFill(demands, 1)).toBeCloseTo(51.75, 10)
  expect(closedBounds(demands, 1, 10)).toEqual({ throughput: expect.closeTo(9.6618, 4), responseTime: expect.closeTo(0.035, 10) })
  expect(closedBounds(demands, 1, 100)).toEqual({ throughput: 50, responseTime: expect.closeTo(1, 10) })
  // Two servers of 20 ms each do as many as one of 10 ms, and each request still takes 20 ms.
  expect(closedBounds([{ demand: 0.02, servers: 2 }], 0, 100)).toEqual({ throughput: 100, responseTime: 1 })
  expect(usersToFill([{ demand: 0.02, servers: 2 }], 0)).toBe(2)
})
