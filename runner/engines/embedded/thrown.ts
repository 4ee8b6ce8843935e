/** Keeps what journeys throw: the first few different errors, and how often each was seen. */
import type { Thrown } from './protocol.ts'

const mostDifferent = 50 // a message with an id in it is different every time

export class ThrownErrors {
  readonly #seen = new Map<string, { message: string; stack: string; count: number }>()

  add(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    const known = this.#seen.get(message)
    if (known) known.count += 1
    else if (this.#seen.size >= mostDifferent) this.#countAs('(other errors)', '')
    // Reading the stack maps it to the user's source, which costs milliseconds: once for each message.
    else this.#countAs(message, error instanceof Error ? (error.stack ?? '') : '')
  }

  /** What was seen since the last call. */
  take(): Thrown[] {
    const taken = [...this.#seen.values()].filter(({ count }) => count > 0).map((thrown) => ({ ...thrown }))
    for (const thrown of this.#seen.values()) thrown.count = 0
    return taken
  }

  #countAs(message: string, stack: string): void {
    const known = this.#seen.get(message)
    if (known) known.count += 1
    else this.#seen.set(message, { message, stack, count: 1 })
  }
}
