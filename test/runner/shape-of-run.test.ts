import { describe, expect, test } from 'vitest'
import { UsageError } from '../../runner/errors/usage-error.ts'
import { chooseShape } from '../../runner/shape-of-run.ts'
import { durationOf, peakRate, rateAt, type Shape } from '../../scenarios/shape.ts'
import { constant, spike } from '../../scenarios/shapes.ts'
import { type PerSecond, perSecond } from '../../scenarios/units.ts'

const nothing = { shape: undefined, tests: {} }
const own = (shape: Shape) => ({ shape, tests: {} })
const asked = (load: { rate?: PerSecond; peak?: PerSecond; duration?: number } = {}, configured: typeof load = {}) => ({ asked: load, configured })
const figures = ({ shape }: { shape: Shape }) => [rateAt(shape, 0), peakRate(shape), Math.round(durationOf(shape))]

describe('a test type', () => {
  test('has its own shape when nobody says otherwise', () => {
    const choice = chooseShape('spike', nothing, asked())
    expect(choice.from).toBe("the spike test's defaults")
    expect(figures(choice)).toEqual([20, 200, 160])
  })

  test('keeps its proportion when one rate is asked for', () => {
    expect(figures(chooseShape('spike', nothing, asked({ rate: perSecond(50) })))).toEqual([50, 500, 160])
    expect(figures(chooseShape('spike', nothing, asked({ peak: perSecond(500) })))).toEqual([20, 500, 160])
    expect(figures(chooseShape('spike', nothing, asked({ peak: perSecond(10) })))).toEqual([1, 10, 160]) // below the default rate
  })

  test('takes the configuration for what no flag says', () => {
    expect(figures(chooseShape('spike', nothing, asked({ duration: 40 }, { rate: perSecond(5), peak: perSecond(25) })))).toEqual([5, 25, 40])
  })

  test('says a peak below the rate in words', () => {
    expect(() => chooseShape('spike', nothing, asked({ rate: perSecond(50), peak: perSecond(20) }))).toThrow(UsageError)
  })
})

describe("the scenario's own shape", () => {
  const gentle = spike({ base: '5/s', peak: '30/s', before: '10s', rise: '2s', hold: '10s', fall: '2s', recovery: '10s' })

  test('serves the test it is named for, and is changed by a flag in one thing only', () => {
    expect(chooseShape('spike', own(gentle), asked()).shape).toBe(gentle)
    expect(figures(chooseShape('spike', own(gentle), asked({ peak: perSecond(60) })))).toEqual([5, 60, 34])
  })

  test('does not turn another test into a spike', () => {
    expect(figures(chooseShape('soak', own(gentle), asked()))[1]).toBe(20)
  })

  test('without a name serves any test but smoke and breakpoint, whose question lies in their shape', () => {
    const even = constant({ rate: '50/s', duration: '30s' })
    expect(chooseShape('baseline', own(even), asked()).shape).toBe(even)
    expect(chooseShape('soak', own(even), asked()).shape).toBe(even)
    expect(chooseShape('smoke', own(even), asked()).from).toBe("the smoke test's defaults")
    expect(chooseShape('breakpoint', own(even), asked()).from).toBe("the breakpoint test's defaults")
  })

  test('for one test type is above the general one', () => {
    const even = constant({ rate: '50/s', duration: '30s' })
    expect(chooseShape('smoke', { shape: gentle, tests: { smoke: even } }, asked()).shape).toBe(even)
  })

  test('is run without a type, and then no flag may change it', () => {
    expect(chooseShape(undefined, own(gentle), asked())).toMatchObject({ test: 'spike', from: 'the scenario' })
    expect(chooseShape(undefined, own(constant({ rate: '1/s', duration: '1s' })), asked()).test).toBe('custom')
    expect(() => chooseShape(undefined, own(gentle), asked({ rate: perSecond(1) }))).toThrow('--rate was given without a test type')
    expect(() => chooseShape(undefined, nothing, asked())).toThrow('No test type was given')
  })
})
