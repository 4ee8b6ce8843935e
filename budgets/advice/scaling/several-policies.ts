/**
 * Several policies on one service: out if any asks, by the largest wish; in only if all that can take instances away agree, by the largest
 * again. Source: Application Auto Scaling's documentation, read in 2026.
 */
import type { Moment, ScalingPolicy } from './policy.ts'

/** @throws {RangeError} when their metric periods differ: one simulation has one clock of points */
export const severalPolicies = (policies: readonly [ScalingPolicy, ...ScalingPolicy[]]): ScalingPolicy => {
  const [{ period, publication, bounds }] = policies
  const other = policies.find((each) => each.period !== period || each.publication !== publication)
  if (other !== undefined)
    throw new RangeError(
      `"${other.name}" has points every ${other.period} s and another policy every ${period} s. Policies that are played together share one period. Give them the same.`,
    )
  return {
    name: policies.map(({ name }) => name).join(' and '),
    period,
    publication,
    bounds,
    scalesIn: policies.some(({ scalesIn }) => scalesIn),
    start: () => {
      const all = policies.map(({ start, scalesIn }) => ({ decide: start(), scalesIn }))
      return (moment: Moment) => {
        const there = moment.running + moment.pending
        // Asked every second of hours, for hundreds of settings: no arrays.
        let [most, highest] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
        for (const { decide, scalesIn } of all) {
          const wish = decide(moment) ?? there
          if (wish > most) most = wish
          if (scalesIn && wish > highest) highest = wish
        }
        if (most > there) return most
        return highest > Number.NEGATIVE_INFINITY && highest < there ? highest : undefined
      }
    },
  }
}
