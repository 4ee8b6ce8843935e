/** Scheduled actions: other bounds from one moment until another. Instances below the new minimum are asked for at once; those above it stay until the policy lets them go. */
import { type Bounds, type Moment, type ScalingPolicy, within } from './policy.ts'

export type ScheduledBounds = Bounds & {
  /** Seconds since the start. */
  readonly from: number
  readonly until: number
}

export const scheduledBounds = (policy: ScalingPolicy, actions: readonly ScheduledBounds[]): ScalingPolicy => ({
  ...policy,
  name: `${policy.name}, scheduled`,
  start: () => {
    const decide = policy.start()
    return (moment: Moment) => {
      const bounds: Bounds = actions.findLast(({ from, until }) => from <= moment.now && moment.now < until) ?? policy.bounds
      const there = moment.running + moment.pending
      const wanted = within(bounds, decide({ ...moment, bounds }) ?? there)
      return wanted === there ? undefined : wanted
    }
  },
})
