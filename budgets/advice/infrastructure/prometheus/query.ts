/** What Prometheus is asked for a figure, what that assumes, and series that make it have a value, for the rules' own tests. */
import type { Alert } from '../../recommendation.ts'

export type InputSeries = { readonly series: string; readonly values: string }

export type Query = {
  readonly expression: string
  /** A sentence: which exporter's names these are. */
  readonly assumes: string
  /** Series of half a minute each with which the expression is about that value; undefined: only its own recording rule can be fed. */
  readonly feed: ((value: number) => readonly InputSeries[]) | undefined
}

/** One way of measuring a service: a query for each figure, or why there is none. */
export type Names = (alert: Alert) => Query | { readonly without: string }

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')

/** A string of PromQL. @example quoted('a"b') // '"a\\"b"' */
export const quoted = (text: string): string => `"${escaped(text)}"`

/** A string that a regular expression takes literally. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** @example matching({ namespace: 'shop' }, 'pod=~"a.+"') // '{namespace="shop",pod=~"a.+"}' */
export const matching = (labels: Readonly<Record<string, string>>, ...others: readonly string[]): string =>
  `{${[...Object.entries(labels).map(([name, value]) => `${name}=${quoted(value)}`), ...others].join(',')}}`

const step = 30 // seconds between two points of a test
const points = 120

/** A counter that grows by so much a second. */
export const growing = (series: string, perSecond: number): InputSeries => ({ series, values: `0+${Number((perSecond * step).toPrecision(9))}x${points}` })

export const steady = (series: string, value: number): InputSeries => ({ series, values: `${Number(value.toPrecision(9))}x${points}` })

/** Window of a rate: four scrapes of half a minute. */
export const over = '[2m]'
