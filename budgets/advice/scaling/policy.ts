/** What decides how many instances there should be, as the simulator meets it. One policy a file; their rules are dated 2026 (scaling.md). */

/** What one metric period showed, as it is published afterwards. */
export type MetricPoint = {
  /** Seconds since the start at which the period ended. */
  readonly end: number
  /** Instances in service then. */
  readonly instances: number
  /** Mean busy share of their capacity, 0–1: it can't say how much more was wanted. */
  readonly use: number
  /** Arrivals per second and instance: it can. */
  readonly requests: number
  /** Requests that waited at the end. */
  readonly backlog: number
}

/** What is watched, and in which unit a policy's target is given: `use` as a ratio, `requests` per second and instance, `backlog` in requests. */
export type ScalingMetric = 'use' | 'requests' | 'backlog'

export type Moment = {
  /** Seconds since the start. */
  readonly now: number
  /** Those that are published, oldest first. */
  readonly points: readonly MetricPoint[]
  readonly running: number
  /** Asked for and not in service yet. */
  readonly pending: number
}

export type ScalingPolicy = {
  /** @example 'ECS target tracking, use 60 %' */
  readonly name: string
  /** Length of a metric period, s. */
  readonly period: number
  /** From the end of a period until its point is seen, s. */
  readonly publication: number
  /** @returns asked every second: how many instances there should be, or undefined for as many as there are */
  readonly start: () => (moment: Moment) => number | undefined
}

/** Fewest and most instances. */
export type Bounds = { readonly minimum: number; readonly maximum: number }

export const within = ({ minimum, maximum }: Bounds, wanted: number): number => Math.min(maximum, Math.max(minimum, wanted))
