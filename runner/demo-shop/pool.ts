/** A bounded pool of connections to the shop's data: what makes the shop slow under load, and in the end refuse. */

/** No connection is free and as many queries wait as may. */
export class PoolFullError extends Error {
  constructor(readonly waiting: number) {
    super(`${waiting} queries are waiting for a connection already.`)
    this.name = 'PoolFullError'
  }
}

export type PoolState = {
  readonly size: number
  readonly used: number
  readonly waiting: number
  readonly queueLimit: number
  /** Queries done since the start. */
  readonly queries: number
  /** Queries turned away since the start. */
  readonly rejected: number
  /** Milliseconds that connections were in use since the start, all of them together. */
  readonly busy: number
}

/** Queries are served in the order they came; a query that has begun is finished even when nobody waits for it any more, as a database does. */
export class Pool {
  #size: number
  #queueLimit: number
  #used = 0
  #queries = 0
  #rejected = 0
  #busy = 0
  readonly #waiting: { readonly milliseconds: number; readonly done: () => void }[] = []

  constructor(size: number, queueLimit: number) {
    this.#size = size
    this.#queueLimit = queueLimit
  }

  /**
   * Resolves when a query of this length has been waited for and done.
   * @throws {PoolFullError} when it may not even wait
   */
  query(milliseconds: number): Promise<void> {
    if (this.#used >= this.#size && this.#waiting.length >= this.#queueLimit) {
      this.#rejected += 1
      return Promise.reject(new PoolFullError(this.#waiting.length))
    }
    return new Promise((done) => {
      if (this.#used < this.#size) this.#begin(milliseconds, done)
      else this.#waiting.push({ milliseconds, done })
    })
  }

  resize(size: number, queueLimit: number): void {
    this.#size = size
    this.#queueLimit = queueLimit
    this.#serveWaiting()
  }

  get state(): PoolState {
    return {
      size: this.#size,
      used: this.#used,
      waiting: this.#waiting.length,
      queueLimit: this.#queueLimit,
      queries: this.#queries,
      rejected: this.#rejected,
      busy: this.#busy,
    }
  }

  #begin(milliseconds: number, done: () => void): void {
    this.#used += 1
    setTimeout(() => {
      this.#used -= 1
      this.#queries += 1
      this.#busy += milliseconds
      this.#serveWaiting()
      done()
    }, milliseconds)
  }

  #serveWaiting(): void {
    while (this.#used < this.#size) {
      const next = this.#waiting.shift()
      if (!next) return
      this.#begin(next.milliseconds, next.done)
    }
  }
}
