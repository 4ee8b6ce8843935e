/**
 * Starts arrivals when they are due, whatever the answers do.
 *
 * Waits of half a millisecond and more are left to a timer, which Node keeps in whole milliseconds; aimed at the nearest one it wakes
 * at most half a millisecond early or late, and only an early one is spun away, an eighth of a millisecond on average. Shorter waits are
 * spun with setImmediate, which lets answers in at every turn: from about 2,000 arrivals a second on, the thread is never idle.
 */
import type { Milliseconds } from '../../stats/histogram.ts'

/** Arrivals started in one turn of the event loop: after a stall answers must get their turn too, or we would slow them down ourselves. */
const mostAtOnce = 32

const wakeUp = 0.1 // milliseconds that a timer takes to get through

export type Arrival = { readonly number: number; readonly due: Milliseconds }

export class Scheduler {
  #next: Arrival | undefined
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  readonly #arrivals: Iterator<Arrival, void, void>

  /** @param onEnd called once, when no arrival is left and `end` has come, unless it is stopped before */
  constructor(
    arrivals: Iterable<Arrival, void, void>,
    private readonly end: Milliseconds,
    private readonly now: () => Milliseconds,
    private readonly onArrival: (arrival: Arrival, now: Milliseconds) => void,
    private readonly onEnd: () => void,
  ) {
    this.#arrivals = arrivals[Symbol.iterator]()
    this.#take()
  }

  start(): void {
    this.#turn()
  }

  /** No arrivals from now on; those that fell due before it and have not been started yet go to `late`. */
  stop(late: (arrival: Arrival, now: Milliseconds) => void): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    const now = this.now()
    for (let arrival = this.#next; arrival !== undefined && arrival.due <= now; arrival = this.#take()) late(arrival, now)
    this.#next = undefined
  }

  #take(): Arrival | undefined {
    const { done, value } = this.#arrivals.next()
    this.#next = done ? undefined : value
    return this.#next
  }

  readonly #turn = (): void => {
    let now = this.now()
    for (let started = 0; this.#next !== undefined && this.#next.due <= now; started++) {
      if (started === mostAtOnce) {
        this.#immediate = setImmediate(this.#turn)
        return
      }
      const arrival = this.#next
      this.#take()
      this.onArrival(arrival, now)
      now = this.now()
    }
    if (this.#next === undefined && now >= this.end) this.onEnd()
    else this.#wait((this.#next?.due ?? this.end) - now)
  }

  #wait(time: Milliseconds): void {
    const whole = Math.round(time - wakeUp)
    // Half an hour at once: a timer longer than 24.8 days would fire immediately.
    if (whole >= 1) this.#timer = setTimeout(this.#turn, Math.min(whole, 1_800_000))
    else this.#immediate = setImmediate(this.#turn)
  }
}
