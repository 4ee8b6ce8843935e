/** How busy each resource was at each rate, and the line that says at which rate it is full. */
import type { ResourceCapacity } from '../../budgets/capacity/resource-capacity.ts'
import { percent, rate } from '../format.ts'
import type { Report } from '../report.ts'
import { type Chart, configOf, type Line, line, overNumbers, rounded } from './chart.ts'
import { kinds } from './palette.ts'

const farthest = 1.5 // times the highest rate measured: how far a line is drawn beyond its points

type Fitted = ResourceCapacity & { readonly demand: { readonly declined: false } }

const isFitted = (resource: ResourceCapacity): resource is Fitted => !resource.demand.declined

const shareAt = ({ demand, servers }: Fitted, served: number): number => (demand.background + demand.demand * served) / servers

/** `undefined` where no resource's use follows the rate. */
export const useByRate = ({ capacity }: Report): Chart | undefined => {
  const fitted = capacity?.resources.filter(isFitted).slice(0, kinds) ?? []
  if (fitted.length === 0) return undefined
  const measured = fitted.flatMap(({ points }) => points.map((point) => point.rate))
  const until = farthest * Math.max(...measured)
  // Each line ends where its resource is full.
  const ends = fitted.map(({ rate: full }) => Math.min(until, typeof full === 'number' ? full : Math.max(...measured)))
  // Where idle use is told to be below none, which chance does, the line begins at none.
  const begins = fitted.map(({ demand }) => Math.max(0, -demand.background / demand.demand))
  const rates = [...new Set([0, ...begins, ...measured, ...ends])].sort((a, b) => a - b)
  const lines = fitted.flatMap((resource, index): Line[] => {
    const at = new Map(resource.points.map((point) => [point.rate, point.busy / resource.servers]))
    const role = `kind${(index + 3) % kinds}`
    return [
      line(
        resource.resource,
        role,
        rates.map((each) => rounded(at.has(each) ? 100 * (at.get(each) ?? 0) : null)),
        { showLine: false, pointRadius: 4, clip: 8 },
      ),
      line(
        `${resource.resource}, fitted`,
        role,
        rates.map((each) => (each < (begins[index] ?? 0) || each > (ends[index] ?? 0) ? null : rounded(100 * shareAt(resource, each)))),
        {
          pointRadius: 0,
          borderDash: [5, 4],
          borderWidth: 1.5,
        },
      ),
    ]
  })
  const [first] = fitted
  const config = configOf(
    'line',
    1,
    rates.map((each) => rounded(each) ?? 0),
    lines,
    '% of its servers busy',
  )
  return {
    id: 'use-by-rate',
    title: 'Use of resources by rate',
    by: 'rate',
    within: 'capacity',
    lead: `${first?.resource} was ${percent((first?.highestUse ?? 0) / (first?.servers ?? 1), 2)} busy at most${typeof first?.rate === 'number' ? ` and would be full at ${rate(first.rate)}` : ''}.`,
    config: overNumbers(config, { title: 'successful requests per second', from: 0, until: Math.max(...rates) }),
    canBeLogarithmic: false,
    table: {
      heads: ['Resource', 'Requests per second', 'Busy'],
      rows: fitted.flatMap(({ resource, points, servers }) => points.map((point) => [resource, rate(point.rate), percent(point.busy / servers, 2)])),
    },
  }
}
