/**
 * The requests of the hours to come, from those of the hours behind: the last week once more where there are 15 days, else the last day once
 * more or Holt-Winters, whichever was nearer over rolling origins. No forecaster sees an event coming: it never replaces headroom.
 */
import { type Declined, declined, mean } from '../../../runner/stats/few.ts'
import { count, figure, percent } from '../../figure.ts'
import { conformalFactor, meanScaledError, seasonalNaive, symmetricError } from './accuracy.ts'
import { fitted } from './fit.ts'
import { ahead, type Season, smooth } from './holt-winters.ts'

/** Requests of each hour, in order; null where nothing is known of it. */
export type Hours = readonly (number | null)[]

export type Forecast = {
  readonly declined: false
  readonly method: 'last week' | 'last day' | 'Holt-Winters'
  /** h */
  readonly period: number
  /** Requests of each hour of the next period. */
  readonly hours: readonly number[]
  readonly highest: number
  readonly lowest: number
  /** By how much an hour may be above its forecast in all but 5 % of hours; declined: too few were forecast before. */
  readonly factor: number | Declined
  /** By how much an hour was off on the average, as a share of the mean of forecast and truth, 0–2; null: none was forecast. */
  readonly error: number | null
  /** Share of the hours that were more than a fifth above their forecast, 0–1; null: none was forecast. */
  readonly above: number | null
  readonly because: string
}

const [day, week] = [24, 168] as const
const weeksFrom = 15 * day
const mostGaps = 0.05
const muchAbove = 1.2

type Method = { readonly name: Forecast['method']; readonly period: number; readonly next: (values: readonly number[], steps: number) => number[] }

const lastWeek: Method = { name: 'last week', period: week, next: (values, steps) => seasonalNaive(values, week, steps) }
const lastDay: Method = { name: 'last day', period: day, next: (values, steps) => seasonalNaive(values, day, steps) }

/** Fitted anew for each forecast, to what it may know. */
const holtWinters: Method = {
  name: 'Holt-Winters',
  period: day,
  next: (values, steps) => {
    // A night without requests has no ratio.
    const kind: Season = values.every((value) => value > 0) ? 'multiplicative' : 'additive'
    return ahead(smooth(values, day, kind, fitted(values, day, kind)), steps).map((value) => Math.max(0, value))
  },
}

type Trial = { readonly actual: readonly number[]; readonly forecast: readonly number[] }

/** Each day as it would have been forecast with all that was known before it. @param first hours that the first forecast knows */
const trials = (values: readonly number[], { next }: Method, first: number): Trial => {
  const actual: number[] = []
  const forecast: number[] = []
  for (let origin = first; origin < values.length; origin += day) {
    const seen = values.slice(origin, origin + day)
    actual.push(...seen)
    forecast.push(...next(values.slice(0, origin), seen.length))
  }
  return { actual, forecast }
}

const choose = (values: readonly number[]): { readonly method: Method; readonly why: string } => {
  if (values.length >= weeksFrom) return { method: lastWeek, why: `${count(values.length)} h hold more than two weeks, and days of a week differ` }
  const { actual, forecast } = trials(values, holtWinters, 2 * day)
  if (actual.length === 0) return { method: lastDay, why: 'no day was left to try anything else on' }
  const error = meanScaledError(actual, forecast, values, day)
  if (typeof error !== 'number') return { method: lastDay, why: error.because.replace(/\.$/, '') }
  return error < 1
    ? { method: holtWinters, why: `Holt-Winters was off by ${percent(error, 2)} of the change from day to day` }
    : { method: lastDay, why: `Holt-Winters was off by ${figure(error, '')} times the change from day to day, so repeating the last day is nearer` }
}

/** Few gaps are filled with the same hour of another day; the nearest that is known. */
const filled = (hours: Hours): number[] =>
  hours.map((value, at) => {
    if (value !== null) return value
    for (let distance = day; distance < hours.length; distance += day) {
      const other = hours[at - distance] ?? hours[at + distance]
      if (other !== undefined && other !== null) return other
    }
    return 0
  })

const refusal = (hours: Hours): Declined | undefined => {
  const gaps = hours.flatMap((value, at) => (value === null ? [at] : []))
  if (hours.length < 2 * day) return declined(`No forecast, because ${count(hours.length)} h exist and ${2 * day} h are needed.`)
  if (gaps.length > mostGaps * hours.length) {
    const named = gaps.slice(0, 5).map((at) => `hour ${count(at + 1)}`)
    return declined(
      `No forecast, because ${count(gaps.length)} of ${count(hours.length)} h are missing and ${percent(mostGaps)} may be: ${named.join(', ')}${gaps.length > named.length ? ' …' : ''}.`,
    )
  }
  return undefined
}

/**
 * @param steps hours to forecast, at most one period
 * @example forecastOf(hours).highest // 184000
 */
export const forecastOf = (hours: Hours, steps?: number): Forecast | Declined => {
  const refused = refusal(hours)
  if (refused !== undefined) return refused
  const values = filled(hours)
  const { method, why } = choose(values)
  const { name, period, next } = method
  if (steps !== undefined && steps > period)
    return declined(`No forecast of ${count(steps)} h, because a period has ${period} h and what follows it can't be held against anything.`)
  const { actual, forecast } = trials(values, method, name === 'Holt-Winters' ? 2 * day : period)
  const ratios = actual.flatMap((value, at) => ((forecast[at] as number) > 0 ? [value / (forecast[at] as number)] : []))
  const factor = conformalFactor(ratios)
  const expected = next(values, steps ?? period)
  const [highest, lowest] = [Math.max(...expected), Math.min(...expected)]
  const above = ratios.length === 0 ? null : mean(ratios.map((ratio) => (ratio > muchAbove ? 1 : 0)))
  const error = actual.length === 0 ? null : symmetricError(actual, forecast)
  const margin =
    typeof factor === 'number'
      ? `Hours that were forecast so were off by ${percent(error ?? 0, 2)} on the average, 19 of 20 came to at most ${figure(factor, '')} times their forecast, and ${percent(above ?? 0, 2)} were more than a fifth above it.`
      : factor.because
  return {
    declined: false,
    method: name,
    period,
    hours: expected,
    highest,
    lowest,
    factor,
    error,
    above,
    because: `${name === 'Holt-Winters' ? 'Holt-Winters' : `The ${name} once more`}, because ${why}: ${count(Math.round(highest))} requests in the highest hour to come, ${count(Math.round(lowest))} in the lowest. ${margin} No forecast knows of an event.`,
  }
}
