/** What the terminal shows while load runs: one view, drawn from the seconds that have settled. */
import type { TimelineSecond } from './run.ts'
import { merge } from './stats/histogram.ts'
import { quantile } from './stats/quantile.ts'

const blocks = '▁▂▃▄▅▆▇█'

/** A line of blocks, the highest value at full height; a gap where there is no value. @example sparkline([1, 4, 8]) // '▁▄█' */
export const sparkline = (values: readonly (number | undefined)[]): string => {
  const most = Math.max(...values.map((value) => value ?? 0))
  return values.map((value) => (value === undefined ? ' ' : (blocks[Math.max(0, Math.ceil((value / (most || 1)) * blocks.length) - 1)] ?? blocks[0]))).join('')
}

/** Figures of the last seconds, as the live view and a log line tell them. */
export type Glimpse = {
  /** Completed requests per second, the last second. */
  readonly rate: number
  /** Milliseconds, over the last 5 s. */
  readonly p95: number | undefined
  readonly completed: number
  readonly failed: number
  readonly dropped: number
  /** Seconds of load still planned. */
  readonly left: number
  readonly rates: readonly number[]
}

const requests = (second: TimelineSecond): number => second.cells.reduce((sum, cell) => sum + cell.count, 0)
const failures = (second: TimelineSecond): number => second.cells.reduce((sum, cell) => sum + (cell.outcome === 'failure' ? cell.count : 0), 0)

/** Keeps sums as seconds come, so that a long run is not added up anew each time the view is drawn. */
export class LiveView {
  #completed = 0
  #failed = 0
  #dropped = 0
  #recent: TimelineSecond[] = []

  constructor(
    private readonly plannedSeconds: number,
    private readonly width = 30,
  ) {}

  /** A second that is not going to change any more. */
  add(second: TimelineSecond): void {
    this.#completed += requests(second)
    this.#failed += failures(second)
    this.#dropped += second.dropped
    this.#recent = [...this.#recent, second].slice(-this.width)
  }

  at(elapsed: number): Glimpse {
    const last = this.#recent.at(-1)
    const recent = merge(this.#recent.slice(-5).flatMap((second) => second.cells.filter((cell) => cell.outcome === 'success').map((cell) => cell.responseTime)))
    return {
      rate: last === undefined ? 0 : requests(last),
      p95: quantile(recent, 0.95),
      completed: this.#completed,
      failed: this.#failed,
      dropped: this.#dropped,
      left: Math.max(0, this.plannedSeconds - elapsed),
      rates: this.#recent.map(requests),
    }
  }
}
