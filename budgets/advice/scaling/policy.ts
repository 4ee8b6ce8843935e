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
  /** 95th percentile of the response times of the answers given in it, s. */
  readonly p95: number
}

/**
 * What is watched, and in which unit a policy's target is given: `use` as a ratio, `requests` per second and instance, `backlog` in requests
 * per instance, `p95` in s.
 */
export type ScalingMetric = 'use' | 'requests' | 'backlog' | 'p95'

/** A metric in the unit of its target, for so many instances. */
export const metricValue = (point: MetricPoint, metric: ScalingMetric, instances: number): number =>
  metric === 'backlog' ? point.backlog / Math.max(1, instances) : point[metric]

export type ScalingStep = { readonly at: number; readonly from: number; readonly to: number }

/** Points beyond a threshold among the last `of`, as alarms count them. */
export type Datapoints = { readonly needed: number; readonly of: number }

/** Of the last that are published; fewer points than are needed are no reason to act. */
export const areBeyond = (points: readonly MetricPoint[], { needed, of }: Datapoints, test: (point: MetricPoint) => boolean): boolean => {
  const first = Math.max(0, points.length - of)
  let missing = needed
  // Asked for every simulated second, so no point is looked at once the answer is known.
  for (let at = points.length - 1; missing > 0 && at - first + 1 >= missing; at -= 1) if (test(points[at] as MetricPoint)) missing -= 1
  return missing === 0
}

/** Fewest and most instances. */
export type Bounds = { readonly minimum: number; readonly maximum: number }

export const within = ({ minimum, maximum }: Bounds, wanted: number): number => Math.min(maximum, Math.max(minimum, wanted))

export type Moment = {
  /** Seconds since the start. */
  readonly now: number
  /** Those that are published, oldest first. */
  readonly points: readonly MetricPoint[]
  readonly running: number
  /** Asked for and not in service yet. */
  readonly pending: number
  /** The last time that instances were added, and the last time that some were taken away, by whichever policy. */
  readonly lastOut?: ScalingStep
  readonly lastIn?: ScalingStep
  /** In place of the policy's own: a scheduled action has set others. */
  readonly bounds?: Bounds
}

export type ScalingPolicy = {
  /** @example 'target tracking of use' */
  readonly name: string
  /** Length of a metric period, s. */
  readonly period: number
  /** From the end of a period until its point is seen, s. */
  readonly publication: number
  readonly bounds: Bounds
  /** Whether it ever takes instances away: one that does not has no say in it. */
  readonly scalesIn: boolean
  /** @returns asked every second: how many instances there should be, or undefined for as many as there are */
  readonly start: () => (moment: Moment) => number | undefined
}

/** Seconds since a step; without end when there was none. */
export const since = (now: number, step: ScalingStep | undefined): number => (step === undefined ? Number.POSITIVE_INFINITY : now - step.at)
