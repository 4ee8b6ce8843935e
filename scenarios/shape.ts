/**
 * A load shape is arithmetic: arrivals per second as a function of time, its integral, and the integral's inverse.
 * No clock, no randomness but a seeded one, no input or output; the same file runs in Node and inside k6.
 *
 * Convention: with A(t) the expected number of arrivals up to t, arrival n (0, 1, 2 …) is due when A(t) = n + ½,
 * and a shape plans round(A(end)) arrivals. So the first and the last instant carry none, whatever the shape
 * (but for a last one exactly at the end when A(end) ends in ½).
 */
import type { PerSecond, Seconds } from './units.ts'

/** One piece of a shape. `decay` falls from `from` towards `floor`: floor + (from − floor)·e^(−t/tau). */
export type Segment = { readonly label: string; readonly duration: Seconds } & (
  | { readonly kind: 'linear'; readonly from: PerSecond; readonly to: PerSecond }
  | { readonly kind: 'decay'; readonly from: PerSecond; readonly floor: PerSecond; readonly tau: Seconds }
)

/** `uniform`: evenly along the integral. `poisson`: independent arrivals with that rate, drawn from the run's seed. */
export type Arrivals = 'uniform' | 'poisson'

export type Shape = {
  /** The catalogue name (`spike`, `staircase`, …), or `custom`. */
  readonly name: string
  readonly segments: readonly Segment[]
  readonly arrivals: Arrivals
}

/** Length of the shape in seconds. @example durationOf(constant({ rate: '20/s', duration: '30s' })) // 30 */
export const durationOf = (shape: Shape): Seconds => shape.segments.reduce((sum, segment) => sum + segment.duration, 0)

const segmentRate = (segment: Segment, t: Seconds): number =>
  segment.kind === 'linear'
    ? segment.duration === 0
      ? segment.to
      : segment.from + ((segment.to - segment.from) * t) / segment.duration
    : segment.floor + (segment.from - segment.floor) * Math.exp(-t / segment.tau)

/** Arrivals expected in the first `t` seconds of a segment (0 ≤ t ≤ its duration). */
const segmentArea = (segment: Segment, t: Seconds): number =>
  segment.kind === 'linear'
    ? segment.duration === 0
      ? 0
      : segment.from * t + ((segment.to - segment.from) * t * t) / (2 * segment.duration)
    : segment.floor * t - (segment.from - segment.floor) * segment.tau * Math.expm1(-t / segment.tau)

/** The moment within a segment at which `area` arrivals have come. */
const segmentTimeOf = (segment: Segment, area: number): Seconds => {
  if (segment.kind === 'linear') {
    const slope = segment.duration === 0 ? 0 : (segment.to - segment.from) / segment.duration
    // 2a ÷ (r + √(r² + 2·slope·a)) is the quadratic's root in the form that does not cancel when the slope is small.
    const root = Math.sqrt(Math.max(0, segment.from * segment.from + 2 * slope * area))
    const divisor = segment.from + root
    return divisor === 0 ? 0 : Math.min(segment.duration, (2 * area) / divisor)
  }
  // A decaying rate has no elementary inverse: bisect between bounds, take Newton's step whenever it stays inside them.
  let low = 0
  let high = segment.duration
  let t = Math.min(high, area / Math.max(segment.from, 1e-12))
  for (let step = 0; step < 100 && high - low > 1e-12; step++) {
    const error = segmentArea(segment, t) - area
    if (Math.abs(error) < 1e-12) break
    if (error > 0) high = t
    else low = t
    const newton = t - error / Math.max(segmentRate(segment, t), 1e-12)
    t = newton > low && newton < high ? newton : (low + high) / 2
  }
  return t
}

/**
 * Arrivals per second at `t` seconds; a jump belongs to what follows it; 0 before the start and from the end on.
 * @example rateAt(spike({ base: '20/s', peak: '200/s' }), 0) // 20
 */
export const rateAt = (shape: Shape, t: Seconds): PerSecond => {
  if (t < 0) return 0 as PerSecond
  let start = 0
  for (const segment of shape.segments) {
    if (t < start + segment.duration) return segmentRate(segment, t - start) as PerSecond
    start += segment.duration
  }
  return 0 as PerSecond
}

