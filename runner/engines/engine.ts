/** What the runner asks of an engine: prepare a job from a plan, then run it and tell what happens second by second. */
import type { EngineName, LoadedFeed, Plan } from '../plan.ts'
import type { Caveat } from '../run.ts'
import type { SecondPart } from '../timeline.ts'

/** What a job needs besides the plan, and must not be printed or saved. */
export type Workplace = {
  /** An empty folder for the job's own files, removed afterwards. */
  readonly folder: string
  readonly secrets: Readonly<Record<string, string>>
  /** Rows of the scenario's feeds, in the order of their declaration. */
  readonly feeds: readonly LoadedFeed[]
  /** A line for engine.log; secrets are redacted by the receiver. */
  readonly log: (line: string) => void
}

export type Watcher = {
  /** The load's clock starts: epoch milliseconds that every second counts from. */
  readonly started: (epochMilliseconds: number) => void
  /** A second, or a part of one that is added to what was told of it before. */
  readonly second: (part: SecondPart) => void
}

export type Ending = {
  /** `completed`: the shape ran to its end · `stopped`: the stop signal ended it · `failed`: the engine ended by itself, see `because`. */
  readonly state: 'completed' | 'stopped' | 'failed'
  readonly because: string
  readonly version: string
  readonly exitCode: number | null
  readonly caveats: readonly Caveat[]
}

export type Job = {
  /**
   * Runs the load. `stop` ends it gracefully (journeys under way get a moment), `kill` at once; both keep what was measured.
   * Nothing the job started lives on after the promise settles.
   * @throws {ScenarioError} when the scenario can't be loaded or its first iterations all throw
   * @throws {EngineError} when the engine can't be started or ends before the load begins
   */
  run(watcher: Watcher, signals: { readonly stop: AbortSignal; readonly kill: AbortSignal }): Promise<Ending>
}

export type Engine = {
  readonly name: EngineName
  /** @throws {ScenarioError | EngineError | UsageError} when the plan can't be done by this engine */
  prepare(plan: Plan, workplace: Workplace): Promise<Job>
}
