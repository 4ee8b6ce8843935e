/** Adds up parts of one second, or seconds into a total: exact, and the same in whatever order they come. */
import type { Cell, TimelineSecond } from './run.ts'
import { HistogramSum } from './stats/histogram.ts'

/** A second may be told in several parts; what a part leaves out is nothing. */
export type SecondPart = Partial<TimelineSecond> & { readonly second: number }

type Counts = Map<string, number>
// Maps, because on a plain object a check named "constructor" or "__proto__" would find what was never counted.
type CellSum = { count: number; readonly statuses: Counts; readonly errors: Counts; readonly times: readonly [HistogramSum, HistogramSum, HistogramSum] }
type MetricSum = { readonly kind: 'counter'; sum: number } | { readonly kind: 'trend'; readonly values: HistogramSum }

const among = <V>(sums: Map<string, V>, name: string, fresh: () => V): V => {
  const known = sums.get(name)
  if (known !== undefined) return known
  const value = fresh()
  sums.set(name, value)
  return value
}
const newHistogramSum = (): HistogramSum => new HistogramSum()
const newCell = (): CellSum => ({ count: 0, statuses: new Map(), errors: new Map(), times: [new HistogramSum(), new HistogramSum(), new HistogramSum()] })

const increase = (counts: Counts, by: Readonly<Record<string, number>>): void => {
  for (const name of Object.keys(by)) counts.set(name, (counts.get(name) ?? 0) + (by[name] as number))
}
const totals = (sums: ReadonlyMap<string, HistogramSum>) => Object.fromEntries([...sums].map(([name, sum]) => [name, sum.total]))

/** By the code of their characters, so that the order is the same in every locale. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Cells by endpoint and outcome, each once. */
class CellsSum {
  readonly #outcomes = { success: new Map<string, CellSum>(), failure: new Map<string, CellSum>() } as const

