/** What each watched resource would allow, if nothing else were in the way, and which of them bounds the target. */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import type { Resource } from '../attribution/resources.ts'
import { countOf, figure, percent } from '../figure.ts'
import { demandByEndpoint, type EndpointDemand } from './demand-by-endpoint.ts'
import { type QueueKnee, queueKnee } from './knee.ts'
import { rateInterval } from './rate-interval.ts'
import { highestRate, type ServiceDemand, serviceDemand, type UsePoint } from './service-demand.ts'
import type { Objective } from './step-judge.ts'
import { type ResourceUse, resourceUseOf } from './step-use.ts'

export type ResourceCapacity = {
  readonly resource: string
  readonly servers: number
  /** What a server is. */
  readonly noun: 'core' | 'connection' | 'server'
  readonly demand: ServiceDemand | Declined
  /** What requests to each endpoint take; absent where they came in one mix. */
  readonly byEndpoint?: readonly EndpointDemand[]
  /** Successful requests per second with all servers busy. */
  readonly rate: number | Declined
  /** Of that rate, 95 %. */
  readonly interval?: { readonly low: number; readonly high: number }
  /** Where its line makes answers miss the objective; absent for cores, which no request waits for in a line. */
  readonly knee?: QueueKnee | Declined
  /** Most servers that were busy, as the mean of a step. */
  readonly highestUse: number
  /** What the demand was fitted to: one for each step. */
  readonly points: readonly UsePoint[]
}

export type Bound = { readonly resource: string; readonly rate: number; readonly because: string }

const nouns = { cores: 'core', servers: 'server' } as const

const full = 0.9 // of its connections, as the mean of a step

/** Open from the first reading on, and never one more: not opened as they were needed. */
const wasOpenedAhead = (run: Run, service: string): boolean => {
  const open = run.probes.find(({ name }) => name === `${service}.connections`)?.values.filter((value) => value !== null) ?? []
  return open.length > 0 && open.every((value) => value === open[0])
}

/** A pool's size is concluded from what it opened. As long as it was never full, it might have opened more. */
const sizeUnknown = (runs: readonly Run[], { what, service, limit }: Resource, highestUse: number): Declined | undefined =>
  what === 'pool' && highestUse < full * (limit ?? 0) && !runs.every((run) => wasOpenedAhead(run, service))
    ? declined(
        `how many connections it may open is unknown: ${limit} were open, opened as they were needed, and at most ${percent(highestUse / (limit ?? 1), 2)} of them were busy. Go on until it is full, with a higher --peak.`,
      )
    : undefined

const together = (runs: readonly Run[]): ResourceUse[] => {
  const uses = new Map<string, ResourceUse>()
  for (const use of runs.flatMap(resourceUseOf)) {
    const known = uses.get(use.resource.name)
    const readings = [...(known?.resource.readings ?? []), ...use.resource.readings]
    uses.set(use.resource.name, {
      ...use,
      resource: { ...use.resource, readings },
      points: [...(known?.points ?? []), ...use.points],
      mixes: [...(known?.mixes ?? []), ...use.mixes],
    })
  }
  return [...uses.values()]
}

const capacityOfUse = (runs: readonly Run[], { resource, servers, points, mixes }: ResourceUse, objective: Objective): ResourceCapacity => {
  const { name, unit } = resource
  const noun = nouns[unit as keyof typeof nouns] ?? 'connection'
  const demand = serviceDemand(points, name)
  const highestUse = points.reduce((most, { busy }) => Math.max(most, busy), 0)
  const byEndpoint = demandByEndpoint(mixes)
  const all = { resource: name, servers, noun, demand, ...(byEndpoint && { byEndpoint }), highestUse, points }
  if (demand.declined) return { ...all, rate: demand }
  const rate = sizeUnknown(runs, resource, highestUse) ?? highestRate(demand, servers, highestUse)
  if (typeof rate !== 'number') return { ...all, rate }
  const knee = noun === 'core' ? undefined : queueKnee(runs, name, servers, demand, objective)
  return { ...all, rate, interval: rateInterval(demand, rate), ...(knee && { knee }) }
}

const rateOf = ({ rate }: ResourceCapacity): number => (typeof rate === 'number' ? rate : Infinity)

/** The one that would be full first comes first. */
export const resourcesOfRuns = (runs: readonly Run[], objective: Objective): ResourceCapacity[] =>
  together(runs)
    .map((use) => capacityOfUse(runs, use, objective))
    .toSorted((a, b) => rateOf(a) - rateOf(b))

export const boundOf = (resources: readonly ResourceCapacity[]): Bound | Declined => {
  const [first] = resources
  if (first === undefined)
    return declined(
      'Which resource bounds throughput is unknown, because no probe watched one with a limit: cores of a process or a control group, connections of a pool. Add probes, and run again.',
    )
  const { rate, interval, demand, resource, servers, noun } = first
  if (demand.declined || typeof rate !== 'number')
    return declined('Which resource bounds throughput is unknown, because it is not known at which rate any of the resources that were watched is full.')
  const between = interval === undefined ? '' : ` [${figure(interval.low, '')}, ${figure(interval.high, '')}]`
  return {
    resource,
    rate,
    because: `${resource} would be full at ${figure(rate, '')} successful requests/s${between}: each takes ${figure(demand.demand * 1000, 'ms')} of a ${noun}, and there ${servers === 1 ? 'is' : 'are'} ${countOf(servers, noun)} (R² ${figure(demand.determination, '', 2)}). It is the lowest of what was watched.`,
  }
}
