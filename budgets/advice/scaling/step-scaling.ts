/**
 * Step scaling of Amazon ECS: an alarm of one's own, and how many instances by how far the metric is beyond its threshold.
 * Source: Application Auto Scaling's documentation, read in 2026.
 */
import { type Bounds, type MetricPoint, type Moment, type ScalingMetric, type ScalingPolicy, within } from './policy.ts'

/** Applies from `above` the threshold on, in the metric's unit, until the next one's begins. */
export type Step = {
  readonly above: number
  /** `instances`: so many more · `share`: so much more of what there is, 0.5 for half · `exactly`: so many in all */
  readonly change:
    | { readonly instances: number }
    | { readonly share: number /** At least so many. @default 1 */; readonly least?: number }
    | { readonly exactly: number }
}

export type StepScaling = Bounds & {
  readonly metric: ScalingMetric
  readonly threshold: number
  readonly steps: readonly Step[]
  /** Points beyond the threshold among the last `of`. */
  readonly points: { readonly needed: number; readonly of: number }
  readonly period: number
  /** @default 30 */
  readonly publication?: number
  /** @default 300 */
  readonly cooldown?: number
}

const changed = ({ change }: Step, there: number): number => {
  if ('exactly' in change) return change.exactly
  if ('instances' in change) return there + change.instances
  return there + Math.max(change.least ?? 1, Math.floor(there * change.share))
}

export const stepScaling = ({ metric, threshold, steps, points, period, publication = 30, cooldown = 300, ...bounds }: StepScaling): ScalingPolicy => ({
  name: `step scaling on ${metric}`,
  period,
  publication,
  start: () => {
    let [lastStep, seen, lastWanted] = [-Infinity, 0, 0]
    return ({ now, points: published, running, pending }: Moment) => {
      if (published.length === seen) return undefined
      seen = published.length
      const recent: readonly MetricPoint[] = published.slice(-points.of)
      const beyond = recent.filter((point) => point[metric] > threshold)
      const last = recent.at(-1)
      if (last === undefined || beyond.length < points.needed) return undefined
      const step = steps.toSorted((a, b) => a.above - b.above).findLast(({ above }) => last[metric] - threshold >= above)
      if (step === undefined) return undefined
      const there = running + pending
      // Of what ran when it was measured: instances under way are the answer to it already.
      const wanted = within(bounds, changed(step, running))
      if (wanted <= there || (now - lastStep < cooldown && wanted <= lastWanted)) return undefined
      ;[lastStep, lastWanted] = [now, wanted]
      return wanted
    }
  },
})
