/** Adds up what an engine tells, in as many parts and in whatever order it comes, into seconds and totals. */
import type { Cell, TimelineSecond } from './run.ts'
import { empty, type Histogram, merge } from './stats/histogram.ts'

/** A second may be told in several parts; what a part leaves out is nothing. */
export type SecondPart = Partial<TimelineSecond> & { readonly second: number }

export const emptySecond = (second: number): TimelineSecond => ({
  second,
  planned: 0,
  started: 0,
  dropped: 0,
  iterations: { completed: 0, failed: 0, interrupted: 0, unavailable: 0 },
  users: 0,
  lag: empty,
  journeyTime: {},
  cells: [],
  checks: {},
  groups: {},
  metrics: {},
  bytesReceived: 0,
  bytesSent: 0,
})

const addRecords = <T>(a: Readonly<Record<string, T>>, b: Readonly<Record<string, T>>, add: (x: T, y: T) => T): Record<string, T> => {
  const sum: Record<string, T> = { ...a }
  for (const [key, value] of Object.entries(b)) sum[key] = key in sum ? add(sum[key] as T, value) : value
  return sum
}
const plus = (a: number, b: number): number => a + b
const mergeTwo = (a: Histogram, b: Histogram): Histogram => (a.count === 0 ? b : b.count === 0 ? a : merge([a, b]))

const addCells = (a: Cell, b: Cell): Cell => ({
  endpoint: a.endpoint,
  outcome: a.outcome,
  count: a.count + b.count,
  statuses: addRecords(a.statuses, b.statuses, plus),
  errors: addRecords(a.errors, b.errors, plus),
  responseTime: mergeTwo(a.responseTime, b.responseTime),
  serviceTime: mergeTwo(a.serviceTime, b.serviceTime),
  setupTime: mergeTwo(a.setupTime, b.setupTime),
})

/** Cells by endpoint and outcome, each once, in the order of the endpoints' names. */
export const mergeCells = (cells: Iterable<Cell>): Cell[] => {
  const byKey = new Map<string, Cell>()
  for (const cell of cells) {
    const key = `${cell.endpoint}\n${cell.outcome}`
    const known = byKey.get(key)
    byKey.set(key, known ? addCells(known, cell) : cell)
  }
  return [...byKey.values()].sort((a, b) => a.endpoint.localeCompare(b.endpoint) || b.outcome.localeCompare(a.outcome))
}

/** Exact sum of two parts of one second, or of seconds into a total. */
export const addParts = (a: TimelineSecond, b: SecondPart): TimelineSecond => ({
  second: a.second,
  planned: a.planned + (b.planned ?? 0),
  started: a.started + (b.started ?? 0),
  dropped: a.dropped + (b.dropped ?? 0),
  iterations: b.iterations
    ? {
        completed: a.iterations.completed + b.iterations.completed,
        failed: a.iterations.failed + b.iterations.failed,
        interrupted: a.iterations.interrupted + b.iterations.interrupted,
        unavailable: a.iterations.unavailable + b.iterations.unavailable,
      }
    : a.iterations,
  users: Math.max(a.users, b.users ?? 0),
  lag: b.lag ? mergeTwo(a.lag, b.lag) : a.lag,
  journeyTime: b.journeyTime ? addRecords(a.journeyTime, b.journeyTime, mergeTwo) : a.journeyTime,
  cells: b.cells && b.cells.length > 0 ? mergeCells([...a.cells, ...b.cells]) : a.cells,
  checks: b.checks ? addRecords(a.checks, b.checks, (x, y) => ({ passed: x.passed + y.passed, failed: x.failed + y.failed })) : a.checks,
  groups: b.groups ? addRecords(a.groups, b.groups, mergeTwo) : a.groups,
  metrics: b.metrics
    ? addRecords(a.metrics, b.metrics, (x, y) =>
        x.kind === 'counter' && y.kind === 'counter'
          ? { kind: 'counter', sum: x.sum + y.sum }
          : x.kind === 'trend' && y.kind === 'trend'
            ? { kind: 'trend', values: mergeTwo(x.values, y.values) }
            : x,
      )
    : a.metrics,
  bytesReceived: a.bytesReceived + (b.bytesReceived ?? 0),
  bytesSent: a.bytesSent + (b.bytesSent ?? 0),
})

export class Timeline {
  readonly #seconds = new Map<number, TimelineSecond>()

  add(part: SecondPart): void {
    this.#seconds.set(part.second, addParts(this.#seconds.get(part.second) ?? emptySecond(part.second), part))
  }

  /** What is known so far of one second. */
  at(second: number): TimelineSecond {
    return this.#seconds.get(second) ?? emptySecond(second)
  }

  get last(): number {
    return Math.max(-1, ...this.#seconds.keys())
  }

  /** Every second from 0 to the last one, those without events included. */
  seconds(): TimelineSecond[] {
    return Array.from({ length: this.last + 1 }, (_, second) => this.at(second))
  }
}

/** Sum over seconds; `second` is that of the first. */
export const totalOf = (seconds: readonly TimelineSecond[]): TimelineSecond => {
  const total = seconds.reduce((sum, part) => addParts(sum, { ...part, cells: [] }), emptySecond(seconds[0]?.second ?? 0))
  return { ...total, cells: mergeCells(seconds.flatMap((second) => second.cells)) }
}
