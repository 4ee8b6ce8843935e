/** What probes have read. Few values, so quantiles are those of few.ts. */
import { quantileOfFew } from '../../runner/stats/few.ts'
import type { Budget } from '../budget.ts'
import { countOf } from '../figure.ts'
import type { Readings } from '../readings.ts'
import { exactly, type Measure } from './measure.ts'
import type { Part } from './part.ts'

export const quantiles: Readonly<Record<string, number>> = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }

/** Index of the first moment that lies after `moment`; `at` rises. */
const firstAfter = (at: readonly number[], moment: number): number => {
  let [low, high] = [0, at.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) > moment) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Those of a part. What is read as it begins tells of what was before, but at the very start of the load; what is read as it ends
 * tells of the part.
 */
export const within = (
  { at, values }: Pick<Readings, 'at' | 'values'>,
  { from, length }: Part,
): { readonly read: readonly number[]; readonly gaps: number } => {
  const inside = values.slice(from === 0 ? 0 : firstAfter(at, from), firstAfter(at, from + length))
  const read = inside.filter((value) => value !== null)
  return { read, gaps: inside.length - read.length }
}

/** Where more was missed than read, the worst moments may be among the missed ones. */
const isMostlyMissed = ({ read, gaps }: ReturnType<typeof within>): boolean => gaps > read.length

/** `value`, the usual one, holds every reading to the limit. */
export const seriesMeasure = (readings: Readings, { metric, stat = 'value', limit, per }: Budget): Measure => {
  const p = quantiles[stat]
  const needed = p === undefined ? 1 : Math.ceil(1 / (1 - p) - 1e-9)
  const worst = (read: readonly number[]): number => (limit.is === 'at_least' && stat === 'value' ? Math.min(...read) : Math.max(...read))
  const average = (read: readonly number[]): number => read.reduce((sum, value) => sum + value, 0) / read.length
  return {
    unit: readings.unit,
    words: stat === 'value' ? `${limit.is === 'at_most' ? 'highest' : 'lowest'} ${metric}` : `${stat} of ${metric}`,
    noun: 'reading',
    samples: (part) => {
      const found = within(readings, part)
      return isMostlyMissed(found) ? 0 : found.read.length
    },
    needed,
    shortage: (part) => {
      const found = within(readings, part)
      const { read, gaps } = found
      if (gaps > 0 && isMostlyMissed(found))
        return `${gaps} of ${countOf(read.length + gaps, 'reading')} were missed, and the worst moments may be among them: the caveats say why`
      const rest = needed > 1 ? `: ${per === 'step' ? 'hold each step' : 'run'} longer, or write "stat": "max"` : ''
      return `${countOf(read.length, 'reading')} ${read.length === 1 ? 'was' : 'were'} made and at least ${needed} ${needed === 1 ? 'is' : 'are'} needed${rest}`
    },
    telling: 1,
    firstOver: (passes) => {
      const index = readings.values.findIndex((value) => value !== null && !passes(value))
      return readings.at[index] ?? null
    },
    bounds: (part) => {
      const { read } = within(readings, part)
      return exactly(p !== undefined ? quantileOfFew(read, p) : stat === 'mean' ? average(read) : worst(read))
    },
  }
}
