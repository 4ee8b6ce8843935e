/**
 * How sure a percentile is within its own run: the moving-block bootstrap. Queueing correlates neighbouring answers, so whole
 * stretches of seconds are drawn again, and never single answers.
 * Sources: Künsch, The Jackknife and the Bootstrap for General Stationary Observations, 1989; Politis & White, Automatic Block-Length
 * Selection for the Dependent Bootstrap, 2004. It covers less than it says, and nothing about the next run; stats.md has the figures.
 */
import { randomFrom } from '../../scenarios/shape.ts'
import { type Declined, declined } from './few.ts'
import { type Histogram, type Milliseconds, midpoint, mostBuckets } from './histogram.ts'

export const repetitions = 2000 // draws; fewer make the 2.5 % limits themselves uncertain
const shortestBlock = 10 // seconds: several busy periods of an ordinary server
const fewestBlocks = 20
const mostBlocks = 360 // of an hour; a longer run has longer blocks, which cover more correlation and cost no more

/** What one second brought: its histograms, and how many samples that never ended, which are slower than every other. */
export type SecondOfSamples = { readonly histograms: readonly Histogram[]; readonly endless: number }

/** Of one second at a time; an hour of 50 endpoints is millions of additions. */
const scratch = new Float64Array(mostBuckets)

/** Where 95 % of the redrawn percentiles lie; Infinity where they lie among what never ended. */
export type Interval = { readonly low: Milliseconds; readonly high: Milliseconds; readonly level: 0.95; readonly kind: 'within-run' }

/**
 * Samples of a run's seconds, added one after the other, in order and without holes. Kept as counts up to each bucket in use, flat,
 * so that a threshold costs one binary search a second.
 */
export class SampledSeconds {
  readonly #starts: number[] = [0]
  readonly #buckets: number[] = []
  readonly #upTo: number[] = []
  readonly #all: number[] = []
  readonly #isUsed = new Uint8Array(mostBuckets)
  #min = Infinity
  #max = 0

  add({ histograms, endless }: SecondOfSamples): void {
    let [first, last] = [mostBuckets, -1]
    for (const { buckets, count, min, max } of histograms) {
      if (count === 0) continue
      for (let at = 0; at < buckets.length; at += 2) {
        const bucket = buckets[at] as number
        scratch[bucket] = (scratch[bucket] as number) + (buckets[at + 1] as number)
      }
      first = Math.min(first, buckets[0] as number)
      last = Math.max(last, buckets[buckets.length - 2] as number)
      this.#min = Math.min(this.#min, min)
      this.#max = Math.max(this.#max, max)
    }
    let sum = 0
    for (let bucket = first; bucket <= last; bucket++) {
      const count = scratch[bucket] as number
      if (count === 0) continue
      sum += count
      this.#buckets.push(bucket)
      this.#upTo.push(sum)
      this.#isUsed[bucket] = 1
      scratch[bucket] = 0
    }
    this.#all.push(sum + endless)
    this.#starts.push(this.#buckets.length)
  }

  /** Seconds. */
  get length(): number {
    return this.#all.length
  }

