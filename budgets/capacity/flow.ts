/** How arrivals flow through the target: cumulative curves of what started and what ended, kept as seconds come. */
import type { Seconds as Timeline } from '../../runner/run.ts'
import type { Seconds } from '../../scenarios/units.ts'

/** Value of a cumulative curve between whole seconds, as if events came evenly within one. */
const interpolate = (curve: readonly number[], t: Seconds): number => {
  if (t <= 0) return 0
  const last = curve.length - 1
  if (t >= last) return curve[last] ?? 0
  const [low, high] = [curve[Math.floor(t)] ?? 0, curve[Math.floor(t) + 1] ?? 0]
  return low + (high - low) * (t - Math.floor(t))
}

export class Flow {
  /** At index t: how many in the seconds before t. */
  readonly #started = [0]
  readonly #ended = [0]
  readonly #good = [0]

  /** Takes in the seconds up to `until`; those it knows already are not looked at again. A second that is not there had no events. */
  extend(seconds: Timeline, until: Seconds): void {
    for (let second = this.#started.length - 1; second < until; second++) {
      const told = seconds.at(second)
      const completed = told?.iterations.completed ?? 0
      this.#started.push((this.#started[second] ?? 0) + (told?.started ?? 0))
      this.#ended.push((this.#ended[second] ?? 0) + completed)
      this.#good.push((this.#good[second] ?? 0) + completed - (told?.iterations.failed ?? 0))
    }
  }

  started(from: Seconds, until: Seconds): number {
    return interpolate(this.#started, until) - interpolate(this.#started, from)
  }

  /** Journeys that reached their end without failing. */
  good(from: Seconds, until: Seconds): number {
    return interpolate(this.#good, until) - interpolate(this.#good, from)
  }

  /**
   * Seconds an arrival spends in the system at time t, think time included: how long ago as many had started as have ended by now.
   * First in, first out, so with journeys of different lengths it is their mean.
   */
  delay(t: Seconds): Seconds {
    const ended = interpolate(this.#ended, t)
    let second = Math.min(Math.floor(t), this.#started.length - 1)
    while (second > 0 && (this.#started[second] ?? 0) > ended) second -= 1
    const [low, high] = [this.#started[second] ?? 0, this.#started[second + 1] ?? 0]
    const moment = high > low ? second + (ended - low) / (high - low) : second + 1
    return Math.max(0, t - moment)
  }
}
