/**
 * Kubernetes' HorizontalPodAutoscaler. Every 15 s: desired = ⌈current × metric ÷ target⌉, nothing within the tolerance, the largest wish of
 * several metrics, and what its behavior lets it make of that (pod-behavior.ts). Held against the controller's own code of Kubernetes 1.36
 * (real-autoscaler.test.ts): what its documentation leaves open is as it does it.
 */
import { openBehavior, type PodBehavior, usualBehavior } from './pod-behavior.ts'
import { type Bounds, type MetricPoint, type Moment, metricValue, type ScalingMetric, type ScalingPolicy, within } from './policy.ts'

/** s */
const usualPeriods = { sync: 15, publication: 15 } as const

export type PodGoal = {
  readonly metric: ScalingMetric
  /** In the metric's unit. */
  readonly target: number
  /** Of `use`: the step in which it is told, cut off; a whole percent of what is requested. @default 0.01 */
  readonly grain?: number
}

export type PodAutoscaling = Bounds &
  PodGoal & {
    /** Further metrics. */
    readonly also?: readonly PodGoal[]
    /** @default doubled or four more in 15 s, within 10 % nothing, in to the highest wish of 300 s */
    readonly behavior?: PodBehavior
    /** s from a reading until the controller sees it. @default 15 */
    readonly publication?: number
    /** s between two readings: 15 of the metrics server. @default 15 */
    readonly period?: number
    /** s between two decisions. @default 15 */
    readonly sync?: number
  }

/** Shares of the target, 0–1. */
type Tolerances = { readonly out: number; readonly in: number }

const isWithin = (ratio: number, tolerances: Tolerances): boolean => ratio >= 1 - tolerances.in - 1e-9 && ratio <= 1 + tolerances.out + 1e-9

const none: Tolerances = { out: 0, in: 0 }
const usualTolerances: Tolerances = { out: usualBehavior.out.tolerance, in: usualBehavior.in.tolerance }

/** @example desiredPods(50, 0.9, 0.75) // 60 */
export const desiredPods = (current: number, value: number, target: number, tolerances: Tolerances = usualTolerances): number =>
  isWithin(value / target, tolerances) ? current : Math.ceil((current * value) / target - 1e-9)

/** Those whose use counts: it looks at no pod of whom a part of the last period came before it was ready. */
const settled = (points: readonly MetricPoint[], running: number): number => Math.min(running, (points.at(-2) ?? points.at(-1))?.instances ?? running)

const cutOff = (share: number, grain: number): number => Math.floor(share / grain + 1e-7) * grain

/** A share of what pods request: those that start count as unused before pods are added, and not at all before pods go. */
const wishByUse = (use: number, { target, grain = 0.01 }: PodGoal, tolerances: Tolerances, counted: number, current: number): number => {
  const plain = cutOff(use, grain)
  if (current === counted || plain <= target) return isWithin(plain / target, tolerances) ? current : desiredPods(counted, plain, target, none)
  return Math.max(current, desiredPods(current, cutOff((use * counted) / current, grain), target, tolerances))
}

/** What one metric asks for. Of requests and messages all pods have their part, those that start too; response times are multiplied by those that are ready. */
const wishOf = (points: readonly MetricPoint[], goal: PodGoal, tolerances: Tolerances, running: number, pending: number): number => {
  const { metric, target } = goal
  const point = points.at(-1) as MetricPoint
  const current = running + pending
  if (metric === 'use') return wishByUse(point.use, goal, tolerances, settled(points, running), current)
  const value = metricValue(point, metric, point.instances)
  if (metric === 'p95') return isWithin(value / target, tolerances) ? current : desiredPods(running, value, target, none)
  return desiredPods(current, (value * point.instances) / current, target, tolerances)
}

export const podAutoscaling = (options: PodAutoscaling): ScalingPolicy => {
  const { metric, also = [], minimum, maximum, behavior = usualBehavior } = options
  const { publication = usualPeriods.publication, period = usualPeriods.sync, sync = usualPeriods.sync } = options
  const tolerances: Tolerances = { out: behavior.out.tolerance, in: behavior.in.tolerance }
  const goals: readonly PodGoal[] = [options, ...also]
  const own: Bounds = { minimum, maximum }
  return {
    name: `HorizontalPodAutoscaler on ${[metric, ...also.map((each) => each.metric)].join(' and ')}`,
    period,
    publication,
    bounds: own,
    scalesIn: behavior.in.select !== 'none',
    start: () => {
      const behave = openBehavior(behavior)
      return ({ now, points, running, pending, bounds = own }: Moment) => {
        if (points.length === 0 || now % sync !== 0) return undefined
        const there = running + pending
        const wished = within(bounds, Math.max(...goals.map((goal) => wishOf(points, goal, tolerances, running, pending))))
        const to = within(bounds, behave(now, there, wished))
        return to === there ? undefined : to
      }
    },
  }
}
