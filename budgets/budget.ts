/** A budget (one limit), its judgement on one run, and the verdict over all of them. */

import type { Declined, Interval } from '../runner/within-run.ts'
import type { TestType } from '../scenarios/journey.ts'
import type { Seconds } from '../scenarios/units.ts'

/** What a budget may limit. A server-side series is named by its probe, such as `postgres.connections.saturation`. */
export const stats = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max', 'mean', 'rate', 'count', 'value'] as const
export type Stat = (typeof stats)[number]

export type Budget = {
  readonly name: string
  /** `response_time`, `service_time`, `setup_time`, `journey_time`, `group_time`, `lag`, `error_rate`, `availability`, `throughput`, `checks`, `dropped`, a metric of the scenario, or a probe's series. */
  readonly metric: string
  /** An endpoint, journey, group or check, by what the metric has; all of them together when absent. */
  readonly endpoint?: string
  readonly stat?: Stat
  readonly limit: {
    readonly is: 'at_most' | 'at_least'
    /** In the metric's own unit: ms, ratio, per second. */
    readonly value: number
    /** The limit itself does not pass: `rate<0.01` means less than 1 %, not 1 % at most. */
    readonly strict?: true
    /** Unit it was written with; absent when it was a plain number. */
    readonly unit?: Unit
  }
  /** `error` decides the verdict, `warn` is told, `off` is ignored. */
  readonly level: 'error' | 'warn' | 'off'
  /** The limit must hold in every window of this length; the whole run when absent. */
  readonly window?: Seconds
  /** The limit must hold in each step of the load, judged apart. */
  readonly per?: 'step'
  /** Test types the budget speaks of; all when absent. */
  readonly tests?: readonly (TestType | 'custom')[]
  /** Left out, and listed as not measured, when the run has no such metric or endpoint; otherwise that is an error. */
  readonly whenMeasured?: true
  /** Where it was written, for messages. */
  readonly file: string
}

export type Unit = 'ms' | 'ratio' | '/s' | 'count' | ''

/** One budget applied to one run. */
export type Judgement = {
  /**
   * Of a percentile: where it would have lain had this run's blocks of seconds come in another number, 95 times of 100. It decides
   * nothing: see judge.ts.
   */
  readonly interval?: Interval | Declined
  readonly budget: Budget
  readonly unit: Unit
  /** What was found; Infinity where too many answers never came; `null` where it can't be stated. */
  readonly observed: number | null
  /** 1 − observed ÷ limit for an "at most", observed ÷ limit − 1 for an "at least"; below 0 when over. */
  readonly headroom: number | null
  /** One sentence with the figures: why this status. */
  readonly because: string
} & (
  | { readonly status: 'met' }
  | { readonly status: 'exceeded' /** Second in which it was first over, where that can be said. */; readonly firstAt: Seconds | null }
  | { readonly status: 'unknown' }
)

export type Verdict = {
  readonly word: 'pass' | 'fail' | 'unknown'
  readonly exitCode: 0 | 1 | 3
  /** One sentence: the reason that decided. */
  readonly because: string
  readonly judgements: readonly Judgement[]
  /** Budgets marked {@link Budget.whenMeasured} that this run has nothing for. */
  readonly notMeasured?: readonly Budget[]
}

/** What a breakpoint test found: the rate that still held and the one that did not. */
export type Breakpoint = {
  /** Rates above the one that held, in order, which neither surely held nor were seen to break. */
  readonly unclear?: readonly number[]
} & (
  | { readonly found: true; readonly lastGood: number | null; readonly firstBad: number; readonly because: string }
  | { readonly found: false /** Highest rate that held, or null. */; readonly atLeast: number | null; readonly because: string }
)
