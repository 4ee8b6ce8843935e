/**
 * What the resources that were watched during a sweep allow a closed loop, held against what it reached: whether one of them is what more
 * connections wait for, or something that nobody watched.
 */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import { figure, percent } from '../figure.ts'
import type { Plateau, SweepFindings } from './plateau.ts'
import { closedBounds, highestRate, type ServiceDemand, type Station, serviceDemand, usersToFill } from './service-demand.ts'
import { type ResourceUse, resourceUseIn } from './step-use.ts'

export type ClosedLoop = {
  readonly declined: false
  /** Of those that were watched, the one that would be full first. */
  readonly resource: string
  /** Requests per second that it allows. */
  readonly rate: number
  /** Connections from which on they wait for it. */
  readonly connections: number
  readonly because: string
}

const [reached, missed, above] = [0.85, 2 / 3, 1.1]

type Level = { readonly connections: number; readonly from: number; readonly until: number; readonly rate: number; readonly low: number }

/** Those that tell something, and of a throughput that falls only those until its peak, because beyond it requests take longer. */
const levelsOf = ({ levels, plateau }: SweepFindings): Level[] =>
  levels.flatMap(({ level: { connections, from, seconds }, throughput, excluded }) =>
    throughput === undefined || excluded !== undefined || (plateau.found && plateau.kind === 'falls' && connections > plateau.connections)
      ? []
      : [{ connections, from, until: from + seconds, rate: throughput.mean, low: throughput.low }],
  )

type Watched = { readonly use: ResourceUse; readonly demand: ServiceDemand; readonly rate: number }

const watchedOf = (use: ResourceUse): Watched | Declined => {
  const { resource, servers, points } = use
  const demand = serviceDemand(points, resource.name)
  if (demand.declined) return demand
  const highest = Math.max(...points.map(({ busy }) => busy))
  const rate = highestRate(demand, servers, highest)
  return typeof rate === 'number'
    ? { use, demand, rate }
    : declined(
        `${resource.name} is not what more connections wait for: at most ${percent(highest / servers, 2)} of it was in use. If throughput levels off, something else bounds it. Add probes to what it calls.`,
      )
}

/** What a request spends elsewhere, s: its time where it is alone, less what the resources take of it. */
const elsewhere = (levels: readonly Level[], stations: readonly Station[]): number => {
  const alone = levels.find(({ connections }) => connections === 1)
  return alone === undefined ? 0 : Math.max(0, 1 / alone.rate - stations.reduce((sum, { demand }) => sum + demand, 0))
}

const becauseOf = ({ use: { resource, servers }, demand, rate }: Watched, connections: number, plateau: Plateau): string => {
  const allows = `${resource.name} allows ${figure(rate, '/s')} (${figure(demand.demand * 1000, 'ms')} of ${figure(servers, '')} for each request)`
  if (!plateau.found) return `${allows}, which N = ${figure(connections, '')} can fill.`
  const level = plateau.throughput.mean
  const share = `${figure(level, '/s')} are ${percent(level / rate, 2)} of it`
  if (level >= reached * rate) return `${allows}, and ${share}: it is what more connections wait for, from about N = ${figure(connections, '')} on.`
  if (level >= missed * rate) return `${allows}, and ${share}: it may be what more connections wait for.`
  return `${allows}, and ${share}: it is not what more connections wait for, though nothing that was watched would be full before it. Add probes to what it calls.`
}

/** Undefined where nothing with a limit was watched. */
export const closedLoopOf = (run: Run, findings: SweepFindings): ClosedLoop | Declined | undefined => {
  const levels = levelsOf(findings)
  const told = resourceUseIn(run, levels).map(watchedOf)
  const watched = told.flatMap((each) => ('declined' in each ? [] : [each])).toSorted((a, b) => a.rate - b.rate)
  const [first] = watched
  if (first === undefined) return told.find((each) => 'declined' in each)
  const stations = watched.map(({ demand, rate }) => ({ demand: demand.demand, servers: rate * demand.demand }))
  const think = elsewhere(levels, stations)
  const beyond = levels.find(({ connections, low }) => low > above * closedBounds(stations, think, connections).throughput)
  if (beyond !== undefined)
    return declined(
      `What the resources allow this sweep is unknown: with N = ${beyond.connections} it served ${figure(beyond.rate, '/s')}, and by what a request took alone and takes of ${first.use.resource.name} at most ${figure(closedBounds(stations, think, beyond.connections).throughput, '/s')} would be possible. Warm the target up, and hold each level longer.`,
    )
  const connections = usersToFill(stations, think)
  return { declined: false, resource: first.use.resource.name, rate: first.rate, connections, because: becauseOf(first, connections, findings.plateau) }
}
