/**
 * Target tracking of Amazon ECS: two alarms that nobody can edit, out after 3 of 3 points above the target, in after 15 of 15 below 90 % of it.
 * Source: Application Auto Scaling's documentation, read in 2026; that the low alarm lies 10 % below is observed and not promised.
 */
import { type Bounds, type MetricPoint, type Moment, type ScalingMetric, type ScalingPolicy, within } from './policy.ts'

const pointsOut = 3
const pointsIn = 15
const low = 0.9

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
  /** s after any step before one in. @default 300 */
  readonly cooldownIn?: number
}

/** The last `count` published ones, or undefined while there are fewer. */
const lastPoints = (points: readonly MetricPoint[], count: number): readonly MetricPoint[] | undefined =>
  points.length < count ? undefined : points.slice(-count)

export const targetTracking = ({
  metric,
  target,
  minimum,
  maximum,
  period = periods.ordinary,
  publication = 30,
  cooldownOut = 300,
  cooldownIn = 300,
}: TargetTracking): ScalingPolicy => ({
  name: `target tracking of ${metric}`,
  period,
  publication,
  start: () => {
    let [lastOut, lastStep, lastWanted] = [-Infinity, -Infinity, 0]
    let seen = 0
    const wantedBy = ({ instances, [metric]: value }: MetricPoint): number =>
      within({ minimum, maximum }, Math.ceil((metric === 'backlog' ? value / target : (instances * value) / target) - 1e-9))
    return ({ now, points, running, pending }: Moment) => {
      const last = points.at(-1)
      if (last === undefined || points.length === seen) return undefined
      seen = points.length
      const wanted = wantedBy(last)
      const there = running + pending
      const isAll = (count: number, test: (value: number) => boolean): boolean =>
        lastPoints(points, count)?.every(({ [metric]: value, instances }) => test(metric === 'backlog' ? value / Math.max(1, instances) : value)) ?? false
      if (isAll(pointsOut, (value) => value > target)) {
        if (wanted <= there || (now - lastOut < cooldownOut && wanted <= lastWanted)) return undefined
        ;[lastOut, lastStep, lastWanted] = [now, now, wanted]
        return wanted
      }
      if (isAll(pointsIn, (value) => value < low * target) && wanted < there && now - lastStep >= cooldownIn) {
        lastStep = now
        return wanted
      }
      return undefined
    }
  },
})
