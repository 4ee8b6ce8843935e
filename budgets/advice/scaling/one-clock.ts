/**
 * Policies whose alarms look at periods of different lengths, on one clock of points: each sees the points of the clock put together into
 * periods of its own. An alarm's window slides, so that periods of five minutes are looked at each minute.
 * Source: CloudWatch's documentation of evaluation windows and of alarm evaluation, read in 2026.
 */
import { mean } from '../../../runner/stats/few.ts'
import type { MetricPoint, Moment, ScalingPolicy } from './policy.ts'

const minute = 60 // s; alarms whose periods are no shorter are evaluated each minute

const greatestCommon = (a: number, b: number): number => (b === 0 ? a : greatestCommon(b, a % b))

/** One period of several points, the last of which is the newest. */
const together = (points: readonly MetricPoint[]): MetricPoint => ({
  ...(points.at(-1) as MetricPoint),
  use: mean(points.map(({ use }) => use)),
  requests: mean(points.map(({ requests }) => requests)),
  p95: Math.max(...points.map(({ p95 }) => p95)),
})

/** Periods of so many points, counted back from the newest one; what is left at the beginning is no period. */
const periodsOf = (points: readonly MetricPoint[], count: number): MetricPoint[] => {
  const whole = Math.floor(points.length / count)
  const first = points.length - whole * count
  return Array.from({ length: whole }, (_, at) => together(points.slice(first + at * count, first + (at + 1) * count)))
}

const onClock = (policy: ScalingPolicy, period: number, publication: number): ScalingPolicy => {
  if (policy.period === period && policy.publication === publication) return policy
  const count = policy.period / period
  const between = policy.period < minute ? count : Math.max(1, minute / period) // points of the clock from one evaluation to the next
  return {
    ...policy,
    period,
    publication,
    start: () => {
      const decide = policy.start()
      let [seen, own]: [number, readonly MetricPoint[]] = [0, []]
      return (moment: Moment) => {
        const published = moment.points.findLastIndex(({ end }) => end + policy.publication <= moment.now) + 1
        const evaluated = published - (published % between)
        if (evaluated !== seen) [seen, own] = [evaluated, periodsOf(moment.points.slice(0, evaluated), count)]
        return decide({ ...moment, points: own })
      }
    },
  }
}

/** The same policies at points of a minute or less, which can then be played together (several-policies.ts). */
export const onOneClock = (policies: readonly ScalingPolicy[]): ScalingPolicy[] => {
  const period = policies.reduce((common, each) => greatestCommon(each.period, common), minute)
  const publication = Math.min(...policies.map((each) => each.publication))
  return policies.map((policy) => onClock(policy, period, publication))
}
