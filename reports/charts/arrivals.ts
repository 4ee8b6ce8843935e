/** Offered against achieved: what the shape planned, what was started, what finished. All in arrivals per second, so that they can be compared. */
import { clock, count, percent, rate } from '../format.ts'
import type { Point, Report } from '../report.ts'
import { stretch } from '../words.ts'
import { bar, type Chart, configOf, line, rounded } from './chart.ts'

const perSecond = (n: number, { seconds }: Point): number | null => rounded(n / Math.max(1, seconds))

const leadOf = ({ points, run: { load } }: Report): string => {
  const peak = points.reduce((most, point) => Math.max(most, point.planned / Math.max(1, point.seconds)), 0)
  const first = points.find(({ dropped }) => dropped > 0)
  const last = points.findLast(({ dropped }) => dropped > 0)
  const planned = `The load rose to ${rate(peak)} at most.`
  if (first === undefined || last === undefined) return `${planned} All ${count(load.planned)} planned arrivals were started.`
  return `${planned} ${count(load.dropped)} of ${count(load.planned)} arrivals (${percent(load.dropped / load.planned)}) were dropped, between ${clock(first.second)} and ${clock(last.second + last.seconds)}.`
}

export const arrivalsChart = (report: Report): Chart => {
  const { points, run, whole } = report
  const series = (value: (point: Point) => number): (number | null)[] => points.map((point) => perSecond(value(point), point))
  const datasets = [
    line(
      'planned',
      'planned',
      series(({ planned }) => planned),
      { borderDash: [6, 4], borderWidth: 1.5 },
    ),
    line(
      'started',
      'started',
      series(({ started }) => started),
    ),
    line(
      'journeys finished',
      'finished',
      series(({ finished }) => finished),
      { borderWidth: 1.5 },
    ),
    ...(run.load.dropped > 0
      ? [
          bar(
            'dropped',
            'dropped',
            series(({ dropped }) => dropped),
            { order: 1 },
          ),
        ]
      : []),
  ]
  const labels = points.map(({ second, seconds }) => second + seconds / 2)
  return {
    id: 'arrivals',
    title: 'Offered against achieved',
    lead: leadOf(report),
    config: configOf('line', whole.timeline.length, labels, datasets, 'arrivals per second'),
    canBeLogarithmic: false,
    table: {
      heads: ['Time', 'Planned', 'Started', 'Dropped', 'Finished', 'Users'],
      rows: points.map((point) => [stretch(point), ...[point.planned, point.started, point.dropped, point.finished, point.users].map(count)]),
    },
  }
}
