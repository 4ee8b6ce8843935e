/** What would change the answer, each with the rate that would be held then and what it costs a month, as far as either is known; what reaches the height comes first, and of that the cheapest. */
import type { Declined } from '../../../runner/stats/few.ts'
import { fewestServers } from '../../capacity/queue.ts'
import type { Bound, ResourceCapacity } from '../../capacity/resource-capacity.ts'
import { count, countOf, figure, percent } from '../../figure.ts'

export type InstancePrice = { readonly monthly: number; readonly currency: string }

export type Remedy = {
  readonly text: string
  /** Journeys per second that would be held; null: unknown. */
  readonly rate: number | null
  /** More a month than now; null: unknown. */
  readonly monthly: number | null
}

export type Lack = {
  readonly peak: number
  /** Journeys per second that held, or would. */
  readonly held: number
  readonly bound: Bound | Declined
  readonly resources: readonly Pick<ResourceCapacity, 'resource' | 'rate' | 'noun' | 'demand'>[]
  readonly requestsPerJourney: number
  readonly price: InstancePrice | undefined
}

const spare = 1.2 // so that one instance more or less decides nothing

const waiting = 0.05 // share of the requests at the height that may wait for one

/** How many that is, where each request takes one of them for a known time: by Erlang C, for a height of independent arrivals. */
const enough = ({ bound, resources, peak, requestsPerJourney }: Lack): string => {
  const full = 'declined' in bound ? undefined : resources.find(({ resource }) => resource === bound.resource)
  if (full === undefined || full.demand.declined || full.noun === 'core') return ''
  const servers = fewestServers(peak * requestsPerJourney * full.demand.demand + Math.max(0, full.demand.background), waiting)
  return ` With ${countOf(servers, full.noun)} fewer than ${percent(waiting)} of the requests would wait for one at the height.`
}

const more = (lack: Lack): Remedy => {
  const { bound, resources, requestsPerJourney } = lack
  if ('declined' in bound) return { text: `Find what is full: ${bound.because}`, rate: null, monthly: null }
  const beyond = resources.flatMap(({ resource, rate }) => (resource !== bound.resource && typeof rate === 'number' ? [{ resource, rate }] : []))[0]
  const until =
    beyond === undefined ? 'what would be full next was not watched' : `${beyond.resource} would be full next, at ${figure(beyond.rate, '')} requests/s`
  // Connections of a pool are a setting; cores are not.
  const isSetting = bound.resource.endsWith('pool')
  return {
    text: `More of ${bound.resource}, or less of it for each request: it is full at ${figure(bound.rate, '')} requests/s; ${until}.${enough(lack)}`,
    rate: beyond === undefined ? null : beyond.rate / requestsPerJourney,
    monthly: isSetting ? 0 : null,
  }
}

const instances = ({ peak, held, price }: Lack): Remedy => {
  const needed = Math.ceil((spare * peak) / held - 1e-9)
  return {
    text: `${countOf(needed, 'instance')} like this one, if they share the work without loss; whether they do, a breakpoint test in front of two of them would tell.`,
    rate: needed * held,
    monthly: price === undefined ? null : (needed - 1) * price.monthly,
  }
}

const fewer = ({ held }: Lack): Remedy => ({
  text: 'A queue in front, or turning some away early, so that those who are let in are served within the objective.',
  rate: held,
  monthly: null,
})

const order =
  ({ peak }: Lack) =>
  (a: Remedy, b: Remedy): number => {
    const reaches = ({ rate }: Remedy): number => Number((rate ?? 0) >= peak)
    const cost = ({ monthly }: Remedy): number => monthly ?? Number.MAX_VALUE
    return reaches(b) - reaches(a) || cost(a) - cost(b) || (b.rate ?? 0) - (a.rate ?? 0)
  }

/** The first one is the most worth doing. */
export const remediesFor = (lack: Lack): Remedy[] => [more(lack), instances(lack), fewer(lack)].toSorted(order(lack))

/** @example remedyWords(remedy, 'USD') // '4 instances like this one, …. That would hold 320/s, for 108 USD more a month.' */
export const remedyWords = ({ text, rate, monthly }: Remedy, price: InstancePrice | undefined): string => {
  const cost =
    monthly === null
      ? price === undefined
        ? '; its cost is unknown without --size'
        : '; no table tells its cost'
      : monthly === 0
        ? ' and costs no further instance'
        : `, for ${count(Math.round(monthly))} ${price?.currency ?? ''} more a month`
  return rate === null ? text : `${text} That would hold ${figure(rate, '/s')}${cost}.`
}
