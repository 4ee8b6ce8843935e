/** What runs of one instance tell of the CPU and memory that it needs: the facts that a size is found from, or why there are none. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, declined, mean, quantileOfFew } from '../../../runner/stats/few.ts'
import { type Resource, resourcesOf } from '../../attribution/resources.ts'
import { serviceDemand } from '../../capacity/service-demand.ts'
import { resourceUseOf } from '../../capacity/step-use.ts'
import { significant } from '../../diagnosis/drift.ts'
import { counts, fewestCollections, type Growth, long, memoryGrowths } from '../../diagnosis/memory-growth.ts'

export type MeasuredCpu = {
  readonly declined: false
  /** The probe that watched it, which stands for the service. */
  readonly service: string
  /** Core-seconds that one request takes, and cores in use without any (budgets/capacity/service-demand.ts). */
  readonly demand: number
  readonly background: number
  /** p99 of a minute's CPU over what its requests come to, 1 or more. */
  readonly unevenness: number
  /** Cores that it could use meanwhile. */
  readonly cores: number
  /** More than so many it never uses, however many it has: a program with one busy thread. */
  readonly usable: number
  /** Arrivals per second that one instance is planned to serve. */
  readonly planned: number
  /** Seconds of load at or near the planned rate. */
  readonly seconds: number
  /** Share of the periods in which a quota held it back, up to the planned rate, 0–1. */
  readonly throttled: number
}

export type MeasuredMemory = {
  readonly declined: false
  /** Most memory of one instance, GB of 2³⁰ bytes, as clouds sell it. */
  readonly memory: number
  /** GB an hour by which memory grew and did not settle; 0: it settled, or nothing shows that it grew. */
  readonly leak: number
}

const bytesOfGigabyte = 2 ** 30
const nearPlanned = 0.8 // of the planned rate of an instance: what counts as measured at it
const nearAbove = 1.2 // of it, up to which a quota must not have held it back
const minute = 60
const settles = 0.5 // slope of the last half, as a share of the whole: less is a cache that fills

const resourcesOfService = (run: Run, service: string): readonly Resource[] => resourcesOf(run).filter((each) => each.service === service)

type Minute = { seconds: number; requests: number; readonly cpu: number[] }

/** The minutes of a run that count, by what was served and used in their seconds at or near the rate. */
const minutesOf = (run: Run, service: string, rate: number): readonly Minute[] => {
  const cpu = new Map(
    resourcesOfService(run, service).flatMap(({ what, readings }) => (what === 'cpu' ? readings.map(({ at, value }) => [Math.floor(at), value]) : [])),
  )
  const minutes = new Map<number, Minute>()
  for (const { second, started, cells } of run.timeline) {
    if (started < nearPlanned * rate) continue
    const at = Math.floor(second / minute)
    const known = minutes.get(at) ?? { seconds: 0, requests: 0, cpu: [] }
    minutes.set(at, known)
    known.seconds += 1
    for (const { outcome, count } of cells) known.requests += outcome === 'success' ? count : 0
    const used = cpu.get(second)
    if (used !== undefined) known.cpu.push(used)
  }
  return [...minutes.values()]
}

/** p99 of minutes over what the fitted demand explains: a minute of garbage collection or of a batch job beside the requests. */
const unevennessOf = (minutes: readonly Minute[], demand: number, background: number): number => {
  const shares = minutes.flatMap(({ seconds, requests, cpu }) =>
    seconds < minute / 2 || cpu.length < seconds / 2 ? [] : [mean(cpu) / (background + (demand * requests) / seconds)],
  )
  return shares.length === 0 ? 1 : Math.max(1, quantileOfFew(shares, 0.99))
}

/** Well beyond the planned rate an instance may be held back: that is how its limit was found. */
const throttledIn = (run: Run, service: string, rate: number): readonly number[] => {
  const calm = new Set<number>()
  for (const { second, started } of run.timeline) if (started <= nearAbove * rate) calm.add(second)
  return resourcesOfService(run, service).flatMap(({ what, readings }) =>
    what === 'throttled' ? readings.flatMap(({ at, value }) => (calm.has(Math.floor(at)) ? [value] : [])) : [],
  )
}

/** @param rate arrivals per second that one instance is planned to serve */
export const measuredCpu = (runs: readonly Run[], rate: number): MeasuredCpu | Declined => {
  const uses = runs.flatMap((run) => resourceUseOf(run).filter(({ resource }) => resource.what === 'cpu'))
  const [first] = uses
  if (first === undefined)
    return declined('Size unknown, because no probe watched the CPU of the target: a process or cgroup probe does. Add it under probes, and run again.')
  const { service, name } = first.resource
  const own = uses.filter(({ resource }) => resource.service === service)
  const demand = serviceDemand(
    own.flatMap((use) => use.points),
    name,
  )
  if (demand.declined) return declined(`Size unknown: ${demand.because}`)
  const background = Math.max(0, demand.background)
  const minutes = runs.flatMap((run) => minutesOf(run, service, rate))
  const throttled = runs.flatMap((run) => throttledIn(run, service, rate))
  const hasOneThread = own.some(({ resource }) => resource.name.endsWith(' of one thread'))
  return {
    declined: false,
    service,
    demand: demand.demand,
    background,
    unevenness: unevennessOf(minutes, demand.demand, background),
    cores: Math.max(
      first.servers,
      ...runs.flatMap((run) => resourcesOfService(run, service).flatMap(({ what, limit }) => (what === 'cpu' ? (limit ?? 0) : 0))),
    ),
    usable: hasOneThread ? 1 : Infinity,
    planned: rate,
    seconds: minutes.reduce((sum, { seconds }) => sum + seconds, 0),
    throttled: throttled.length === 0 ? 0 : mean(throttled),
  }
}

/**
 * Does it grow so surely that it counts until the next restart? A diagnosis asks what is lost within the run; a size must last for the hours
 * between two restarts, so less growth matters, and it must have been seen as long.
 */
const isLeak = ({ state, drift, collections, piece }: Growth, limit: number, restart: number): boolean => {
  const isRising = drift.z >= significant && drift.low > 0 && drift.halves[1] >= settles * drift.slope
  const isLong = collections >= fewestCollections && piece.until - piece.from >= long
  return state === 'leaks' || state === 'suspected' || (isRising && isLong && drift.low * restart * 3600 >= counts.proven * limit)
}

/** Growth that did not settle, GB an hour: of the process's memory before a heap within it. @param restart h */
const leakIn = (run: Run, service: string, restart: number): number => {
  const growing = memoryGrowths(run, resourcesOfService(run, service)).filter((growth) => isLeak(growth, growth.resource.limit ?? growth.level, restart))
  const worst = growing.find(({ resource }) => resource.what === 'memory') ?? growing[0]
  return worst === undefined ? 0 : (worst.drift.slope * 3600) / bytesOfGigabyte
}

/** @param restart hours between restarts, which end a leak */
export const measuredMemory = (runs: readonly Run[], service: string, restart: number): MeasuredMemory | Declined => {
  const most = runs
    .flatMap((run) => resourcesOfService(run, service).flatMap(({ what, readings }) => (what === 'memory' ? readings : [])))
    .reduce((sofar, { value }) => Math.max(sofar, value), 0)
  if (most === 0) return declined(`Size unknown, because no probe watched the memory of ${service}. Add a process or cgroup probe, and run again.`)
  return { declined: false, memory: most / bytesOfGigabyte, leak: Math.max(...runs.map((run) => leakIn(run, service, restart))) }
}
