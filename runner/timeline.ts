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
  // A map, because on a plain object a check named "constructor" or "__proto__" would find what was never counted.
  const sum = new Map(Object.entries(a))
  for (const [key, value] of Object.entries(b)) {
    const known = sum.get(key)
    sum.set(key, known === undefined ? value : add(known, value))
  }
  return Object.fromEntries(sum)
}
const mergeTwo = (a: Histogram, b: Histogram): Histogram => (a.count === 0 ? b : b.count === 0 ? a : merge([a, b]))

const addAll = (counts: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const sum = new Map<string, number>()
  for (const record of counts) for (const [key, value] of Object.entries(record)) sum.set(key, (sum.get(key) ?? 0) + value)
  return Object.fromEntries(sum)
}
const mergeAll = (histograms: readonly Histogram[]): Histogram => {
  const filled = histograms.filter((histogram) => histogram.count > 0)
  return filled.length > 1 ? merge(filled) : (filled[0] ?? empty)
}
/** Histograms by name, each name's merged in one go: an hour's seconds one after the other would sort the sum 3600 times. */
const mergeByName = (records: readonly Readonly<Record<string, Histogram>>[]): Record<string, Histogram> => {
  const byName = new Map<string, Histogram[]>()
  for (const record of records)
    for (const [name, histogram] of Object.entries(record)) {
      const known = byName.get(name)
      if (known) known.push(histogram)
      else byName.set(name, [histogram])
    }
  return Object.fromEntries([...byName].map(([name, histograms]) => [name, mergeAll(histograms)]))
}

const mergeAlike = (cells: readonly [Cell, ...Cell[]]): Cell => {
  const [first] = cells
  if (cells.length === 1) return first
  return {
    endpoint: first.endpoint,
    outcome: first.outcome,
    count: cells.reduce((sum, cell) => sum + cell.count, 0),
    statuses: addAll(cells.map((cell) => cell.statuses)),
    errors: addAll(cells.map((cell) => cell.errors)),
    responseTime: mergeAll(cells.map((cell) => cell.responseTime)),
    serviceTime: mergeAll(cells.map((cell) => cell.serviceTime)),
    setupTime: mergeAll(cells.map((cell) => cell.setupTime)),
  }
}
/** By the code of their characters, so that the order is the same in every locale. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Cells by endpoint and outcome, each once, in the order of the endpoints' names, successes before failures. */
export const mergeCells = (cells: Iterable<Cell>): Cell[] => {
  const byKey = new Map<string, [Cell, ...Cell[]]>()
  for (const cell of cells) {
    const key = `${cell.endpoint}\n${cell.outcome}`
    const known = byKey.get(key)
    if (known) known.push(cell)
    else byKey.set(key, [cell])
  }
  return [...byKey.values()].map(mergeAlike).sort((a, b) => byText(a.endpoint, b.endpoint) || byText(b.outcome, a.outcome))
}

/** Unknown only where neither says it. */
const addUserTime = ({ userTime: a }: Pick<TimelineSecond, 'userTime'>, { userTime: b }: SecondPart): Pick<TimelineSecond, 'userTime'> => {
  if (a === undefined || b === undefined) return a || b ? { userTime: a ?? b } : {}
  return { userTime: { inUse: a.inUse + b.inUse, held: a.held + b.held } }
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
  ...addUserTime(a, b),
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
  #last = -1

  add(part: SecondPart): void {
    this.#seconds.set(part.second, addParts(this.#seconds.get(part.second) ?? emptySecond(part.second), part))
    this.#last = Math.max(this.#last, part.second)
  }

  /** What is known so far of one second. */
  at(second: number): TimelineSecond {
    return this.#seconds.get(second) ?? emptySecond(second)
  }

  /** The latest second told of; -1 before the first. */
  get last(): number {
    return this.#last
  }

  /** Every second from 0 to the last one, those without events included. */
  seconds(): TimelineSecond[] {
    return Array.from({ length: this.last + 1 }, (_, second) => this.at(second))
  }
}

/** Sum over seconds; `second` is that of the first. */
export const totalOf = (seconds: readonly TimelineSecond[]): TimelineSecond => {
  const counted = seconds.reduce(
    (sum, { second: _, cells: _cells, lag: _lag, journeyTime: _journeyTime, groups: _groups, ...rest }) => addParts(sum, { ...rest, second: sum.second }),
    emptySecond(seconds[0]?.second ?? 0),
  )
  return {
    ...counted,
    lag: mergeAll(seconds.map((second) => second.lag)),
    journeyTime: mergeByName(seconds.map((second) => second.journeyTime)),
    groups: mergeByName(seconds.map((second) => second.groups)),
    cells: mergeCells(seconds.flatMap((second) => second.cells)),
  }
}
