/** Makes a run's arrivals add up: planned = started + dropped, whatever k6 did not count. */
import { arrivalsDue, durationOf, type Shape } from '../../../scenarios/shape.ts'
import type { SecondPart } from '../../timeline.ts'

const none = { completed: 0, failed: 0, interrupted: 0, unavailable: 0 }

type Tally = { started: number; dropped: number; completed: number }

export class Accounts {
  started = 0
  dropped = 0
  completed = 0
  failed = 0
  requests = 0
  /** Arrivals that fell due and vanished without a word of k6. */
  vanished = 0
  /** The latest second told of. */
  last = 0
  #planned = 0
  /** Seconds whose plan has been told. */
  #told = 0
  readonly #seconds = new Map<number, Tally>()

  constructor(
    private readonly shape: Shape,
    /** A pilot may raise them before the load. */
    public users: number,
  ) {}

  observe({ second, started = 0, dropped = 0, iterations, cells }: SecondPart): void {
    this.started += started
    this.dropped += dropped
    this.completed += iterations?.completed ?? 0
    this.failed += iterations?.failed ?? 0
    for (const cell of cells ?? []) this.requests += cell.count
    const tally = this.#seconds.get(second) ?? { started: 0, dropped: 0, completed: 0 }
    tally.started += started
    tally.dropped += dropped
    tally.completed += iterations?.completed ?? 0
    this.#seconds.set(second, tally)
    this.last = Math.max(this.last, second)
  }

  /** Plans of the seconds before `second`, those told before left out: told as late as the figures, so that a lost end plans nothing. */
  *plansBefore(second: number): Generator<SecondPart> {
    for (; this.#told < second && this.#told < durationOf(this.shape); this.#told++) yield* this.#plan(this.#told, this.#told + 1)
  }

  *#plan(from: number, until: number): Generator<SecondPart> {
    const planned = arrivalsDue(this.shape, from, Math.min(until, durationOf(this.shape)))
    this.#planned += planned
    if (planned > 0) yield { second: Math.floor(from), planned }
  }

  /**
   * What is left to tell at the end.
   * @param until seconds of the shape that were really offered: its whole length, the moment of the stop, or undefined when k6 was lost and
   *   nobody knows; then what was measured is what was planned
   */
  *settle(until: number | undefined): Generator<SecondPart> {
    const end = until === undefined ? undefined : Math.min(until, durationOf(this.shape))
    if (end !== undefined) {
      yield* this.plansBefore(Math.floor(end))
      if (this.#told < end) yield* this.#plan(this.#told, end)
    }
    const last = Math.min(this.last, Math.max(0, Math.ceil(durationOf(this.shape)) - 1))
    const missing = this.#planned - this.started - this.dropped
    // k6 and we may see a stop some milliseconds apart: what it started by then was due.
    if (missing < 0) yield { second: last, planned: -missing }
    if (missing > 0) {
      this.vanished = missing
      yield { second: last, dropped: missing }
    }
    const interrupted = this.started - this.completed
    if (interrupted > 0) yield { second: this.last, iterations: { ...none, interrupted } }
    yield* this.usersInUse()
  }

  /** k6 tells how many users there are, not how many work; what started and has not ended at the edges of a second does. */
  *usersInUse(): Generator<SecondPart> {
    let before = 0
    for (let second = 0; second <= this.last; second++) {
      const { started = 0, dropped = 0, completed = 0 } = this.#seconds.get(second) ?? {}
      const after = Math.max(0, before + started - completed)
      const most = dropped > 0 ? this.users : Math.min(this.users, Math.max(before, after, started > 0 ? 1 : 0))
      // Between the edges of a second nobody knows; halfway between them is right on average.
      if (most > 0) yield { second, users: most, userTime: { inUse: (before + after) / 2, held: 0 } }
      before = after
    }
  }
}
