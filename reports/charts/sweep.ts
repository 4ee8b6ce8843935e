/** Throughput against connections, on an axis where each doubling is one step. */
import { count, rate } from '../format.ts'
import type { Report } from '../report.ts'
import { sweepCells, sweepHeads } from '../sweep.ts'
import { type Chart, configOf, line, rounded } from './chart.ts'

/** `undefined` when the run is no sweep, or no level of it has a throughput. */
export const sweepChart = ({ sweep }: Report): Chart | undefined => {
  const levels = sweep?.levels.filter(({ throughput }) => throughput !== null) ?? []
  const [first, last] = [levels[0], levels.at(-1)]
  if (sweep === undefined || first === undefined || last === undefined) return undefined
  const series = (of: 'mean' | 'low' | 'high'): (number | null)[] => levels.map(({ throughput }) => rounded(throughput?.[of] ?? null))
  const edge = { borderWidth: 1, borderDash: [4, 3], pointRadius: 0 } as const
  const doublings = Math.log2(last.connections)
  const { data, options, type } = configOf(
    'line',
    1,
    levels.map(({ connections }) => Math.log2(connections)),
    [
      line('throughput', 'succeeded', series('mean'), { pointRadius: 3 }),
      line('lower end of its 95 % interval', 'planned', series('low'), edge),
      line('upper end', 'planned', series('high'), edge),
    ],
    'successful answers per second',
  )
  const { x, ...scales } = options.scales
  return {
    id: 'sweep-curve',
    title: 'Throughput by connections',
    by: 'connections',
    lead: `From ${rate(first.throughput?.mean ?? null)} over ${count(first.connections)} to ${rate(last.throughput?.mean ?? null)} over ${count(last.connections)} connections.`,
    config: {
      type,
      data,
      options: {
        ...options,
        scales: {
          ...scales,
          x: {
            ...x,
            min: Math.log2(first.connections),
            max: Math.max(doublings, 1),
            doublings: true,
            title: { display: true, text: 'connections' },
            ticks: { stepSize: 1, maxRotation: 0, autoSkipPadding: 14 },
          },
        },
      },
    },
    canBeLogarithmic: true,
    table: { heads: sweepHeads, rows: sweep.levels.map(sweepCells) },
  }
}
