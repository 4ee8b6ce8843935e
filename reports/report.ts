/** What every renderer gets: the run and what it means, already judged and computed. Renderers arrange; they compute no percentile. */
import type { Breakpoint, Verdict } from '../budgets/budget.ts'
import type { Run } from '../runner/run.ts'

/** Milliseconds; `null` where it can't be stated. */
export type Percentiles = {
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly max: number | null
}

export type EndpointReport = {
  readonly name: string
  readonly completed: number
  readonly failed: number
  /** Successful answers per second of the run. */
  readonly throughput: number
  readonly errorRate: number
  readonly responseTime: Percentiles
  readonly serviceTime: Percentiles
  readonly statuses: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
}

/** One point of the charts: a second, or a few of them in a long run. */
export type Point = {
  readonly second: number
  readonly planned: number
  readonly started: number
  readonly dropped: number
  readonly completed: number
  readonly failed: number
  /** Per second. */
  readonly achieved: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly errors: Readonly<Record<string, number>>
  readonly users: number
}

export type Report = {
  readonly run: Run
  readonly verdict: Verdict
  /** Successful answers per second. */
  readonly throughput: number
  readonly errorRate: number
  readonly availability: number | null
  readonly responseTime: Percentiles
  readonly serviceTime: Percentiles
  readonly setupTime: Percentiles
  readonly endpoints: readonly EndpointReport[]
  /** Failures by kind, most first. */
  readonly errors: readonly { readonly kind: string; readonly count: number }[]
  readonly points: readonly Point[]
  readonly breakpoint: Breakpoint | undefined
}

export type Renderer = (report: Report, options?: { readonly colour?: boolean; readonly columns?: number }) => string
