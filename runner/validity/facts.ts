/** What the rules of validity look at, and what several of them ask of it. */
import type { RunRecord, TimelineSecond } from '../run.ts'
import { type Milliseconds, merge } from '../stats/histogram.ts'
import { quantile } from '../stats/quantile.ts'

/** The counts of one second; its cells are in the totals. */
type SecondCounts = Pick<TimelineSecond, 'second' | 'planned' | 'started' | 'dropped' | 'users' | 'userTime'> & {
  /** Median response time of its successes; absent where there was none. */
  readonly p50?: Milliseconds
}

export type Facts = Pick<
  RunRecord,
  'load' | 'ending' | 'lag' | 'test' | 'engine' | 'endpoints' | 'iterations' | 'journeyTime' | 'probes' | 'caveats' | 'shape' | 'warmUp'
> & {
  readonly timeline: readonly SecondCounts[]
}

/** `code` is stable; `text` says what was found, what is sound, and what to do. */
export type Finding = { readonly state: 'SUSPECT' | 'INVALID'; readonly code: string; readonly text: string }

/** One family of rules. */
export type Rules = (facts: Facts) => readonly (Finding | undefined)[]

/** What a probe has read: gaps left out, `at` and `values` in step. */
export type Readings = { readonly at: readonly number[]; readonly values: readonly number[]; readonly limit: number | null; readonly unit: string }

export const readingsOf = ({ probes }: Pick<Facts, 'probes'>, name: string): Readings | undefined => {
  const series = probes.find((each) => each.name === name)
  if (series === undefined) return undefined
  const read = series.values.flatMap((value, index) => (value === null ? [] : [[series.at[index] ?? 0, value] as const]))
  if (read.length === 0) return undefined
  return { at: read.map(([at]) => at), values: read.map(([, value]) => value), limit: series.limit, unit: series.unit }
}

export const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Share of readings above a limit: of the time, as they are a second apart. */
export const shareAbove = ({ values }: Readings, limit: number): number => values.filter((value) => value > limit).length / values.length

/** Of all requests, failed ones too: a failure that came late was late for the same reasons. */
export const responseTimeAt = ({ endpoints }: Pick<Facts, 'endpoints'>, p: number): Milliseconds | undefined =>
  quantile(merge(endpoints.map((cell) => cell.responseTime)), p)

/** Its median is the time that a generator in trouble distorts last. */
export const serviceTimeAt = ({ endpoints }: Pick<Facts, 'endpoints'>, p: number): Milliseconds | undefined =>
  quantile(merge(endpoints.map((cell) => cell.serviceTime)), p)

export const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(2))} %`
export const milliseconds = (time: Milliseconds): string => `${time >= 100 ? Math.round(time) : Number(time.toPrecision(2))} ms`
export const figure = (value: number): string => String(Number(value.toPrecision(2)))
