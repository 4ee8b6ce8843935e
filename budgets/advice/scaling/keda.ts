/**
 * KEDA: it looks at its triggers every 30 s, wakes a service that has no pods, and puts one to sleep that has had nothing to do for the
 * cooldown. Between one pod and the most it leaves everything to the HorizontalPodAutoscaler that it makes. A cron trigger asks for so many
 * pods between two moments. Source: KEDA's documentation, read in 2026.
 */
import { type PodAutoscaling, podAutoscaling } from './horizontal-pod-autoscaler.ts'
import type { Bounds, Moment, ScalingPolicy } from './policy.ts'

export type CronTrigger = { readonly from: number; readonly until: number; readonly pods: number }

export type Keda = PodAutoscaling & {
  /** pollingInterval, s. @default 30 */
  readonly polling?: number
  /** cooldownPeriod, s: for the way from one to none only. @default 300 */
  readonly cooldown?: number
  readonly cron?: readonly CronTrigger[]
}

const isOn = ({ from, until }: CronTrigger, now: number): boolean => from <= now && now < until

export const keda = ({ polling = 30, cooldown = 300, cron = [], ...options }: Keda): ScalingPolicy => {
  const { minimum, maximum, metric } = options
  const hpa = podAutoscaling({ ...options, minimum: Math.max(1, minimum) })
  const own: Bounds = { minimum, maximum }
  return {
    ...hpa,
    name: `KEDA on ${metric}`,
    bounds: own,
    start: () => {
      const decide = hpa.start()
      // A service that runs was active a moment ago; one that sleeps was not.
      let lastActive: number | undefined
      return (moment: Moment) => {
        const { now, points, running, pending } = moment
        const bounds = moment.bounds ?? own
        const pods = cron.length === 0 ? 0 : Math.max(0, ...cron.filter((each) => isOn(each, now)).map((each) => each.pods))
        const least = Math.max(bounds.minimum, Math.min(pods, bounds.maximum))
        const last = points.at(-1)
        const isPoll = now % polling === 0
        lastActive ??= running > 0 ? 0 : Number.NEGATIVE_INFINITY
        if (isPoll && (pods > 0 || (last !== undefined && (metric === 'use' ? last.use : last.backlog + last.requests) > 0))) lastActive = now
        if (running + pending === 0) return isPoll && lastActive === now ? Math.max(1, bounds.minimum) : undefined
        if (bounds.minimum === 0 && isPoll && now - lastActive >= cooldown) return 0
        return decide({ ...moment, bounds: { minimum: Math.max(1, least), maximum: bounds.maximum } })
      }
    },
  }
}
