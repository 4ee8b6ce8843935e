/** Throughput against connections, on an axis where each doubling is one step: what was measured, and the scalability law where it fits. */
import { type CurvePoint, scalabilityCurve } from '../../budgets/capacity/scalability-fit.ts'
import { count, rate } from '../format.ts'
import type { Report } from '../report.ts'
import { sweepCells, sweepHeads } from '../sweep.ts'
import { type Chart, configOf, type Line, line, overNumbers, rounded } from './chart.ts'

type Level = NonNullable<Report['sweep']>['levels'][number]

const edge = { borderWidth: 1, borderDash: [4, 3], pointRadius: 0 } as const

/** Values at those loads that have one, and gaps at the others. */
const along = <T>(loads: readonly number[], points: ReadonlyMap<number, T>, value: (point: T) => number | null): (number | null)[] =>
  loads.map((load) => {
    const point = points.get(load)
    return point === undefined ? null : rounded(value(point))
  })

const measured = (loads: readonly number[], levels: readonly Level[], isOnlyPoints: boolean): Line[] => {
  const at = new Map(levels.map((level) => [level.connections, level]))
  const values = (of: 'mean' | 'low' | 'high') => along(loads, at, ({ throughput }) => throughput?.[of] ?? null)
  const marks = isOnlyPoints ? { showLine: false, pointRadius: 4, clip: 8 } : { pointRadius: 3 }
  const ends = isOnlyPoints ? ({ showLine: false, pointRadius: 5, pointStyle: 'line' } as const) : edge
  return [
    line('throughput', 'succeeded', values('mean'), marks),
    line('lower end of its 95 % interval', 'planned', values('low'), ends),
    line('upper end', 'planned', values('high'), ends),
  ]
}

const fitted = (loads: readonly number[], curve: readonly CurvePoint[]): Line[] => {
  const at = new Map(curve.map((point) => [point.load, point]))
  return [
    line(
      'scalability law',
      'started',
      along(loads, at, ({ throughput }) => throughput),
      { pointRadius: 0 },
    ),
    line(
      'where about 90 % of redrawn laws lie',
      'started',
      along(loads, at, ({ low }) => low),
      edge,
    ),
    line(
      'their upper end',
      'started',
      along(loads, at, ({ high }) => high),
      edge,
    ),
  ]
}

/** `undefined` when the run is no sweep, or no level of it has a throughput. */
export const sweepChart = ({ sweep, capacity, run }: Report): Chart | undefined => {
  const levels = sweep?.levels.filter(({ throughput }) => throughput !== null) ?? []
  const [first, last] = [levels[0], levels.at(-1)]
  if (sweep === undefined || first === undefined || last === undefined) return undefined
  const law = capacity?.scalability
  const curve = law === undefined || law.declined ? [] : scalabilityCurve(law.points, law.fit, run.provenance.seed)
  const loads = [...new Set([...levels.map(({ connections }) => connections), ...curve.map(({ load }) => load)])].sort((a, b) => a - b)
  const [from, until] = [Math.log2(first.connections), Math.max(Math.log2(last.connections), 1)]
  const config = configOf(
    'line',
    1,
    loads.map((load) => rounded(Math.log2(load)) ?? 0),
    [...measured(loads, levels, curve.length > 0), ...(curve.length > 0 ? fitted(loads, curve) : [])],
    'successful answers per second',
  )
  return {
    id: 'sweep-curve',
    title: 'Throughput by connections',
    by: 'connections',
    lead: `From ${rate(first.throughput?.mean ?? null)} over ${count(first.connections)} to ${rate(last.throughput?.mean ?? null)} over ${count(last.connections)} connections.${law === undefined ? '' : ` ${law.because}`}`,
    config: overNumbers(config, { title: 'connections', from, until, doublings: true }),
    canBeLogarithmic: true,
    table: { heads: sweepHeads, rows: sweep.levels.map(sweepCells) },
  }
}
