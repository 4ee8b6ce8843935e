/** What the runner asks of an engine: prepare a job from a plan, then run it and tell what happens second by second. */
import type { EngineName, LoadedFeed, Plan } from '../plan.ts'
import type { Caveat, Observation, RunRecord, Series, SweepLevel } from '../run.ts'
import type { SecondPart } from '../second-sum.ts'
import type { Pilot, Sized } from '../sizing.ts'

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

/** How a thread that makes load fared since it last told, a second or so before. */
export type ThreadHealth = {
  /** Cores used, 0–1. A scheduler that spins uses a whole one without being short of it. null where the system does not tell. */
  readonly cpu: number | null
  /** Cores it was ready to use and did not get, 0–1: others had them. */
  readonly waiting: number | null
  /** The longest its event loop came late, in milliseconds: so long answers lay unread. */
  readonly loopDelay: number
  /** Share of the time in which garbage was collected, and the longest pause for it, in milliseconds. */
  readonly collecting: number
  readonly longestPause: number
  /** Bytes of JavaScript's memory, and the most it may have. */
  readonly heap: { readonly used: number; readonly limit: number }
}

export type Watcher = {
  /** Before `started`: a pilot was made, and the run has so many users for such a reason. */
  readonly sized?: (sized: Sized, pilot: Pilot) => void
  /** The load's clock starts: epoch milliseconds that every second counts from. */
  readonly started: (epochMilliseconds: number) => void
  /** A second, or a part of one that is added to what was told of it before. */
  readonly second: (part: SecondPart) => void
  /** A process of the engine's own that makes load. */
  readonly process?: (pid: number) => void
  /** A thread of this process that makes load, by its number. */
  readonly thread?: (number: number, health: ThreadHealth) => void
  /** Resolves when the disk is not behind; for an engine that is faster than the clock. */
  readonly caughtUp?: () => Promise<void>
  /** A level of a sweep was held to its end. Returns why the sweep should end with it, as a clause, or undefined to go on. */
  readonly level?: (level: SweepLevel) => string | undefined
}

export type Ending = {
  /** `completed`: the shape ran to its end · `stopped`: the stop signal ended it · `failed`: the engine ended by itself, see `because`. */
  readonly state: 'completed' | 'stopped' | 'failed'
  readonly because: string
  readonly version: string
  readonly exitCode: number | null
  readonly caveats: readonly Caveat[]
  /** What was read of resources when the run was recorded; engines that make load have none. */
  readonly probes?: readonly Series[]
  readonly observations?: readonly Observation[]
  readonly watched?: RunRecord['watched']
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
