import { describe, expect, test } from 'vitest'
import { costTrend, type JourneyCost, journeyCost } from '../../../../budgets/advice/cost/journey-cost.ts'
import { aRun } from '../../../support/a-run.ts'
import { aSeries } from '../../../support/a-series.ts'

/** One a day at 50/s; ms of a core for each journey. */
const costs = (...milliseconds: readonly number[]): JourneyCost[] =>
  milliseconds.map((value, day) => ({
    run: `run-${day}`,
    test: 'baseline',
    startedAt: `2026-11-${String(day + 1).padStart(2, '0')}T00:00:00.000Z`,
    coreSeconds: value / 1000,
    rate: 50,
  }))

describe('the cost of a journey', () => {
  test('is the CPU of the run by the journeys that were completed', () => {
    const run = aRun({ rate: 50, seconds: 60, endpoints: ['GET /', 'GET /cart'], probes: [aSeries('app.cpu', 'cores', 60, () => 0.5, 1)] })
    expect(journeyCost(run, 'app')?.coreSeconds).toBeCloseTo(0.01, 3)
  })

  test('is unknown where the CPU was not watched, or the run is INVALID', () => {
    const probes = [aSeries('app.cpu', 'cores', 60, () => 0.5, 1)]
    expect(journeyCost(aRun({ probes: [] }), 'app')).toBeUndefined()
    expect(journeyCost(aRun({ probes, validity: 'INVALID' }), 'app')).toBeUndefined()
    expect(journeyCost(aRun({ probes }), 'app')).toBeDefined()
  })
})

describe('its trend over runs', () => {
  test('is found with its interval, whatever order the runs come in', () => {
    // science.md §13: slope 2.527778 [2.1, 3.0].
    const values = [500, 503, 501, 507, 510, 508, 515, 514, 520, 523, 521, 530]
    const found = costTrend(costs(...values).toReversed())
    if (found.declined) throw new Error(found.because)
    expect(found.isTrend).toBe(true)
    expect(found.low / found.change).toBeCloseTo(2.1 / 2.527778, 6)
    expect(found.high / found.change).toBeCloseTo(3 / 2.527778, 6)
    expect(found.because).toBe('A journey takes 0.49 % more CPU from run to run [0.41 %, 0.59 %], over 12 runs at 50/s: from 500 ms of a core to 530 ms.')
  })

  test('chance is no trend', () => {
    const found = costTrend(costs(23, 24, 29, 6, 29, 24, 24, 29, 23))
    expect(found).toMatchObject({ declined: false, isTrend: false })
    expect(found.because).toMatch(/^No trend of the cost: over 9 runs at 50\/s .* which is chance\.$/)
  })

  test('needs five runs of one test and rate', () => {
    const others = costs(5, 6, 7, 8).map((cost) => ({ ...cost, rate: 20 }))
    const newest = costs(0, 0, 0, 0, 5).slice(-1)
    expect(costTrend([...others, ...newest])).toEqual({
      declined: true,
      because: 'No trend of the cost, because 1 run of one test and rate tells it and 5 are needed.',
    })
    expect(costTrend([]).because).toBe('No trend of the cost, because 0 runs of one test and rate tell it and 5 are needed.')
  })
})
