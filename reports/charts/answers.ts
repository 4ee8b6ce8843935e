/** Answers per second, and failures by kind. Two pictures: beside the successes a few failures would be invisible. */
import { clock, count, percent, rate } from '../format.ts'
import type { Point, Report } from '../report.ts'
import { stretch } from '../words.ts'
import { bar, type Chart, configOf, line, rounded } from './chart.ts'
import { kinds as mostKinds } from './palette.ts'

const perSecond = (n: number, { seconds }: Point): number | null => rounded(n / Math.max(1, seconds))
const middles = (points: readonly Point[]): number[] => points.map(({ second, seconds }) => second + seconds / 2)

export const throughputChart = ({ points, whole, throughput }: Report): Chart => {
  const best = points.reduce<Point | undefined>((most, point) => (most === undefined || point.achieved > most.achieved ? point : most), undefined)
  return {
    id: 'throughput',
    title: 'Throughput',
    lead: best
      ? `${throughput === null ? '' : `${rate(throughput)} successful answers on the whole, `}${rate(best.achieved)} at most, at ${clock(best.second)}.`
      : 'Nothing was measured.',
    config: configOf(
      'line',
      whole.timeline.length,
      middles(points),
      [
        line(
          'successful answers',
          'succeeded',
          points.map(({ achieved }) => rounded(achieved)),
        ),
      ],
      'per second',
    ),
    canBeLogarithmic: false,
    table: {
      heads: ['Time', 'Completed', 'Failed', 'Throughput'],
      rows: points.map((point) => [stretch(point), count(point.completed), count(point.failed), rate(point.achieved)]),
    },
  }
}

/** Kinds that get a colour; the rest go together as "other kinds". */
const grouped = ({ errors }: Report): { readonly label: string; readonly of: (point: Point) => number }[] => {
  const most = errors.length > mostKinds ? mostKinds - 1 : mostKinds
  const named = errors.slice(0, most).map(({ kind }) => ({ label: kind, of: (point: Point) => point.errors[kind] ?? 0 }))
  const rest = errors.slice(most).map(({ kind }) => kind)
  return rest.length === 0
    ? named
    : [...named, { label: `${rest.length} other kinds`, of: (point) => rest.reduce((sum, kind) => sum + (point.errors[kind] ?? 0), 0) }]
}

/** `undefined` when nothing failed: an empty picture says less than a sentence. */
export const errorsChart = (report: Report): Chart | undefined => {
  const { points, run, whole, errorRate } = report
  const [first, last] = [points.find(({ failed }) => failed > 0), points.findLast(({ failed }) => failed > 0)]
  if (first === undefined || last === undefined) return undefined
  const series = grouped(report)
  const datasets = series.map(({ label, of }, index) =>
    bar(
      label,
      `kind${index}`,
      points.map((point) => perSecond(of(point), point)),
    ),
  )
  const when = first === last ? `at ${clock(first.second)}` : `between ${clock(first.second)} and ${clock(last.second + last.seconds)}`
  return {
    id: 'errors',
    title: 'Errors by kind',
    lead: `${count(run.load.failed)} of ${count(run.load.completed)} requests failed (${percent(errorRate)}), ${when}.`,
    config: configOf('bar', whole.timeline.length, middles(points), datasets, 'failed per second', { stacked: true }),
    canBeLogarithmic: false,
    table: {
      heads: ['Time', ...series.map(({ label }) => label)],
      rows: points.filter(({ failed }) => failed > 0).map((point) => [stretch(point), ...series.map(({ of }) => count(of(point)))]),
    },
  }
}
