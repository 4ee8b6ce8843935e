/** What every renderer gets: the run and what it means, already judged and computed. Renderers arrange; they compute no percentile. */
import type { AdviceRecord } from '../budgets/advice/advice-record.ts'
import type { Breakpoint, Verdict } from '../budgets/budget.ts'
import type { Capacity } from '../budgets/capacity/capacity.ts'
import type { Plateau } from '../budgets/capacity/plateau.ts'
import type { HeldTrigger } from '../budgets/held-triggers.ts'
import type { Caveat, Run } from '../runner/run.ts'
import type { Declined, Interval } from '../runner/within-run.ts'
import type { Seconds } from '../scenarios/units.ts'
import type { Pages } from './pages.ts'
import type { Findings } from './why.ts'

/**
 * Milliseconds. `null` where there are too few samples to state it; Infinity where so many arrivals or requests
 * were never answered that the percentile lies among them.
 */
export type Percentiles = {
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly max: number | null
  /** What those that are Infinity are at least, even if all that is not known was fast; absent where there is nothing to say. */
  readonly atLeast?: Readonly<Partial<Record<'p50' | 'p90' | 'p95' | 'p99' | 'p999' | 'max', number>>>
}

/** The percentiles whose interval is told. */
export const intervalNames = ['p50', 'p90', 'p95', 'p99'] as const
export type IntervalName = (typeof intervalNames)[number]

export type EndpointReport = {
  readonly name: string
  readonly completed: number
  readonly failed: number
  /** Successful answers per second of the run; `null` when the run has no length. */
  readonly throughput: number | null
  /** `null` when no request completed. */
  readonly errorRate: number | null
  readonly responseTime: Percentiles
  readonly serviceTime: Percentiles
  readonly statuses: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
}

/** One point of the charts: a second, or a few of them in a long run. */
export type Point = {
  /** Where it begins. */
  readonly second: Seconds
  /** How long it is; the last one may be shorter. */
  readonly seconds: Seconds
  readonly planned: number
  readonly started: number
  readonly dropped: number
  /** Journeys that reached their end without throwing. */
  readonly finished: number
  /** Requests with an outcome. */
  readonly completed: number
  readonly failed: number
  /** Successful answers per second. */
  readonly achieved: number
  readonly errors: Readonly<Record<string, number>>
  readonly users: number
}

/** Response times over a stretch that is long enough to state them; never shorter than a {@link Point}. */
export type Span = {
  readonly second: Seconds
  readonly seconds: Seconds
  readonly answers: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** One piece of the load's shape and how the target fared in it. */
export type Stage = {
  readonly label: string
  readonly second: Seconds
  readonly seconds: Seconds
  /** Planned arrivals per second, at its beginning and its end. */
  readonly from: number
  readonly to: number
  /** False when the run ended before it. */
  readonly reached: boolean
  readonly planned: number
  readonly started: number
  readonly dropped: number
  readonly completed: number
  readonly failed: number
  readonly errorRate: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** Times of something named: a journey, a group, a metric. */
export type Times = { readonly name: string; readonly count: number; readonly times: Percentiles }

/** Figures that must add up. */
export type Total = { readonly text: string; readonly holds: boolean }

/** A probe's worst moment against its limit. */
export type Saturation = { readonly resource: string; readonly unit: string; readonly used: number; readonly limit: number; readonly ratio: number }

/** The beginning of the run that was planned to count in nothing else here. */
export type CutReport = {
  readonly seconds: Seconds
  readonly because: string
  readonly load: Run['load']
  /** Response time of its successes, for comparison. */
  readonly p95: number | null
}

export type SweepReport = {
  /** What was asked for. */
  readonly requests: readonly string[]
  readonly levels: readonly {
    readonly connections: number
    /** Successful answers per second, with a 95 % interval within the level. */
    readonly throughput: { readonly mean: number; readonly low: number; readonly high: number } | null
    readonly completed: number
    readonly errorRate: number
    readonly errors: Readonly<Record<string, number>>
    readonly serviceTime: Percentiles
    /** Of Little's law: |N − X·R| ÷ N. */
    readonly residual: number
    /** Share of its time in which the generator's thread had work. */
    readonly busy: number
    /** Why the level says nothing of the target; null when it does. */
    readonly excluded: string | null
  }[]
  readonly plateau: Plateau
  readonly stopped: string
}

/** A probe's series of something that has no limit. */
export type Reading = { readonly name: string; readonly unit: string; readonly median: number; readonly most: number }

export type Report = {
  /** What counts: the run after its warm-up. Every figure is of this, but {@link whole}'s. */
  readonly run: Run
  /** The run from its first second, for its length and for sums that must hold. The same object where there was no warm-up. */
  readonly whole: Run
  readonly warmUp: CutReport | undefined
  readonly verdict: Verdict
  /** Reasons for the validity first, then the run's own, then those of the figures here. */
  readonly caveats: readonly Caveat[]
  /** Successful answers per second; `null` when the run has no length, and for a sweep, whose levels have one each. */
  readonly throughput: number | null
  /** `null` when no request completed. */
  readonly errorRate: number | null
  readonly availability: number | null
  /** Of successes; dropped arrivals and timeouts count as never answered. */
  readonly responseTime: Percentiles
  /** Of successes; timeouts count as never answered. */
  readonly serviceTime: Percentiles
  readonly setupTime: Percentiles
  /** Of failures, response time as it was measured: fast failures must not flatter the times of successes. */
  readonly failureTime: Percentiles
  readonly lag: Percentiles
  /** Of response time, within this run; or why there are none. */
  readonly intervals: Readonly<Record<IntervalName, Interval>> | Declined
  readonly endpoints: readonly EndpointReport[]
  readonly journeys: readonly Times[]
  readonly groups: readonly Times[]
  readonly trends: readonly Times[]
  readonly counters: readonly { readonly name: string; readonly sum: number }[]
  readonly checks: readonly { readonly name: string; readonly passed: number; readonly failed: number; readonly ratio: number | null }[]
  /** Failures by kind, most first. */
  readonly errors: readonly { readonly kind: string; readonly count: number }[]
  readonly saturation: readonly Saturation[]
  readonly readings: readonly Reading[]
  /** What a browser saw of pages; undefined when none visited any. */
  readonly pages: Pages | undefined
  readonly totals: readonly Total[]
  readonly points: readonly Point[]
  readonly spans: readonly Span[]
  readonly stages: readonly Stage[]
  readonly breakpoint: Breakpoint | undefined
  /** What the run tells of how much its target can serve; undefined where nobody looked. */
  readonly capacity: Capacity | undefined
  /** What to deploy, where somebody asked (perf advise). */
  readonly advice: AdviceRecord | undefined
  /** Of a closed-loop sweep. */
  readonly sweep: SweepReport | undefined
  /** What broke first, and the illnesses that the run shows the signs of; undefined where nobody looked. */
  readonly findings: Findings | undefined
  /** Scaling triggers held against this run, those that fired first; undefined where nobody held them. */
  readonly triggers: readonly HeldTrigger[] | undefined
}

export type RendererOptions = {
  /** Colour codes for a terminal. @default false */
  readonly colour?: boolean
  /** Width of a terminal. @default 80 */
  readonly columns?: number
  /** Where the files of the run are, as a person would type it. */
  readonly paths?: { readonly report?: string; readonly folder?: string }
}

export type Renderer = (report: Report, options?: RendererOptions) => string
