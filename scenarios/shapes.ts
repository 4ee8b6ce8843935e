/** The catalogue of load shapes. Each function takes rates and durations with units and returns plain data. */
import type { Arrivals, Segment, Shape } from './shape.ts'
import { type Duration, type PerSecond, rate as perSecondOf, type Rate, type Seconds, seconds } from './units.ts'

type Common = { readonly arrivals?: Arrivals }

const linear = (label: string, from: number, to: number, duration: Seconds): Segment => ({
  kind: 'linear',
  label,
  from: from as PerSecond,
  to: to as PerSecond,
  duration,
})
const hold = (label: string, rate: number, duration: Seconds): Segment => linear(label, rate, rate, duration)
const shape = (name: string, segments: readonly Segment[], { arrivals = 'uniform' }: Common): Shape => ({
  name,
  // A piece of no length carries no arrivals; leaving it out keeps every later loop free of a special case.
  segments: segments.filter((segment) => segment.duration > 0),
  arrivals,
})

/** The same rate throughout:  ▬▬▬▬ */
export const constant = (options: { readonly rate: Rate; readonly duration: Duration } & Common): Shape =>
  shape('constant', [hold('hold', perSecondOf(options.rate), seconds(options.duration))], options)

/** A straight line from one rate to another:  ▁▃▅▇ */
export const ramp = (options: { readonly from: Rate; readonly to: Rate; readonly duration: Duration } & Common): Shape =>
  shape('ramp', [linear('ramp', perSecondOf(options.from), perSecondOf(options.to), seconds(options.duration))], options)

/** One jump, kept:  ▁▁█████ */
export const step = (options: { readonly base: Rate; readonly to: Rate; readonly before: Duration; readonly hold: Duration } & Common): Shape =>
  shape('step', [hold('base', perSecondOf(options.base), seconds(options.before)), hold('step', perSecondOf(options.to), seconds(options.hold))], options)

/** Up to a rate, hold it, down again:  ▂▅████▅▂ */
export const plateau = (options: { readonly rate: Rate; readonly up: Duration; readonly hold: Duration; readonly down: Duration } & Common): Shape => {
  const rate = perSecondOf(options.rate)
  return shape(
    'plateau',
    [linear('ramp up', 0, rate, seconds(options.up)), hold('hold', rate, seconds(options.hold)), linear('ramp down', rate, 0, seconds(options.down))],
    options,
  )
}

/**
 * Equal stairs from one rate to another, each held equally long:  ▁▁▃▃▅▅▇▇
 * `steps` ≥ 2, a whole number; the first stair is `from`, the last one `to`.
 * @throws {RangeError} when `steps` is not a whole number ≥ 2
 */
export const staircase = (options: { readonly from: Rate; readonly to: Rate; readonly steps: number; readonly hold: Duration } & Common): Shape => {
  const { steps } = options
  if (!Number.isInteger(steps) || steps < 2)
    throw new RangeError(`A staircase of ${steps} steps can't be built. It has a whole number of steps, 2 at least. Write steps: 5.`)
  const [from, to] = [perSecondOf(options.from), perSecondOf(options.to)]
  const stairs = Array.from({ length: steps }, (_, stair) => from + ((to - from) * stair) / (steps - 1))
  return shape(
    'staircase',
    stairs.map((rate) => hold(`step ${Number(rate.toFixed(3))}/s`, rate, seconds(options.hold))),
    options,
  )
}

/** Base load, a sudden peak, and base load again to watch the recovery:  ▁▁████▁▁▁▁ */
export const spike = (
  options: {
    readonly base: Rate
    readonly peak: Rate
    /** Base load before the spike. @default '30s' */
    readonly before?: Duration
    /** How long the rate takes to climb. @default '5s' */
    readonly rise?: Duration
    /** How long the peak lasts. @default '60s' */
    readonly hold?: Duration
    /** How long the rate takes to fall. @default '5s' */
    readonly fall?: Duration
    /** Base load after the spike, in which the recovery is seen. @default '60s' */
    readonly recovery?: Duration
  } & Common,
): Shape => {
  const [base, peak] = [perSecondOf(options.base), perSecondOf(options.peak)]
  return shape(
    'spike',
    [
      hold('base', base, seconds(options.before ?? '30s')),
      linear('rise', base, peak, seconds(options.rise ?? '5s')),
      hold('peak', peak, seconds(options.hold ?? '60s')),
      linear('fall', peak, base, seconds(options.fall ?? '5s')),
      hold('recovery', base, seconds(options.recovery ?? '60s')),
    ],
    options,
  )
}

/**
 * A post goes viral: base load, a fast rise to `factor` × base, then an exponential fall back with the given half-life:  ▁▁█▆▄▃▂▂
 * `factor` ≥ 1.
 * @throws {RangeError} when `factor` is below 1
 */
export const viral = (
  options: {
    readonly base: Rate
    readonly factor: number
    readonly before?: Duration
    readonly rise?: Duration
    readonly halfLife?: Duration
    readonly tail?: Duration
  } & Common,
): Shape => {
  const { factor } = options
  if (!(factor >= 1)) throw new RangeError(`A viral peak of ${factor} times the base is no peak. The factor is a number of at least 1. Write factor: 20.`)
  const base = perSecondOf(options.base)
  const peak = base * factor
  return shape(
    'viral',
    [
      hold('base', base, seconds(options.before ?? '30s')),
      linear('rise', base, peak, seconds(options.rise ?? '20s')),
      {
        kind: 'decay',
        label: 'decay',
        from: peak as PerSecond,
        floor: base,
        tau: seconds(options.halfLife ?? '60s') / Math.LN2,
        duration: seconds(options.tail ?? '5m'),
      },
    ],
    options,
  )
}

/** Several shapes one after the other, as one. */
export const sequence = (...shapes: readonly [Shape, ...Shape[]]): Shape => ({
  name: 'custom',
  segments: shapes.flatMap((part) => part.segments),
  arrivals: shapes[0].arrivals,
})

/** The same shape with independent (Poisson) arrivals, as many users who don't know of each other make them. Embedded engine only. */
export const poisson = (even: Shape): Shape => ({ ...even, arrivals: 'poisson' })
