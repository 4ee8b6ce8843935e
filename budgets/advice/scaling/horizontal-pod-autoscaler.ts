/**
 * Kubernetes' HorizontalPodAutoscaler. Every 15 s: desired = ⌈current × metric ÷ target⌉, nothing within the tolerance, the largest wish of
 * several metrics, in only to the highest wish of the last five minutes. Pods that are starting count as unused before pods are added and
 * as just on target before pods go, so that neither is done twice.
 * Source: Kubernetes' documentation of the algorithm and of its default behaviour, read in 2026.
 */
import { type Bounds, type MetricPoint, type Moment, metricValue, type ScalingMetric, type ScalingPolicy, within } from './policy.ts'

const defaults = { sync: 15, tolerance: 0.1, stabilisation: 300, publication: 15 } as const
/** Most that may be added in one go, of the default behaviour: as many again, or four pods. */
const mostMore = { share: 1, pods: 4 } as const

export type PodGoal = {
  readonly metric: ScalingMetric
  /** In the metric's unit. */
  readonly target: number
}

export type PodAutoscaling = Bounds &
  PodGoal & {
    /** Further metrics. */
    readonly also?: readonly PodGoal[]
    /** |ratio − 1| up to which nothing happens. @default 0.1 */
    readonly tolerance?: number
    /** s of wishes of which the highest counts before pods go. @default 300 */
    readonly stabilisation?: number
    /** s from a reading until the controller sees it. @default 15 */
    readonly publication?: number
    /** s between two readings: 15 of the metrics server. @default 15 */
    readonly period?: number
    /** s between two decisions. @default 15 */
    readonly sync?: number
  }

/** @example desiredPods(50, 0.9, 0.75, 0.1) // 60 */
export const desiredPods = (current: number, value: number, target: number, tolerance: number = defaults.tolerance): number =>
  Math.abs(value / target - 1) <= tolerance + 1e-9 ? current : Math.ceil((current * value) / target - 1e-9)

type Wish = { readonly at: number; readonly pods: number }

/** What one metric asks for, from the mean over the pods, those that are not ready yet included as the documentation has it. */
const wishOf = (point: MetricPoint, { metric, target }: PodGoal, tolerance: number, running: number, pending: number): number => {
  const current = running + pending
  const total = metricValue(point, metric, point.instances) * point.instances
  const plain = desiredPods(running, total / Math.max(1, running), target, tolerance)
  if (pending === 0 || plain === running) return pending === 0 ? plain : current
  if (plain > running) return Math.max(current, desiredPods(current, total / current, target, tolerance))
  return Math.min(current, desiredPods(current, (total + pending * target) / current, target, tolerance))
}

export const podAutoscaling = (options: PodAutoscaling): ScalingPolicy => {
  const { metric, also = [], minimum, maximum } = options
  const { stabilisation = defaults.stabilisation, publication = defaults.publication, tolerance = defaults.tolerance, sync = defaults.sync } = options
  const goals: readonly PodGoal[] = [options, ...also]
  const own: Bounds = { minimum, maximum }
  return {
    name: `HorizontalPodAutoscaler on ${[metric, ...also.map((each) => each.metric)].join(' and ')}`,
    period: options.period ?? defaults.sync,
    publication,
    bounds: own,
    scalesIn: true,
    start: () => {
      let wishes: Wish[] = []
      return ({ now, points, running, pending, bounds = own }: Moment) => {
        const last = points.at(-1)
        if (last === undefined || now % sync !== 0) return undefined
        const there = running + pending
        const wished = within(bounds, Math.max(...goals.map((goal) => wishOf(last, goal, tolerance, running, pending))))
        wishes = [...wishes.filter(({ at }) => at > now - stabilisation), { at: now, pods: wished }]
        if (wished > there) return Math.min(wished, Math.max(there + mostMore.pods, Math.floor(there * (1 + mostMore.share))))
        // Until a whole window was seen nothing is known of what was wished before.
        const highest = Math.max(...wishes.map(({ pods }) => pods))
        return now < stabilisation || highest >= there ? undefined : highest
      }
    },
  }
}
