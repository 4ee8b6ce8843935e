/** How full each watched resource was, as a share of its limit. */
import type { Series } from '../../runner/run.ts'
import { clock, percent } from '../format.ts'
import type { Report } from '../report.ts'
import { type Chart, configOf, line, rounded } from './chart.ts'
import { kinds as mostSeries } from './palette.ts'

/** Moments that all series share as an axis; a series without a value there has a gap. */
const momentsOf = (series: readonly Series[]): number[] => [...new Set(series.flatMap(({ at }) => at))].sort((a, b) => a - b)

const shareAt = ({ at, values, limit }: Series, moments: readonly number[]): (number | null)[] => {
  const known = new Map(at.map((moment, index) => [moment, values[index] ?? null]))
  return moments.map((moment) => {
    const value = known.get(moment) ?? null
    return value === null || limit === null ? null : rounded((100 * value) / limit)
  })
}

/** `undefined` when no probe with a limit was read. */
export const saturationChart = ({ run, whole, saturation }: Report): Chart | undefined => {
  const [fullest] = saturation
  const series = saturation.slice(0, mostSeries).flatMap(({ resource }) => run.probes.filter(({ name, limit }) => name === resource && limit !== null))
  if (fullest === undefined || series.length === 0) return undefined
  const moments = momentsOf(series)
  const shares = series.map((each) => shareAt(each, moments))
  return {
    id: 'saturation',
    title: 'Saturation of resources',
    lead: `${fullest.resource} came closest to its limit: ${percent(fullest.ratio)} of it.`,
    config: configOf(
      'line',
      whole.timeline.length,
      moments,
      series.map(({ name }, index) => line(name, `kind${(index + 3) % mostSeries}`, shares[index] ?? [])),
      '% of the limit',
    ),
    canBeLogarithmic: false,
    table: {
      heads: ['Time', ...series.map(({ name }) => name)],
      rows: moments.map((moment, row) => [clock(moment), ...shares.map((share) => percent((share[row] ?? null) === null ? null : (share[row] ?? 0) / 100))]),
    },
  }
}
