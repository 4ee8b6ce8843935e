/**
 * Target tracking of Amazon ECS: two alarms that nobody can edit, out after 3 of 3 points above the target, in after 15 of 15 below 90 % of it.
 * Source: Application Auto Scaling's documentation, read in 2026; that the low alarm lies 10 % below is observed and not promised.
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

const usualOut = { needed: 3, of: 3 } as const
const usualIn = { needed: 15, of: 15 } as const
const usualLow = 0.9

/** Metric periods of ECS, in s: an ordinary one, and one that must be enabled in the service and costs extra. */
const periods = { ordinary: 60, highResolution: 20 } as const

export type TargetTracking = Bounds & {
  readonly metric: ScalingMetric
  /** In the metric's unit; a use is a ratio. */
  readonly target: number
  /** @default 60 */
  readonly period?: number
  /** @default 30 */
  readonly publication?: number
  /** s between two steps out, unless the later one wants more. @default 300 */
  readonly cooldownOut?: number
  /** s after a step in before the next; one out is never held up by it. @default 300 */
  readonly cooldownIn?: number
  /** ECS's DisableScaleIn, the other way round. @default true */
  readonly scalesIn?: boolean
  /** As its alarms have them, where they were read. @default 3 of 3, and 15 of 15 */
  readonly pointsOut?: Datapoints
  readonly pointsIn?: Datapoints
  /** Share of the target below which it goes in. @default 0.9 */
  readonly low?: number
}

export const targetTracking = (options: TargetTracking): ScalingPolicy => {
  const { metric, target, minimum, maximum, period = periods.ordinary, publication = 30, cooldownOut = 300, cooldownIn = 300, scalesIn = true } = options
  const { pointsOut = usualOut, pointsIn = usualIn, low = usualLow } = options
  const own: Bounds = { minimum, maximum }
  const value = (point: MetricPoint): number => metricValue(point, metric, point.instances)
  return {
    name: `target tracking of ${metric}`,
    period,
    publication,
    bounds: own,
    scalesIn,
    start: () => {
      // What the points say changes with each of them only, and this is asked every second.
      let [seen, needed, isHigh, isLow] = [Number.NEGATIVE_INFINITY, 0, false, false]
      return ({ now, points, running, pending, lastOut, lastIn, bounds = own }: Moment) => {
        const last = points.at(-1)
        if (last === undefined) return undefined
        if (last.end !== seen) {
          seen = last.end
          needed = Math.ceil((last.instances * value(last)) / target - 1e-9)
          isHigh = areBeyond(points, pointsOut, (point) => value(point) > target)
          isLow = areBeyond(points, pointsIn, (point) => value(point) < low * target)
        }
        const wanted = within(bounds, needed)
        const there = running + pending
        if (wanted > there && isHigh) return since(now, lastOut) < cooldownOut && wanted <= (lastOut?.to ?? 0) ? undefined : wanted
        return scalesIn && wanted < there && since(now, lastIn) >= cooldownIn && isLow ? wanted : undefined
      }
    },
  }
}
