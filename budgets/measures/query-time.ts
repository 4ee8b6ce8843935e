/**
 * How long a database's queries took. Databases keep sums of each statement and no percentiles: the mean is exact, in any stretch of the
 * run; a percentile or the maximum lies between bounds, over the whole run only, because sums are looked at before and after it.
 */
import type { Observation, Run } from '../../runner/run.ts'
import type { Budget, Stat } from '../budget.ts'
import { countOf } from '../figure.ts'
import { type Readings, readingsOf } from '../readings.ts'
import type { Bounds, Measure } from './measure.ts'
import type { Part } from './part.ts'
import { within } from './series.ts'

const suffix = '.query_time'
const percentiles: readonly Stat[] = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max']

const numberOf = (values: Observation['values'], name: string): number | undefined => {
  const value = values[name]
  return typeof value === 'number' ? value : undefined
}

/** Each second's mean counts as often as queries came in it. */
const meanOf = (times: Readings, rates: Readings, part: Part): { readonly calls: number; readonly mean: number } => {
  let [calls, total] = [0, 0]
  const rateAt = new Map(rates.at.map((at, index) => [at, rates.values[index] ?? null]))
  times.at.forEach((at, index) => {
    const [time, rate] = [times.values[index] ?? null, rateAt.get(at) ?? null]
    if (time === null || rate === null || at <= part.from || at > part.from + part.length) return
    calls += rate
    total += rate * time
  })
  return { calls, mean: calls === 0 ? 0 : total / calls }
}

const nothingKnown = (doubt: string): Bounds => ({ lower: 0, upper: Infinity, doubt })

/** @returns undefined when it is no such metric, or one that a series tells alone */
export const queryTimeMeasure = (run: Run, { metric, stat = 'p95' }: Budget): Measure | undefined => {
  const probe = metric.slice(0, -suffix.length)
  const observed = metric.endsWith(suffix) ? run.observations?.find((each) => each.probe === probe && each.kind === 'query_time') : undefined
  if (observed === undefined || !(stat === 'mean' || percentiles.includes(stat))) return undefined
  const { values } = observed
  const [times, rates] = [readingsOf(run, metric), readingsOf(run, `${probe}.queries`)]
  const common = {
    unit: 'ms',
    words: `${stat === 'max' ? 'maximum' : stat === 'p999' ? 'p99.9' : stat} of ${metric}`,
    noun: 'query',
    needed: 1,
    telling: undefined,
  } as const
  const isWhole = (part: Part): boolean => run.warmUp.seconds === 0 && part.from === 0 && part.length >= run.durationSeconds
  const counted = numberOf(values, 'calls') ?? 0
  if (stat === 'mean' && times !== undefined && rates !== undefined)
    return {
      ...common,
      noun: 'reading',
      samples: (part) => within(times, part).read.length,
      bounds: (part) => {
        const mean = isWhole(part) && numberOf(values, 'forgotten') === 0 ? (numberOf(values, 'mean') ?? 0) : meanOf(times, rates, part).mean
        return { lower: mean, upper: mean }
      },
    }
  return {
    ...common,
    samples: () => counted,
    bounds: (part) => {
      const name = stat === 'mean' ? 'its mean' : `its ${stat}`
      if (!isWhole(part))
        return nothingKnown(`databases keep no percentiles, and the sums that bound ${name} were looked at before and after the whole load only`)
      const forgotten = numberOf(values, 'forgotten') ?? 0
      if (forgotten > 0) return nothingKnown(`the database forgot what it had counted of ${countOf(forgotten, 'statement')}`)
      if (stat === 'mean') return { lower: numberOf(values, 'mean') ?? 0, upper: numberOf(values, 'mean') ?? Infinity }
      const [lower, upper] = [numberOf(values, `${stat}_low`) ?? 0, numberOf(values, `${stat}_high`) ?? Infinity]
      return {
        lower,
        upper,
        doubt: 'databases keep number, mean, spread and maximum of each statement, and no percentiles',
      }
    },
  }
}
