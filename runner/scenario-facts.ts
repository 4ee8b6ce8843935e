/** What a scenario file says, as plain data; read inside a thread that loads next to nothing else. */
import type { Feed, Metric, Scenario, TestType } from '../scenarios/journey.ts'
import type { Shape } from '../scenarios/shape.ts'
import type { JourneyShare } from './plan.ts'

export type ScenarioFacts = {
  readonly file: string
  readonly shape: Shape | undefined
  readonly tests: Readonly<Partial<Record<TestType, Shape>>>
  readonly journeys: readonly JourneyShare[]
  readonly feeds: readonly Feed<unknown>[]
  readonly metrics: readonly Metric[]
  readonly keepCookies: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly hasSetup: boolean
  readonly k6Modules: readonly string[]
}

export type Answer = { facts: Omit<ScenarioFacts, 'file' | 'k6Modules'> } | { error: { message: string; stack: string } } | { problem: string }

/** Runs inside the thread, after the scenario has loaded. */
export const factsOf = (exported: unknown, declared: { feeds: readonly Feed<unknown>[]; metrics: readonly Metric[] }): Answer => {
  const scenario = exported as Scenario | undefined
  if (typeof scenario !== 'object' || scenario === null || scenario.kind !== 'scenario')
    return { problem: `its default export is ${exported === undefined ? 'missing' : `of type ${typeof exported}`}` }
  return {
    facts: {
      shape: scenario.shape,
      tests: scenario.tests ?? {},
      journeys: scenario.journeys.map(({ weight, journey }) => ({ name: journey.name, weight })),
      feeds: declared.feeds,
      metrics: declared.metrics,
      keepCookies: scenario.keepCookies,
      headers: scenario.headers,
      hasSetup: scenario.setup !== undefined,
    },
  }
}
