/** What probes have read. Few values, so quantiles are those of few.ts. */
import type { Run, Series } from '../../runner/run.ts'
import { quantileOfFew } from '../../runner/stats/few.ts'
import type { Budget, Unit } from '../budget.ts'
import { exactly, type Measure } from './measure.ts'
import type { Part } from './part.ts'

/** Values of one series, in the unit of budgets. */
export type Readings = { readonly unit: Unit; readonly at: readonly number[]; readonly values: readonly (number | null)[] }

const foreign: Readonly<Record<string, readonly [unit: Unit, factor: number]>> = {
  ms: ['ms', 1],
  s: ['ms', 1000],
  us: ['ms', 0.001],
  '%': ['ratio', 0.01],
  ratio: ['ratio', 1],
  '/s': ['/s', 1],
}

const convert = ({ unit, at, values }: Series): Readings => {
  const [own, factor] = (Object.hasOwn(foreign, unit) ? foreign[unit] : undefined) ?? (['', 1] as const)
  return { unit: own, at, values: values.map((value) => (value === null ? null : value * factor)) }
}

const suffix = '.saturation'

/** A series by its name, or as `<name>.saturation` the share of its limit that is used. */
export const readingsOf = (run: Run, name: string): Readings | undefined => {
  const named = run.probes.find((series) => series.name === name)
  if (named !== undefined) return convert(named)
  const base = name.endsWith(suffix) ? run.probes.find((series) => series.name === name.slice(0, -suffix.length)) : undefined
  if (base === undefined || base.limit === null || base.limit === 0) return undefined
  const { limit } = base
  return { unit: 'ratio', at: base.at, values: base.values.map((value) => (value === null ? null : value / limit)) }
}

/** Names a budget may use for this run's probes. */
export const seriesNames = (run: Run): string[] =>
  run.probes.flatMap(({ name, limit }) => (limit === null || limit === 0 ? [name] : [name, `${name}${suffix}`]))

const quantiles: Readonly<Record<string, number>> = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }

/** `value`, the usual one, holds every reading to the limit. */
export const seriesMeasure = ({ unit, at, values }: Readings, { metric, stat = 'value', limit }: Budget): Measure => {
  const within = (part: Part): { readonly read: readonly number[]; readonly gaps: number } => {
    const inside = values.filter((_, index) => {
      const moment = at[index] ?? -1
      // A reading at the very end still belongs to the last part.
      return moment >= part.from && moment <= part.from + part.length
    })
    const read = inside.filter((value) => value !== null)
    return { read, gaps: inside.length - read.length }
  }
  const p = quantiles[stat]
  const worst = (read: readonly number[]): number => (limit.is === 'at_least' && stat === 'value' ? Math.min(...read) : Math.max(...read))
  const average = (read: readonly number[]): number => read.reduce((sum, value) => sum + value, 0) / read.length
  return {
    unit,
    words: stat === 'value' ? `${limit.is === 'at_most' ? 'highest' : 'lowest'} ${metric}` : `${stat} of ${metric}`,
    noun: 'reading',
    // Where more was missed than read, the worst moments may be among the missed ones.
    samples: (part) => {
      const { read, gaps } = within(part)
      return gaps > read.length ? 0 : read.length
    },
    needed: p === undefined ? 1 : Math.ceil(1 / (1 - p) - 1e-9),
    telling: 1,
    bounds: (part) => {
      const { read } = within(part)
      return exactly(p !== undefined ? quantileOfFew(read, p) : stat === 'mean' ? average(read) : worst(read))
    },
  }
}
