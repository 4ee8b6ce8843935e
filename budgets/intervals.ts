/** Adds to each judged percentile how sure its own run is of it. */
import type { Run } from '../runner/run.ts'
import { declined } from '../runner/stats/few.ts'
import { type Declined, type Interval, intervalsWithin, SampledSeconds } from '../runner/within-run.ts'
import type { Budget, Judgement } from './budget.ts'
import { figure } from './figure.ts'
import type { Measure } from './measures/measure.ts'

type Percentile = NonNullable<Measure['percentile']>
type Asked = { readonly judgement: Judgement; readonly percentile: Percentile; readonly sampled: SampledSeconds }

/** True where the limit itself lies within the interval: as far as this run can tell, it may be on either side. */
export const isWithinNoise = ({ budget, interval }: Judgement): boolean =>
  interval !== undefined && 'low' in interval && interval.low <= budget.limit.value && budget.limit.value <= interval.high

const intervalOf = (run: Run, { judgement, percentile, sampled }: Asked): Interval | Declined => {
  const { window, per, limit } = judgement.budget
  const each = window !== undefined ? `window of ${window} s` : per
  if (each !== undefined) return declined(`interval unknown, because the limit holds in each ${each} and not for the run as a whole`)
  const found = intervalsWithin(run, sampled, [percentile.p])
  if ('declined' in found) return found
  const [interval] = found as readonly [Interval]
  // Counted at their worst, what never came is endlessly slow; for an "at least" that is its best.
  return limit.is === 'at_least' && interval.high === Infinity
    ? declined('interval unknown, because some samples never came, and nobody knows how fast they would have been')
    : interval
}

const told = (judgement: Judgement, interval: Interval | Declined): Judgement => {
  const whole = { ...judgement, interval }
  if (!isWithinNoise(whole) || !('low' in interval)) return whole
  const ends = `${figure(interval.low, judgement.unit)} to ${figure(interval.high, judgement.unit)}`
  return { ...whole, because: `${judgement.because.replace(/\.$/, '')}; the limit lies within this run's own interval, ${ends}.` }
}

/**
 * The status stays as it was. An interval within a run says how sure the run is of its own figure and nothing of the next one; and were
 * a limit exceeded only beyond it, the worse a run measures, the more it would be forgiven.
 */
export const withIntervals = (run: Run, judgements: readonly Judgement[], measures: ReadonlyMap<Budget, Measure>): Judgement[] => {
  const asked = new Map(
    judgements.flatMap((judgement): [Budget, Asked][] => {
      const percentile = judgement.observed === null ? undefined : measures.get(judgement.budget)?.percentile
      return percentile === undefined ? [] : [[judgement.budget, { judgement, percentile, sampled: new SampledSeconds() }]]
    }),
  )
  if (asked.size === 0) return [...judgements]
  for (const second of run.timeline) for (const { percentile, sampled } of asked.values()) sampled.add(percentile.samplesOf(second))
  return judgements.map((judgement) => {
    const found = asked.get(judgement.budget)
    return found === undefined ? judgement : told(judgement, intervalOf(run, found))
  })
}
