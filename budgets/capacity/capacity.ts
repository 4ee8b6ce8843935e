/** How much load a target can serve, from one or several runs of it: every answer with the data it rests on, or the sentence that declines it. */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import type { Breakpoint } from '../budget.ts'
import { countOf, figure } from '../figure.ts'
import { breakpointOf } from './breakpoint.ts'
import { findingsOf, type Plateau } from './plateau.ts'
import { type Scalability, scalabilityOf } from './scalability.ts'
import { highestRate, type ServiceDemand, serviceDemand, type UsePoint } from './service-demand.ts'
import { resourceUseOf } from './step-use.ts'

/** What one resource would allow, if nothing else were in the way. */
export type ResourceCapacity = {
  readonly resource: string
  readonly servers: number
  /** What a server is. */
  readonly noun: 'core' | 'connection'
  readonly demand: ServiceDemand | Declined
  /** Successful requests per second with all servers busy. */
  readonly rate: number | Declined
  /** Most servers that were busy, as the mean of a step. */
  readonly highestUse: number
  /** What the demand was fitted to: one for each step. */
  readonly points: readonly UsePoint[]
}

export type Bound = { readonly resource: string; readonly rate: number; readonly because: string }

export type Capacity = {
  readonly runs: readonly string[]
  /** Of the breakpoint test among the runs. */
  readonly breakpoint: Breakpoint | Declined
  /** Of the sweep among them. */
  readonly plateau: Plateau | undefined
  readonly scalability: Scalability | Declined
  /** The one that would be full first comes first. */
  readonly resources: readonly ResourceCapacity[]
  /** Which resource bounds throughput, and where. */
  readonly bound: Bound | Declined
}

const isUsable = ({ validity }: Run): boolean => validity.state !== 'INVALID'

const resourcesOfRuns = (runs: readonly Run[]): ResourceCapacity[] => {
  const uses = new Map<
    string,
    { readonly servers: number; readonly noun: ResourceCapacity['noun']; readonly points: ReturnType<typeof resourceUseOf>[number]['points'] }
  >()
  for (const run of runs)
    for (const { resource, servers, points } of resourceUseOf(run)) {
      const known = uses.get(resource.name)
      uses.set(resource.name, { servers, noun: resource.unit === 'cores' ? 'core' : 'connection', points: [...(known?.points ?? []), ...points] })
    }
  const rateOf = (rate: number | Declined): number => (typeof rate === 'number' ? rate : Infinity)
  return [...uses]
    .map(([resource, { servers, noun, points }]) => {
      const demand = serviceDemand(points, resource)
      const highestUse = points.reduce((most, { busy }) => Math.max(most, busy), 0)
      return { resource, servers, noun, demand, highestUse, points, rate: demand.declined ? demand : highestRate(demand, servers, highestUse) }
    })
    .toSorted((a, b) => rateOf(a.rate) - rateOf(b.rate))
}

const boundOf = (resources: readonly ResourceCapacity[]): Bound | Declined => {
  const [first] = resources
  if (first === undefined)
    return declined(
      'Which resource bounds throughput is unknown, because no probe watched one with a limit: cores of a process or a control group, connections of a pool. Add probes, and run again.',
    )
  const { rate, demand, resource, servers, noun } = first
  if (demand.declined || typeof rate !== 'number')
    return declined(
      `Which resource bounds throughput is unknown, because none of those that were watched has a rate of its own: of ${countOf(resources.length, 'resource')} none can be stated.`,
    )
  return {
    resource,
    rate,
    because: `${resource} would be full at ${figure(rate, '/s')} successful requests: each takes ${figure(demand.demand * 1000, 'ms')} of a ${noun}, and there ${servers === 1 ? 'is' : 'are'} ${countOf(servers, noun)} (R² ${figure(demand.determination, '', 2)}). It is the lowest of what was watched.`,
  }
}

/** @param runs of one target, by one scenario @example capacityOf([run]).bound // { resource: 'postgres.pool', rate: 99.2, because: … } */
export const capacityOf = (runs: readonly Run[]): Capacity => {
  const usable = runs.filter(isUsable)
  const broken = usable.find(({ test }) => test === 'breakpoint')
  const swept = usable.find(({ sweep }) => sweep !== undefined)
  const findings = swept?.sweep && findingsOf(swept.sweep)
  const points = findings?.levels.flatMap(({ level, throughput, excluded }) =>
    throughput === undefined || excluded !== undefined ? [] : [{ load: level.connections, throughput: throughput.mean }],
  )
  const resources = resourcesOfRuns(usable.filter(({ sweep }) => sweep === undefined))
  return {
    runs: runs.map(({ id }) => id),
    breakpoint:
      broken === undefined
        ? declined('The breakpoint is unknown, because none of these runs is a breakpoint test: perf run breakpoint.')
        : breakpointOf(broken),
    plateau: findings?.plateau,
    scalability:
      points === undefined || swept === undefined
        ? declined('No scalability fit, because none of these runs is a sweep: perf run stress --sweep.')
        : scalabilityOf(points, swept.provenance.seed),
    resources,
    bound: boundOf(resources),
  }
}
