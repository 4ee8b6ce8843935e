/**
 * Ends what has not ended by itself in time. Nearly every request does, so taking one off must cost next to nothing:
 * things with the same time to live stand in one row, in the order of their deadlines, and each row has one timer.
 * Nothing ends early: Node's timers count from a clock that lags behind, so the time is looked at again.
 */
export type Limited = {
  /** Moment, in milliseconds on the clock of {@link Deadlines}. */
  readonly deadline: number
  before: Limited | undefined
  after: Limited | undefined
  /** Called once, when the deadline has come. */
  onLimit(): void
}

class Row implements Limited {
  deadline = Infinity
  before: Limited = this
  after: Limited = this
  timer: NodeJS.Timeout | undefined = undefined
  onLimit(): void {}
}

export class Deadlines {
  readonly #rows = new Map<number, Row>()

  constructor(private readonly now: () => number) {}

  /** @param left whole milliseconds from now until the deadline */
  add(limited: Limited, left: number): void {
    let row = this.#rows.get(left)
    if (row === undefined) {
      row = new Row()
      this.#rows.set(left, row)
    }
    limited.before = row.before
    limited.after = row
    row.before.after = limited
    row.before = limited
    if (row.timer === undefined) this.#wait(row, left, left)
  }

  remove(limited: Limited): void {
    const { before, after } = limited
    if (before === undefined || after === undefined) return
    before.after = after
    after.before = before
    limited.before = undefined
    limited.after = undefined
  }

  /** Nothing ends any more. */
  clear(): void {
    for (const row of this.#rows.values()) clearTimeout(row.timer)
    this.#rows.clear()
  }

  #wait(row: Row, left: number, time: number): void {
    row.timer = setTimeout(() => this.#check(row, left), Math.min(time, 2 ** 31 - 1)).unref()
  }

  #check(row: Row, left: number): void {
    for (let first = row.after; first !== row && first.deadline <= this.now(); first = row.after) {
      this.remove(first)
      first.onLimit()
    }
    if (row.after !== row) this.#wait(row, left, Math.max(1, Math.ceil(row.after.deadline - this.now())))
    else this.#rows.delete(left) // redirects leave odd remainders, each a row of its own
  }
}