  /** Samples of each second, endless ones included. */
  get all(): Float64Array {
    return Float64Array.from(this.#all)
  }

  /** Buckets in use by any second, rising. */
  get used(): readonly number[] {
    return [...this.#isUsed.keys()].filter((bucket) => this.#isUsed[bucket] === 1)
  }

  valueOf(bucket: number): Milliseconds {
    return Math.min(this.#max, Math.max(this.#min, midpoint(bucket)))
  }

  /** Samples of one second in buckets up to `bucket`. */
  upTo(second: number, bucket: number): number {
    const start = this.#starts[second] as number
    let [low, high] = [start, this.#starts[second + 1] as number]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#buckets[middle] as number) <= bucket) low = middle + 1
      else high = middle
    }
    return low === start ? 0 : (this.#upTo[low - 1] as number)
  }
}

/** Sums of `length` neighbouring values, by the position of the first. */
const movingSums = (values: Float64Array, length: number): Float64Array => {
  const sums = new Float64Array(values.length - length + 1)
  let sum = 0
  for (let at = 0; at < values.length; at++) {
    sum += (values[at] as number) - (at >= length ? (values[at - length] as number) : 0)
    if (at >= length - 1) sums[at - length + 1] = sum
  }
  return sums
}

/** First positions of the blocks of all repetitions, one repetition after the other. */
const drawBlocks = (positions: number, perRepetition: number, seed: number): Int32Array => {
  const random = randomFrom(seed)
  return Int32Array.from({ length: repetitions * perRepetition }, () => Math.floor(random() * positions))
}

/** For each repetition, the sum of its blocks. */
const drawnSums = (draws: Int32Array, sums: Float64Array): Float64Array => {
  const perRepetition = draws.length / repetitions
  const drawn = new Float64Array(repetitions)
  for (let repetition = 0, at = 0; repetition < repetitions; repetition++) {
    let sum = 0
    for (const end = at + perRepetition; at < end; at++) sum += sums[draws[at] as number] as number
    drawn[repetition] = sum
  }
  return drawn
}

/** Why blocks of this series can't be drawn; undefined when they can. */
const refusalOf = (seconds: number, hasSamples: boolean): Declined | undefined => {
  const whole = Math.floor(seconds / shortestBlock)
  if (whole < fewestBlocks) return declined(`interval unknown, because ${seconds} s hold ${whole} blocks of ${shortestBlock} s and ${fewestBlocks} are needed`)
  return hasSamples ? undefined : declined('interval unknown, because nothing was measured')
}

/**
 * Interval of each percentile (0–1) of a run. ⌈T/L⌉ blocks of L seconds are drawn with the
 * seed and added up, {@link repetitions} times, for all percentiles alike.
 *
 * No repetition is built: whether its percentile lies at or below a bucket follows from its count up to that bucket, so the limit
 * is found by halving over the buckets. The answer is that of the plain way, to the last bit.
 *
 * @example blockBootstrap(seconds, [0.95], 1) // [{ low: 47.1, high: 52.3, level: 0.95, kind: 'within-run' }]
 */
export const blockBootstrap = (seconds: SampledSeconds, percentiles: readonly number[], seed: number): readonly Interval[] | Declined => {
  const { used } = seconds
  const refusal = refusalOf(seconds.length, used.length > 0)
  if (refusal !== undefined) return refusal
  const length = Math.max(shortestBlock, Math.ceil(seconds.length / mostBlocks))
  const draws = drawBlocks(seconds.length - length + 1, Math.ceil(seconds.length / length), seed)
  const all = drawnSums(draws, movingSums(seconds.all, length))
  const below = new Map<number, Float64Array>()
  const drawnUpTo = (bucket: number): Float64Array => {
    const known = below.get(bucket)
    if (known !== undefined) return known
    const inSeconds = Float64Array.from({ length: seconds.length }, (_, second) => seconds.upTo(second, bucket))
    const drawn = drawnSums(draws, movingSums(inSeconds, length))
    below.set(bucket, drawn)
    return drawn
  }
  /** Repetitions whose percentile p lies at or below a bucket. */
  const reaching = (p: number, bucket: number): number => {
    const drawn = drawnUpTo(bucket)
    let reached = 0
    for (let at = 0; at < repetitions; at++) if ((drawn[at] as number) >= Math.max(1, p * (all[at] as number) - 1e-6)) reached++
    return reached
  }
  const limit = (p: number, share: number): Milliseconds => {
    let [low, high] = [0, used.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (reaching(p, used[middle] as number) >= share * repetitions) high = middle
      else low = middle + 1
    }
    const bucket = used[low]
    return bucket === undefined ? Infinity : seconds.valueOf(bucket)
  }
  return percentiles.map((p) => ({ low: limit(p, 0.025), high: limit(p, 0.975), level: 0.95, kind: 'within-run' }))
}
