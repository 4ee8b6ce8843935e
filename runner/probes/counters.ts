/** Turns what a server counts since its start into what happened between two readings. */

/** Counters by name; undefined where this server does not count it. */
export type Counted = Readonly<Record<string, number | undefined>>

/** What came between two readings; null is unknown: there was no reading before, or the server began to count anew. */
export class Growth {
  constructor(
    private readonly before: Counted,
    private readonly now: Counted,
    /** Between the two; 0 when there was none before. */
    private readonly seconds: number,
  ) {}

  grown(name: string): number | null {
    const [from, to] = [this.before[name], this.now[name]]
    return from === undefined || to === undefined || to < from ? null : to - from
  }

  /** Per second. */
  rate(name: string): number | null {
    const growth = this.grown(name)
    return growth === null || this.seconds <= 0 ? null : growth / this.seconds
  }

  /** Share of the first counter in the sum of both; null also when neither has moved. */
  share(name: string, other: string): number | null {
    const [part, rest] = [this.grown(name), this.grown(other)]
    return part === null || rest === null || part + rest === 0 ? null : part / (part + rest)
  }
}

export class Counters {
  #before: { readonly at: number; readonly counted: Counted } | undefined

  /** @param now milliseconds on a clock that never jumps */
  constructor(private readonly now: () => number = () => performance.now()) {}

  since(counted: Counted): Growth {
    const before = this.#before
    const at = this.now()
    this.#before = { at, counted }
    return new Growth(before?.counted ?? {}, counted, before === undefined ? 0 : (at - before.at) / 1000)
  }
}
