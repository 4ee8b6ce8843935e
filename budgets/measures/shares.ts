/** Counted things: shares of requests, journeys, checks and arrivals, and rates per second. Exact, but for journeys that were cut off. */
import type { Cell, TimelineSecond } from '../../runner/run.ts'
import type { Stat } from '../budget.ts'
import { countOf } from '../figure.ts'
import { exactly, type Measure } from './measure.ts'
import { type Part, sumOf } from './part.ts'

export type CellFilter = (cell: Cell) => boolean

const cellsSum = (part: Part, keep: CellFilter): number => sumOf(part, ({ cells }) => cells.reduce((sum, cell) => sum + (keep(cell) ? cell.count : 0), 0))
const share = (some: number, all: number): number => (all === 0 ? 0 : some / all)

/** Failed ÷ completed requests. */
export const errorRate = (words: string, keep: CellFilter): Measure => ({
  unit: 'ratio',
  words,
  noun: 'completed request',
  samples: (part) => cellsSum(part, keep),
  needed: 1,
  telling: 1,
  bounds: (part) =>
    exactly(
      share(
        cellsSum(part, (cell) => keep(cell) && cell.outcome === 'failure'),
        cellsSum(part, keep),
      ),
    ),
})

/** Successful answers per second. No second is to blame for too few: they follow the load. */
export const throughput = (words: string, keep: CellFilter): Measure => ({
  unit: '/s',
  words,
  noun: 'completed request',
  samples: (part) => cellsSum(part, keep),
  needed: 1,
  telling: undefined,
  bounds: (part) =>
    exactly(
      share(
        cellsSum(part, (cell) => keep(cell) && cell.outcome === 'success'),
        part.length,
      ),
    ),
})

/**
 * Arrivals whose journey got through without a connection failure, a timeout or a 5xx ÷ arrivals planned. A dropped arrival did not
 * get through; of one that was cut off nobody knows. In a window, ÷ the journeys that ended or were dropped in it: those planned
 * in it may end later.
 */
export const availability = (): Measure => {
  const ended = (part: Part): number => sumOf(part, ({ iterations, dropped }) => iterations.completed + dropped) + part.pending
  return {
    unit: 'ratio',
    words: 'availability',
    noun: 'arrival',
    samples: ended,
    needed: 1,
    telling: 1,
    bounds: (part) => {
      const sound = sumOf(part, ({ iterations }) => Math.max(0, iterations.completed - iterations.unavailable))
      const bounds = { lower: share(sound, ended(part)), upper: share(sound + part.pending, ended(part)) }
      return part.pending === 0 ? bounds : { ...bounds, doubt: `${countOf(part.pending, 'journey')} ${part.pending === 1 ? 'was' : 'were'} cut off` }
    },
  }
}

/** Passed ÷ made; of one check, or of all. */
export const checks = (words: string, name: string | undefined): Measure => {
  const sum = (part: Part, value: (check: TimelineSecond['checks'][string]) => number): number =>
    sumOf(part, (second) => Object.entries(second.checks).reduce((all, [key, check]) => all + (name === undefined || key === name ? value(check) : 0), 0))
  const made = (part: Part): number => sum(part, ({ passed, failed }) => passed + failed)
  return {
    unit: 'ratio',
    words,
    noun: 'check',
    samples: made,
    needed: 1,
    telling: 1,
    bounds: (part) =>
      exactly(
        share(
          sum(part, ({ passed }) => passed),
          made(part),
        ),
      ),
  }
}

/** Dropped ÷ planned arrivals, or their number. */
export const dropped = (stat: Stat): Measure => {
  const planned = (part: Part): number => sumOf(part, (second) => second.planned)
  const lost = (part: Part): number => sumOf(part, (second) => second.dropped)
  return {
    unit: stat === 'count' ? 'count' : 'ratio',
    words: stat === 'count' ? 'number of dropped arrivals' : 'share of dropped arrivals',
    noun: 'arrival',
    samples: planned,
    needed: 1,
    telling: stat === 'count' ? undefined : 1,
    bounds: (part) => exactly(stat === 'count' ? lost(part) : share(lost(part), planned(part))),
  }
}
