/** What the simulator's settings rest on: the lag's parts, whether a metric follows the load, and traffic as a series. */
import { describe, expect, test } from 'vitest'
import { autoscalers } from '../../../../budgets/advice/scaling/autoscalers.ts'
import { correlationWithLoad, followsLoad } from '../../../../budgets/advice/scaling/follows-load.ts'
import { lagOf, startUpFrom } from '../../../../budgets/advice/scaling/lag.ts'
import { disagreementOf } from '../../../../budgets/advice/scaling/reproduction.ts'
import { aroundTheHeight, shapeOfSeries, trafficOf } from '../../../../budgets/advice/scaling/traffic.ts'

describe('the scaling lag', () => {
  // science.md §12: 6 to 8 min with 60-s metrics and starts of one to two minutes, 1.5 to 3 with 20-s metrics; AWS measured 363 and 86 s to the trigger.
  test('of ECS is minutes, and a third of it with points of 20 s', () => {
    const startUp = startUpFrom(90)
    const [ordinary, quick] = [lagOf(autoscalers.ecs[0], startUp), lagOf(autoscalers['ecs-20s'][0], startUp)]
    expect([ordinary.least, ordinary.most]).toEqual([280, 390])
    expect([quick.least, quick.most]).toEqual([160, 190])
  })

  test('names where each part comes from', () => {
    expect(lagOf(autoscalers.ecs[0], startUpFrom(undefined, { seconds: 40, because: 'The slowest of two.' })).parts.map(({ source }) => source)).toEqual([
      'documented',
      'documented',
      'documented',
      'measured',
    ])
    expect(lagOf(autoscalers.ecs[0], startUpFrom(undefined)).parts.at(-1)).toMatchObject({ most: 60, source: 'assumed' })
  })
})

describe('following the load', () => {
  const points = (values: readonly number[]) => values.map((value, at) => ({ rate: 10 * (at + 1), value }))

  // Spearman by hand: ranks 1 2 3 4 5 against 2 1 4 3 5, Σd² = 4, 1 − 6·4 ÷ (5·24) = 0.8.
  test('by ranks', () => {
    expect(correlationWithLoad(points([2, 1, 4, 3, 5]))).toBeCloseTo(0.8, 12)
    expect(correlationWithLoad(points([1, 4, 9, 16, 900]))).toBeCloseTo(1, 12)
    expect(correlationWithLoad(points([5, 4, 3, 2, 1]))).toBeCloseTo(-1, 12)
    // Ties share their mean rank: 1.5 1.5 3 4 against 1 2 3 4.
    expect(correlationWithLoad(points([7, 7, 8, 9]))).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12)
    expect([followsLoad(0.8), followsLoad(-0.9), followsLoad(0.79)]).toEqual([true, true, false])
  })

  test('what never moves does not follow, and three rates say nothing', () => {
    expect(correlationWithLoad(points([3, 3, 3, 3]))).toBe(0)
    expect(correlationWithLoad(points([1, 2, 3]))).toEqual({
      declined: true,
      because: 'Unknown whether it follows the load, because 3 different rates were seen and 4 are needed. Run perf run breakpoint.',
    })
  })
})

describe('the simulator is believed', () => {
  test.each([
    [40, 50, true],
    [40, 30, true],
    [40, 51, false],
    [40, 29, false],
    [0, 2, true],
    [0, 3, false],
  ])('when the service recovered after %i s and it says %i: %s', (measured, simulated, isBelieved) => {
    expect(disagreementOf({ measured, simulated }) === undefined).toBe(isBelieved)
  })
})

describe('traffic', () => {
  test('that went viral halves in each half-life', () => {
    const offered = trafficOf({ base: 100, peak: 900, rise: 10, hold: 1, halfLife: 60 })
    expect(offered[900 + 10 + 1]).toBe(900)
    expect(offered[900 + 10 + 1 + 60]).toBe(500)
    expect(offered[900 + 10 + 1 + 120]).toBe(300)
    expect(offered.at(-1)).toBe(100)
  })

  test('of a day is played around its height', () => {
    const day = Array.from({ length: 86_400 }, (_, at) => (at >= 50_000 && at < 50_600 ? 900 : 100))
    const part = aroundTheHeight(day)
    expect(part.length).toBe(10_800)
    expect(part.indexOf(900)).toBeGreaterThan(4000)
    expect(part.filter((value) => value === 900).length).toBe(600)
    expect(shapeOfSeries(day)).toEqual({ base: 100, peak: 900 })
  })
})
