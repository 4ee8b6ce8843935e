/**
 * Kubernetes' HorizontalPodAutoscaler, and KEDA, which feeds one. Every 15 s: desired = ⌈current × metric ÷ target⌉, nothing within the
 * tolerance, in only to the highest wish of the last five minutes. Pods that are starting count as unused, so that they aren't asked for twice.
 * Source: Kubernetes' documentation of the algorithm and of its default behaviour, read in 2026.
 */
import { type Bounds, type MetricPoint, type Moment, type ScalingMetric, type ScalingPolicy, within } from './policy.ts'

const every = 15
const defaults = { tolerance: 0.1, stabilisation: 300, publication: 15 } as const
/** Most that may be added in one go, of the default behaviour: as many again, or four pods. */
const mostMore = { share: 1, pods: 4 } as const

export type PodAutoscaling = Bounds & {
  readonly metric: ScalingMetric
  readonly target: number
  /** |ratio − 1| up to which nothing happens. @default 0.1 */
  readonly tolerance?: number
  /** s of wishes of which the highest counts before pods go. @default 300 */
  readonly stabilisation?: number
  /** s from a reading until the controller sees it. @default 15 */
  readonly publication?: number
  /** s between two readings: 15 of the metrics server, KEDA's pollingInterval of 30. @default 15 */
  readonly period?: number
}

/** @example desiredPods(50, 0.9, 0.75, 0.1) // 60 */
export const desiredPods = (current: number, value: number, target: number, tolerance: number = defaults.tolerance): number =>
  Math.abs(value / target - 1) <= tolerance + 1e-9 ? current : Math.ceil((current * value) / target - 1e-9)

type Wish = { readonly at: number; readonly pods: number }

/** Mean of the metric over the pods, those that are not ready yet counting as unused when that would add pods. */
const wishOf = (point: MetricPoint, { metric, target, tolerance }: PodAutoscaling, running: number, pending: number): number => {
  const current = running + pending
  const total = metric === 'backlog' ? point.backlog : point[metric] * point.instances
  const value = total / Math.max(1, running)
  const plain = desiredPods(running, value, target, tolerance)
  if (pending === 0) return plain
  const unused = desiredPods(current, total / current, target, tolerance)
  return plain > current && unused <= current ? current : Math.max(plain, unused)
}

export const podAutoscaling = (options: PodAutoscaling): ScalingPolicy => {
  const { stabilisation = defaults.stabilisation, publication = defaults.publication, period = every } = options
  return {
    name: `HorizontalPodAutoscaler on ${options.metric}`,
    period,
    publication,
    start: () => {
      let wishes: Wish[] = []
      return ({ now, points, running, pending }: Moment) => {
        const last = points.at(-1)
        if (last === undefined || now % every !== 0) return undefined
        const there = running + pending
        const wished = within(options, wishOf(last, options, running, pending))
        wishes = [...wishes.filter(({ at }) => at > now - stabilisation), { at: now, pods: wished }]
        if (wished > there) return Math.min(wished, Math.max(there + mostMore.pods, Math.floor(there * (1 + mostMore.share))))
        // Until a whole window was seen nothing is known of what was wished before.
        const highest = Math.max(...wishes.map(({ pods }) => pods))
        return now < stabilisation || highest >= there ? undefined : highest
      }
    },
  }
}