  add({ endpoint, outcome, count, statuses, errors, responseTime, serviceTime, setupTime }: Cell): void {
    const sum = among(this.#outcomes[outcome], endpoint, newCell)
    sum.count += count
    increase(sum.statuses, statuses)
    increase(sum.errors, errors)
    sum.times[0].add(responseTime)
    sum.times[1].add(serviceTime)
    sum.times[2].add(setupTime)
  }

  /** In the order of the endpoints' names, successes before failures. */
  get total(): Cell[] {
    const endpoints = [...new Set([...this.#outcomes.success.keys(), ...this.#outcomes.failure.keys()])].sort(byText)
    return endpoints.flatMap((endpoint) => (['success', 'failure'] as const).flatMap((outcome) => this.#cell(endpoint, outcome)))
  }

  #cell(endpoint: string, outcome: Cell['outcome']): Cell[] {
    const sum = this.#outcomes[outcome].get(endpoint)
    if (sum === undefined) return []
    const [responseTime, serviceTime, setupTime] = [sum.times[0].total, sum.times[1].total, sum.times[2].total]
    const [statuses, errors] = [Object.fromEntries(sum.statuses), Object.fromEntries(sum.errors)]
    return [{ endpoint, outcome, count: sum.count, statuses, errors, responseTime, serviceTime, setupTime }]
  }
}

const newSums = () => ({
  userTime: undefined as TimelineSecond['userTime'],
  iterations: { completed: 0, failed: 0, interrupted: 0, unavailable: 0 },
  lag: new HistogramSum(),
  journeyTime: new Map<string, HistogramSum>(),
  cells: new CellsSum(),
  checks: new Map<string, { passed: number; failed: number }>(),
  groups: new Map<string, HistogramSum>(),
  metrics: new Map<string, MetricSum>(),
})

const addMetric = (sums: Map<string, MetricSum>, name: string, metric: TimelineSecond['metrics'][string]): void => {
  const sum = among(sums, name, (): MetricSum => (metric.kind === 'counter' ? { kind: 'counter', sum: 0 } : { kind: 'trend', values: new HistogramSum() }))
  if (metric.kind === 'counter' && sum.kind === 'counter') sum.sum += metric.sum
  if (metric.kind === 'trend' && sum.kind === 'trend') sum.values.add(metric.values)
}

const rank = { success: 0, failure: 1 } as const
const isBefore = (a: Cell, b: Cell): boolean => a.endpoint < b.endpoint || (a.endpoint === b.endpoint && rank[a.outcome] < rank[b.outcome])

/** A part that is what adding it up would make of it. */
const isTotal = (part: SecondPart): part is TimelineSecond => {
  const { planned, started, dropped, iterations, users, lag, journeyTime, cells, checks, groups, metrics, bytesReceived, bytesSent } = part
  const fields = [planned, started, dropped, iterations, users, lag, journeyTime, checks, groups, metrics, bytesReceived, bytesSent]
  return cells !== undefined && !fields.includes(undefined) && cells.every((cell, index) => index === 0 || isBefore(cells[index - 1] as Cell, cell))
}

const isCountsOnly = ({ iterations, userTime, lag, journeyTime, cells, checks, groups, metrics }: SecondPart): boolean =>
  !(iterations || userTime || lag || journeyTime || cells || checks || groups || metrics)

const withCounts = (
  total: TimelineSecond,
  { planned = 0, started = 0, dropped = 0, users = 0, bytesReceived = 0, bytesSent = 0 }: SecondPart,
): TimelineSecond => ({
  ...total,
  planned: total.planned + planned,
  started: total.started + started,
  dropped: total.dropped + dropped,
  users: Math.max(total.users, users),
  bytesReceived: total.bytesReceived + bytesReceived,
  bytesSent: total.bytesSent + bytesSent,
})

export class SecondSum {
  readonly #counts = { planned: 0, started: 0, dropped: 0, users: 0, bytesReceived: 0, bytesSent: 0 }
  /** Made with the first part that has more than counts: a day of empty seconds needs none of it. */
  #sums: ReturnType<typeof newSums> | undefined
  /** Everything so far; when it is all there ever was, nothing is added up. */
  #total: TimelineSecond | undefined
  #isOnlyTotal = false
  #isEmpty = true

  constructor(private readonly second: number) {}

  /** The part's own second does not matter. */
  add(part: SecondPart): void {
    const only = this.#isOnlyTotal ? this.#total : undefined
    if (only !== undefined && isCountsOnly(part)) {
      this.#total = withCounts(only, part)
      return
    }
    const isFirst = this.#isEmpty
    this.#isEmpty = false
    this.#isOnlyTotal = isFirst && isTotal(part)
    this.#total = this.#isOnlyTotal ? { ...(part as TimelineSecond), second: this.second } : undefined
    if (this.#isOnlyTotal) return
    if (only !== undefined) this.#enter(only)
    this.#enter(part)
  }

  #enter(part: SecondPart): void {
    const counts = this.#counts
    counts.planned += part.planned ?? 0
    counts.started += part.started ?? 0
    counts.dropped += part.dropped ?? 0
    counts.users = Math.max(counts.users, part.users ?? 0)
    counts.bytesReceived += part.bytesReceived ?? 0
    counts.bytesSent += part.bytesSent ?? 0
    if (!isCountsOnly(part)) this.#addNamed(part)
  }

  #addNamed({ iterations, userTime, lag, journeyTime = {}, cells = [], checks = {}, groups = {}, metrics = {} }: SecondPart): void {
    this.#sums ??= newSums()
    const sums = this.#sums
    if (iterations) for (const name of ['completed', 'failed', 'interrupted', 'unavailable'] as const) sums.iterations[name] += iterations[name]
    // Unknown only where no part says it.
    if (userTime) sums.userTime = { inUse: (sums.userTime?.inUse ?? 0) + userTime.inUse, held: (sums.userTime?.held ?? 0) + userTime.held }
    if (lag) sums.lag.add(lag)
    for (const [name, values] of Object.entries(journeyTime)) among(sums.journeyTime, name, newHistogramSum).add(values)
    for (const cell of cells) sums.cells.add(cell)
    for (const [name, { passed, failed }] of Object.entries(checks)) {
      const check = among(sums.checks, name, () => ({ passed: 0, failed: 0 }))
      check.passed += passed
      check.failed += failed
    }
    for (const [name, values] of Object.entries(groups)) among(sums.groups, name, newHistogramSum).add(values)
    for (const [name, metric] of Object.entries(metrics)) addMetric(sums.metrics, name, metric)
  }

  /** Everything added so far. */
  get total(): TimelineSecond {
    this.#total ??= this.#totalOf(this.#sums ?? newSums())
    return this.#total
  }

  #totalOf({ iterations, userTime, lag, journeyTime, cells, checks, groups, metrics }: ReturnType<typeof newSums>): TimelineSecond {
    const { planned, started, dropped, users, bytesReceived, bytesSent } = this.#counts
    return {
      second: this.second,
      planned,
      started,
      dropped,
      iterations: { ...iterations },
      users,
      ...(userTime && { userTime }),
      lag: lag.total,
      journeyTime: totals(journeyTime),
      cells: cells.total,
      checks: Object.fromEntries([...checks].map(([name, check]) => [name, { ...check }])),
      groups: totals(groups),
      metrics: Object.fromEntries(
        [...metrics].map(([name, metric]) => [name, metric.kind === 'counter' ? { ...metric } : { kind: 'trend', values: metric.values.total }]),
      ),
      bytesReceived,
      bytesSent,
    }
  }
}

export const emptySecond = (second: number): TimelineSecond => new SecondSum(second).total

/** Sum over seconds, or over parts of one; `second` is that of the first. */
export const totalOf = (seconds: Iterable<SecondPart>): TimelineSecond => {
  let sum: SecondSum | undefined
  for (const second of seconds) {
    sum ??= new SecondSum(second.second)
    sum.add(second)
  }
  return (sum ?? new SecondSum(0)).total
}
