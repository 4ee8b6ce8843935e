/** What the recommended autoscaler makes of the expected load, and the deployed one: offered load, capacity and backlog over time. */
import type { SimulationRecord } from '../../budgets/advice/advice-record.ts'
import { clock, count, rate } from '../format.ts'
import { simulationSentence } from '../recommendation.ts'
import type { Report } from '../report.ts'
import { type Chart, configOf, line, rounded } from './chart.ts'

type Point = SimulationRecord['points'][number]

const isAlike = (one: Point, other: Point | undefined): boolean =>
  other !== undefined && one.offered === other.offered && one.capacity === other.capacity && one.backlog === other.backlog

/** In the middle of a stretch in which nothing changes, of which its two ends are enough. */
const isBetweenAlike = (point: Point, before: Point | undefined, after: Point | undefined): boolean => isAlike(point, before) && isAlike(point, after)

const chartOf = (simulation: SimulationRecord, id: string, title: string): Chart => {
  const { points, seconds } = simulation
  const config = configOf(
    'line',
    seconds,
    points.map(({ at }) => at),
    [
      line(
        'offered',
        'planned',
        points.map(({ offered }) => rounded(offered)),
        { pointRadius: 0 },
      ),
      line(
        'capacity of the instances in service',
        'started',
        points.map(({ capacity }) => rounded(capacity)),
        { pointRadius: 0 },
      ),
      line(
        'arrivals that wait (right)',
        'failed',
        points.map(({ backlog }) => rounded(backlog)),
        { pointRadius: 0, borderWidth: 1.5, yAxisID: 'waiting' },
      ),
    ],
    'arrivals per second',
  )
  const most = points.reduce((highest, { backlog }) => Math.max(highest, backlog), 0)
  return {
    id,
    title,
    within: 'advice',
    lead: simulationSentence(simulation),
    config: {
      ...config,
      options: {
        ...config.options,
        scales: {
          ...config.options.scales,
          // Without a backlog its axis would show a line at 0 somewhere in the middle.
          waiting: {
            type: 'linear',
            position: 'right',
            min: 0,
            suggestedMax: Math.max(1, most),
            title: { display: true, text: 'arrivals' },
            ticks: { maxTicksLimit: 6 },
            grid: { display: false },
            border: { display: false },
          },
        },
      },
    },
    canBeLogarithmic: false,
    table: {
      heads: ['Time', 'Offered', 'Capacity', 'Instances', 'Waiting'],
      rows: points
        .filter((point, index) => !isBetweenAlike(point, points[index - 1], points[index + 1]))
        .map(({ at, offered, capacity, instances, backlog }) => [clock(at), rate(offered), rate(capacity), count(instances), count(Math.round(backlog))]),
    },
  }
}

/** Empty without advice, or where no autoscaler could be recommended. */
export const simulationCharts = ({ advice }: Report): Chart[] => [
  ...(advice?.simulation ? [chartOf(advice.simulation, 'simulation', 'The launch, simulated')] : []),
  ...(advice?.deployed ? [chartOf(advice.deployed, 'simulation-deployed', 'As it is deployed')] : []),
  ...(advice?.reactive ? [chartOf(advice.reactive, 'simulation-reactive', 'If it only reacted')] : []),
]
