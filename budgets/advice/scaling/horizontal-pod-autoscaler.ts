/**
 * Kubernetes' HorizontalPodAutoscaler. Every 15 s: desired = ⌈current × metric ÷ target⌉, nothing within the tolerance, the largest wish of
 * several metrics, in only to the highest wish of the last five minutes. Held against the controller's own code of Kubernetes 1.36
 * (real-autoscaler.test.ts): what its documentation leaves open is as it does it.
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

const isWithin = (ratio: number, tolerance: number): boolean => Math.abs(ratio - 1) <= tolerance + 1e-9

/** @example desiredPods(50, 0.9, 0.75, 0.1) // 60 */
export const desiredPods = (current: number, value: number, target: number, tolerance: number = defaults.tolerance): number =>
  isWithin(value / target, tolerance) ? current : Math.ceil((current * value) / target - 1e-9)

type Wish = { readonly at: number; readonly pods: number }

/** Those whose use counts: it looks at no pod of whom a part of the last period came before it was ready. */
const settled = (points: readonly MetricPoint[], running: number): number => Math.min(running, (points.at(-2) ?? points.at(-1))?.instances ?? running)

/** It reckons with whole percents, cut off. */
const wholePercent = (share: number): number => Math.floor(share * 100 + 1e-9) / 100

/** A share of what pods request: those that start count as unused before pods are added, and not at all before pods go. */
const wishByUse = (use: number, target: number, tolerance: number, counted: number, current: number): number => {
  const plain = wholePercent(use)
  if (current === counted || plain <= target) return isWithin(plain / target, tolerance) ? current : desiredPods(counted, plain, target, 0)
  return Math.max(current, desiredPods(current, wholePercent((use * counted) / current), target, tolerance))
}

/** What one metric asks for. Of requests and messages all pods have their part, those that start too; response times are multiplied by those that are ready. */
const wishOf = (points: readonly MetricPoint[], { metric, target }: PodGoal, tolerance: number, running: number, pending: number): number => {
  const point = points.at(-1) as MetricPoint
  const current = running + pending
  if (metric === 'use') return wishByUse(point.use, target, tolerance, settled(points, running), current)
  const value = metricValue(point, metric, point.instances)
  if (metric === 'p95') return isWithin(value / target, tolerance) ? current : desiredPods(running, value, target, 0)
  return desiredPods(current, (value * point.instances) / current, target, tolerance)
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
        if (points.length === 0 || now % sync !== 0) return undefined
        const there = running + pending
        const wished = within(bounds, Math.max(...goals.map((goal) => wishOf(points, goal, tolerance, running, pending))))
        wishes = [...wishes.filter(({ at }) => at > now - stabilisation), { at: now, pods: wished }]
        if (wished > there) return Math.min(wished, Math.max(there + mostMore.pods, Math.floor(there * (1 + mostMore.share))))
        // Until a whole window was seen nothing is known of what was wished before.
        const highest = Math.max(...wishes.map(({ pods }) => pods))
        return now < stabilisation || highest >= there ? undefined : highest
      }
    },
  }
}
