/**
 * Quantiles, mean and maximum of times. Only successes have a time; a timeout is slower than all of them, and an arrival that
 * never started or was cut off may have taken anything, so each of its requests widens the bounds.
 * Source: Manski, Partial Identification of Probability Distributions, 2003.
 */
import type { Run, TimelineSecond } from '../../runner/run.ts'
import { type Histogram, merge } from '../../runner/stats/histogram.ts'
import { quantileBounds } from '../../runner/stats/quantile.ts'
import type { Stat, Unit } from '../budget.ts'
import { count, percent } from '../figure.ts'
import type { Bounds, Measure } from './measure.ts'
import { type Part, sumOf } from './part.ts'

/** Samples that each takes: below p95, 50 slower than the quantile; of a mean, enough that one outlier does not make it. */
const quantiles: Readonly<Partial<Record<Stat, { readonly p: number; readonly needed: number; readonly word: string }>>> = {
  p50: { p: 0.5, needed: 100, word: 'p50' },
  p75: { p: 0.75, needed: 200, word: 'p75' },
  p90: { p: 0.9, needed: 500, word: 'p90' },
  p95: { p: 0.95, needed: 1000, word: 'p95' },
  p99: { p: 0.99, needed: 10_000, word: 'p99' },
  p999: { p: 0.999, needed: 100_000, word: 'p99.9' },
  max: { p: 1, needed: 1, word: 'maximum' },
}
const neededForMean = 100

export type Times = {
  readonly stat: Stat
  readonly unit: Unit
  /** @example 'response time of POST /checkout' */
  readonly of: string
  readonly noun: string
  readonly histograms: (second: TimelineSecond) => readonly Histogram[]
  /** Samples of each arrival, which those that never started would have brought too; 0 where they would have brought none. */
  readonly perArrival: number
  /** Samples that each arrival cut off may have been waiting for. */
  readonly perCutOff: 0 | 1
  /** Known to be slower than every answer. */
  readonly endless: (second: TimelineSecond) => number
  /** Of unknown value for reasons of their own, such as the set-up time of a request that timed out. */
  readonly unknown?: (second: TimelineSecond) => number
}

/** Requests or the like for each arrival that got through: those of failed journeys stopped short and would make it too small. */
export const perArrivalOf = (run: Run, samples: number): number => {
  const gotThrough = run.iterations.completed - run.iterations.failed
  return samples / Math.max(1, gotThrough > 0 ? gotThrough : run.load.started)
}

const mean = (histogram: Histogram, missing: number, endless: number): Bounds => {
  if (endless > 0) return { lower: Infinity, upper: Infinity }
  const all = histogram.count + missing
  return { lower: all === 0 ? 0 : histogram.sum / all, upper: missing > 0 || all === 0 ? Infinity : histogram.sum / histogram.count }
}

const reasons = (part: Part, dropped: number, { perArrival, perCutOff }: Times): string => {
  const planned = sumOf(part, (second) => second.planned)
  const found = [
    ...(dropped > 0 && perArrival > 0 ? [`${count(dropped)} of ${count(planned)} arrivals (${percent(dropped / Math.max(1, planned), 2)}) never started`] : []),
    ...(part.pending > 0 && perCutOff > 0 ? [`${count(part.pending)} journeys were cut off`] : []),
  ]
  return found.length > 0 ? found.join(' and ') : 'some requests timed out before they were set up'
}

export const timesMeasure = (times: Times): Measure => {
  const { stat, unit, of, noun, histograms, perArrival, perCutOff } = times
  const quantile = quantiles[stat]
  const samples = (part: Part): number =>
    sumOf(part, (second) => histograms(second).reduce((sum, histogram) => sum + histogram.count, 0) + times.endless(second))
  return {
    unit,
    words: `${quantile?.word ?? 'mean'} of ${of}`,
    noun,
    samples,
    ...(quantile !== undefined &&
      quantile.p < 1 && {
        percentile: {
          p: quantile.p,
          samplesOf: (second) => ({
            histograms: histograms(second),
            endless: times.endless(second) + second.dropped * perArrival + second.iterations.interrupted * perCutOff + (times.unknown?.(second) ?? 0),
          }),
        },
      }),
    needed: quantile?.needed ?? neededForMean,
    telling: quantile === undefined ? 20 : quantile.p === 1 ? 1 : Math.ceil(5 / (1 - quantile.p) - 1e-9),
    bounds: (part) => {
      const histogram = merge(part.seconds.flatMap((second) => histograms(second)))
      const endless = sumOf(part, times.endless)
      const dropped = sumOf(part, (second) => second.dropped)
      const missing = Math.ceil(dropped * perArrival - 1e-9) + part.pending * perCutOff + sumOf(part, times.unknown ?? (() => 0))
      if (missing === 0) return quantile === undefined ? mean(histogram, 0, endless) : quantileBounds(histogram, quantile.p, 0, endless)
      const { lower, upper } = quantile === undefined ? mean(histogram, missing, endless) : quantileBounds(histogram, quantile.p, missing, endless)
      // What never came also spared the target its load, so more than half of a tail may not be missing.
      const tolerated = quantile === undefined ? 0 : (1 - quantile.p) / 2
      const isTooMuch = missing / (missing + histogram.count + endless) > tolerated
      return {
        lower,
        upper: isTooMuch ? Infinity : upper,
        doubt: `${reasons(part, dropped, times)}${isTooMuch && quantile !== undefined && quantile.p < 1 ? `, and ${quantile.word} tolerates ${percent(tolerated)}` : ''}`,
      }
    },
  }
}
