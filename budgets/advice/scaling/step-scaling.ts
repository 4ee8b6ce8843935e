/**
 * Step scaling of Amazon ECS: an alarm of one's own, and how many instances by how far the metric is beyond its threshold. One policy goes
 * out or in; a service that does both has two (several-policies.ts).
 * Source: Application Auto Scaling's documentation, read in 2026.
 */
import {
  areBeyond,
  type Bounds,
  type Datapoints,
  type MetricPoint,
  type Moment,
  metricValue,
  type ScalingMetric,
  type ScalingPolicy,
  since,
  within,
} from './policy.ts'

/** Applies from `beyond` the threshold on, in the metric's unit, until the next one's begins. */
export type Step = {
  readonly beyond: number
  /** `instances`: so many more (or fewer) · `share`: so much of what there is, 0.5 for half · `exactly`: so many in all */
  readonly change:
    | { readonly instances: number }
    | { readonly share: number /** At least so many: ECS's MinAdjustmentMagnitude. @default 1 */; readonly least?: number }
    | { readonly exactly: number }
}

export type StepScaling = Bounds & {
  readonly metric: ScalingMetric
  /** Out above it, in below it. @default 'out' */
  readonly direction?: 'out' | 'in'
  readonly threshold: number
  readonly steps: readonly Step[]
  /** Points beyond the threshold among the last `of`. */
  readonly points: Datapoints
  readonly period: number
  /** @default 30 */
  readonly publication?: number
  /** @default 300 */
  readonly cooldown?: number
}

/** @param sign 1 out, −1 in */
const changed = ({ change }: Step, from: number, sign: number): number => {
  if ('exactly' in change) return change.exactly
  if ('instances' in change) return from + sign * change.instances
  return from + sign * Math.max(change.least ?? 1, Math.floor(from * change.share))
}

export const stepScaling = (options: StepScaling): ScalingPolicy => {
  const { metric, direction = 'out', threshold, steps, points: alarm, period, publication = 30, cooldown = 300, minimum, maximum } = options
  const own: Bounds = { minimum, maximum }
  const sign = direction === 'out' ? 1 : -1
  const largestFirst = steps.toSorted((a, b) => b.beyond - a.beyond)
  const distance = (point: MetricPoint): number => sign * (metricValue(point, metric, point.instances) - threshold)
  return {
    name: `step scaling ${direction} on ${metric}`,
    period,
    publication,
    bounds: own,
    scalesIn: direction === 'in',
    start: () => {
      let [seen, steppedAt, before] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
      return ({ now, points, running, pending, lastIn, bounds = own }: Moment) => {
        // The alarm asks again with each point for as long as it lasts.
        const last = points.at(-1)
        if (last === undefined || last.end === seen) return undefined
        seen = last.end
        if (!areBeyond(points, alarm, (point) => distance(point) > 0)) return undefined
        const step = largestFirst.find(({ beyond }) => distance(last) >= beyond)
        if (step === undefined) return undefined
        const there = running + pending
        if (direction === 'in') {
          const fewer = within(bounds, changed(step, there, sign))
          return fewer >= there || since(now, lastIn) < cooldown ? undefined : fewer
        }
        // During the cooldown what it has added counts towards the next step, so only a larger one adds anything.
        if (now - steppedAt >= cooldown) before = there
        const wanted = within(bounds, changed(step, before, sign))
        if (wanted <= there) return undefined
        steppedAt = now
        return wanted
      }
    },
  }
}