const areaUntil = (shape: Shape, t: Seconds): number => {
  let start = 0
  let area = 0
  for (const segment of shape.segments) {
    if (t <= start) break
    area += segmentArea(segment, Math.min(t - start, segment.duration))
    start += segment.duration
  }
  return area
}

/**
 * Expected arrivals in [a, b), the exact integral of {@link rateAt}; not rounded, so that parts add up to the whole.
 * @example totalArrivals(ramp({ from: '0/s', to: '20/s', duration: '10s' }), 0, 10) // 100
 */
export const totalArrivals = (shape: Shape, a: Seconds = 0, b: Seconds = durationOf(shape)): number =>
  b <= a ? 0 : areaUntil(shape, b) - areaUntil(shape, Math.max(0, a))

/** Adding thousands of segments leaves an error of some 1e-12: without this, 199.999999 arrivals plan 199 at an edge. */
const rounding = 1e-9

/** Whole arrivals due in [a, b) with uniform arrivals; over adjacent intervals they add up to the plan exactly. */
export const arrivalsDue = (shape: Shape, a: Seconds = 0, b: Seconds = durationOf(shape)): number =>
  Math.floor(areaUntil(shape, b) + 0.5 + rounding) - Math.floor(areaUntil(shape, Math.max(0, a)) + 0.5 + rounding)

/**
 * The moment at which `area` arrivals are expected to have come: the inverse of the integral.
 * @throws {RangeError} when the shape ends before that many have come
 * @example timeOfArea(constant({ rate: '20/s', duration: '10s' }), 100) // 5
 */
export const timeOfArea = (shape: Shape, area: number): Seconds => {
  let start = 0
  let left = area
  for (const segment of shape.segments) {
    const whole = segmentArea(segment, segment.duration)
    if (left <= whole + rounding && whole > 0) return start + segmentTimeOf(segment, Math.min(left, whole))
    left -= whole
    start += segment.duration
  }
  throw new RangeError(`Arrival ${area} never comes: the shape "${shape.name}" has ${totalArrivals(shape)} arrivals in ${start} s. Ask for an earlier one.`)
}

/**
 * When arrival `n` (0-based) of a uniform shape is due, in seconds since the start.
 * @throws {RangeError} when the shape plans fewer arrivals
 * @example dueAt(constant({ rate: '20/s', duration: '10s' }), 0) // 0.025
 */
export const dueAt = (shape: Shape, n: number): Seconds => timeOfArea(shape, n + 0.5)

/**
 * Uniform pseudo-random numbers in [0, 1): mulberry32, 32 bits of state, the same sequence in Node and inside k6.
 * Good enough to draw arrival times and rows; not for secrets.
 */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * Every due time of a shape in order, as a generator, so that a day of arrivals costs no memory.
 * Uniform arrivals ignore the seed; Poisson arrivals are a unit-rate process drawn from it and mapped through the inverse.
 */
export function* schedule(shape: Shape, seed: number): Generator<Seconds, void, void> {
  const total = totalArrivals(shape)
  const random = randomFrom(seed)
  let start = 0
  let index = 0
  let areaBefore = 0
  let area = shape.arrivals === 'poisson' ? -Math.log(1 - random()) : 0.5
  while (area <= total + (shape.arrivals === 'uniform' ? rounding : 0)) {
    let segment = shape.segments[index]
    while (segment !== undefined) {
      const whole = segmentArea(segment, segment.duration)
      if (area - areaBefore <= whole && whole > 0) break
      if (index === shape.segments.length - 1) break
      areaBefore += whole
      start += segment.duration
      index += 1
      segment = shape.segments[index]
    }
    if (segment === undefined) return
    yield start + segmentTimeOf(segment, Math.min(area - areaBefore, segmentArea(segment, segment.duration)))
    area += shape.arrivals === 'poisson' ? -Math.log(1 - random()) : 1
  }
}

/** Whole arrivals of the shape: fixed for uniform arrivals, drawn from the seed for Poisson ones. */
export const plannedArrivals = (shape: Shape, seed: number): number => {
  if (shape.arrivals === 'uniform') return arrivalsDue(shape)
  let count = 0
  for (const _ of schedule(shape, seed)) count += 1
  return count
}

/** Highest rate of the shape. */
export const peakRate = (shape: Shape): PerSecond =>
  shape.segments.reduce((peak, segment) => Math.max(peak, segment.from, segment.kind === 'linear' ? segment.to : segment.floor), 0) as PerSecond
