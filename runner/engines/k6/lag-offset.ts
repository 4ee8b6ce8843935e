/**
 * What k6's lags have too much, found out from what k6 tells: the constant of {@link lowered}, and one more step for each dropped arrival.
 *
 * Inside k6 the due time comes from the number of the iteration, and k6 numbers only what it starts: after d drops every lag is longer by
 * the time in which d arrivals fall due. k6 tells its drops second by second, so that time is known: exactly in seconds without a drop of
 * their own, and up to the time of that second's own drops in the others, where the lag comes out too long and never too short.
 */
import { arrivalsDue, dueAt, type Shape } from '../../../scenarios/shape.ts'
import type { Milliseconds } from '../../stats/histogram.ts'
import { names } from './metric-names.ts'
import type { MetricSeries } from './metric-set.ts'
import { lowered, loweredEach } from './offset.ts'
import type { LagOffset } from './translate.ts'

export class LagTracker implements LagOffset {
  #constant = Infinity
  readonly #drops = new Map<number, number>()
  /** By second; only until k6 tells more drops. */
  readonly #dropTimes = new Map<number, Milliseconds>()
  #firstDrop = Infinity
  #uncertain = 0

  constructor(
    private readonly shape: Shape,
    private readonly start: number,
  ) {}

  /** Looks through a push before it is translated, because its entries are in no order. */
  observe(series: readonly MetricSeries[]): void {
    for (const { metric, samples } of series) {
      if (metric !== 'dropped_iterations') continue
      for (const sample of samples) {
        if (sample.kind !== 'counter') continue
        const second = sample.time - this.start
        this.#drops.set(second, (this.#drops.get(second) ?? 0) + sample.sum)
        this.#dropTimes.clear()
        this.#firstDrop = Math.min(this.#firstDrop, second)
      }
    }
    for (const { metric, samples } of series) {
      if (metric !== names.lag) continue
      for (const sample of samples) {
        if (sample.kind !== 'trend' || sample.values.count === 0) continue
        // Up to the first drop a lag says the constant exactly; later ones serve only when there is nothing else.
        if (sample.time - this.start > this.#firstDrop && Number.isFinite(this.#constant)) continue
        this.#constant = Math.min(this.#constant, Math.max(0, sample.values.min - this.#dropTime(sample.time - this.start)))
      }
    }
  }

  /** Milliseconds between k6's start of the scenario and of its schedule; the smallest lag of all is taken for it. */
  get constant(): Milliseconds {
    return Number.isFinite(this.#constant) ? this.#constant : 0
  }

  get firstDrop(): number | undefined {
    return Number.isFinite(this.#firstDrop) ? this.#firstDrop : undefined
  }

  /** Milliseconds by which a lag may have come out too long, at most. */
  get uncertainty(): Milliseconds {
    return this.#uncertain
  }

  at(second: number): Milliseconds {
    const own = this.#drops.get(second) ?? 0
    const before = this.#dropTime(second)
    if (own > 0) this.#uncertain = Math.max(this.#uncertain, this.#timeOf(second, this.#dropsBefore(second) + own) - before)
    // A bucket that was moved far keeps the width it had there.
    this.#uncertain = Math.max(this.#uncertain, 0.0039 * before)
    return this.constant + before
  }

  readonly lower: LagOffset['lower'] = (histogram, second) => lowered(histogram, this.at(second))

  readonly lowerEnded: LagOffset['lowerEnded'] = (histogram, second) => {
    if (second <= this.#firstDrop) return this.lower(histogram, second)
    this.at(second) // for what remains uncertain
    return loweredEach(histogram, (value) => this.#ofEnded(value, second))
  }

  /**
   * A time that ended in this second began that much before, and counts the drops until then: one that hung while others were dropped
   * was numbered before them. As k6 shows it, it is too long by what is sought; so the search begins too early, with too few drops, and
   * comes closer from below. What can't be told apart comes out too long.
   */
  #ofEnded(value: Milliseconds, second: number): Milliseconds {
    const offsetFor = (time: Milliseconds): Milliseconds => this.constant + this.#dropTime(Math.max(0, Math.floor(second - time / 1000)))
    let offset = offsetFor(value)
    for (let next = offsetFor(value - offset); next > offset; next = offsetFor(value - offset)) offset = next
    this.#uncertain = Math.max(this.#uncertain, this.constant + this.#dropTime(second) - offset)
    return offset
  }

  #dropsBefore(second: number): number {
    let sum = 0
    for (const [at, drops] of this.#drops) if (at < second) sum += drops
    return sum
  }

  #dropTime(second: number): Milliseconds {
    if (second <= this.#firstDrop) return 0
    const known = this.#dropTimes.get(second)
    if (known !== undefined) return known
    const time = this.#timeOf(second, this.#dropsBefore(second))
    this.#dropTimes.set(second, time)
    return time
  }

  /** Time in which the last `drops` arrivals before the middle of a second fell due. */
  #timeOf(second: number, drops: number): Milliseconds {
    if (drops <= 0) return 0
    const due = arrivalsDue(this.shape, 0, second + 0.5)
    const last = Math.max(0, Math.min(due, arrivalsDue(this.shape)) - 1)
    return 1000 * (dueAt(this.shape, last) - dueAt(this.shape, Math.max(0, last - drops)))
  }
}
