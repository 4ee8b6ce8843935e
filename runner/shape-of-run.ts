/** Which shape a run has: the scenario file's own, or the test type's with what flags and configuration say of it. */
import type { TestType } from '../scenarios/journey.ts'
import { durationOf, peakRate, type Shape } from '../scenarios/shape.ts'
import type { Load } from '../scenarios/test.ts'
import { tests } from '../scenarios/tests.ts'
import type { Seconds } from '../scenarios/units.ts'
import { UsageError } from './errors/usage-error.ts'
import type { Settings } from './settings.ts'

/** Names of shapes that belong to one test type; every other shape is a user's own and fits most. */
const isNamedForTest = (name: string): name is TestType => Object.hasOwn(tests, name)

/** The load that a scenario's own shape stands for, so that one flag changes one thing about it. */
const loadOf = (shape: Shape): Load => {
  const holds = shape.segments.filter((segment) => segment.kind === 'linear' && segment.from === segment.to && segment.from > 0).map((segment) => segment.from)
  const peak = peakRate(shape)
  return { rate: holds.length === 0 ? peak : (Math.min(...holds) as typeof peak), peak, duration: durationOf(shape) }
}

export type ShapeChoice = { readonly test: TestType | 'custom'; readonly shape: Shape /** For people: whose shape it is. */; readonly from: string }

const stepsByDefault = 6 // of a breakpoint test whose steps must be long

const builtIn = (test: TestType, base: Partial<Load>, asked: Settings['asked'], hold: Seconds | undefined): Shape => {
  const { defaults, usesPeak, shape } = tests[test]
  const load = { ...defaults, ...(hold !== undefined && { duration: stepsByDefault * hold, hold }), ...base, ...asked }
  // A rate asked for without a peak keeps the proportion the test is about: a spike stays tenfold.
  const scaled =
    asked.peak === undefined && asked.rate !== undefined && usesPeak ? (load.rate * (base.peak ?? defaults.peak)) / (base.rate ?? defaults.rate) : load.peak
  // A peak asked for below the default rate lowers the rate with it.
  const rate = asked.rate === undefined && usesPeak && scaled < load.rate ? (scaled * defaults.rate) / defaults.peak : load.rate
  try {
    return shape({ ...load, rate: rate as Load['rate'], peak: scaled as Load['peak'] })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}

/**
 * @param test the type typed, or undefined for `perf run --scenario FILE`
 * @param own what the scenario file declares
 * @param hold shortest step of a built-in breakpoint test
 * @throws {UsageError} when there is no type and the file has no shape either
 */
export const chooseShape = (
  test: TestType | undefined,
  own: { readonly shape: Shape | undefined; readonly tests: Readonly<Partial<Record<TestType, Shape>>> },
  settings: Pick<Settings, 'asked' | 'configured'>,
  hold?: Seconds,
): ShapeChoice => {
  const asked = Object.keys(settings.asked)
  if (test === undefined) {
    if (own.shape === undefined)
      throw new UsageError(
        `No test type was given, and the scenario has no shape of its own. A run needs one of them. Write perf run ${Object.keys(tests).join('|')}.`,
      )
    if (asked.length > 0)
      throw new UsageError(
        `--${asked[0]} was given without a test type. The scenario's own shape is run as it is; flags change a test type's. Write perf run baseline --${asked[0]} ….`,
      )
    return { test: isNamedForTest(own.shape.name) ? own.shape.name : 'custom', shape: own.shape, from: 'the scenario' }
  }
  // A user's own shape asks no question of its own, so it serves every type but the two whose question lies in their shape.
  const fits = own.shape !== undefined && (own.shape.name === test || (!isNamedForTest(own.shape.name) && test !== 'smoke' && test !== 'breakpoint'))
  const shape = own.tests[test] ?? (fits ? own.shape : undefined)
  if (shape === undefined)
    return {
      test,
      shape: builtIn(test, settings.configured, settings.asked, hold),
      from: asked.length > 0 ? 'flags' : Object.keys(settings.configured).length > 0 ? 'the configuration' : `the ${test} test's defaults`,
    }
  if (asked.length === 0) return { test, shape, from: 'the scenario' }
  return { test, shape: builtIn(test, loadOf(shape), settings.asked, hold), from: 'flags, over the scenario' }
}
