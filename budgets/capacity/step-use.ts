/** What a run served in each step of its load, and how busy each resource was meanwhile: the points that a demand is fitted to. */
import type { Run } from '../../runner/run.ts'
import { mean } from '../../runner/stats/few.ts'
import { type Resource, resourcesOf } from '../attribution/resources.ts'
import type { UsePoint } from './service-demand.ts'
import { type Half, offeredHalves } from './steps.ts'

export type ResourceUse = {
  readonly resource: Resource
  /** Servers there are: cores, connections. */
  readonly servers: number
  /** Requests per second that succeeded, by how many servers were busy. */
  readonly points: readonly UsePoint[]
  /** The same points, by what the requests went to; empty for a sweep. */
  readonly mixes: readonly Mix[]
}

/** Requests per second that succeeded, by endpoint. */
export type Served = Readonly<Record<string, number>>

export type Mix = { readonly served: Served; readonly busy: number }

const fewestReadings = 3

/** What serves one request at a time with each of its parts, and says how many it has. */
const isServer = ({ what, limit, limitBecause, unit }: Resource, all: readonly Resource[], name: string): boolean => {
  if (limit === null) return false
  // Whoever names the unit of a series so says that each of them serves one request at a time.
  if (what === 'pool' || unit === 'servers') return true
  // A program of one thread has one core, however many the machine has.
  if (unit === 'cores' && what === 'cpu') return limitBecause !== undefined || !all.some((other) => other.name === `${name} of one thread`)
  return false
}

const servedBy = ({ timeline }: Run, from: number, until: number): Served => {
  const served: Record<string, number> = {}
  for (const { cells } of timeline.slice(from, until))
    for (const { endpoint, outcome, count } of cells) if (outcome === 'success') served[endpoint] = (served[endpoint] ?? 0) + count / (until - from)
  return served
}

const servedIn = ({ timeline }: Run, from: number, until: number): number => {
  let succeeded = 0
  for (const { cells } of timeline.slice(from, until)) for (const { outcome, count } of cells) if (outcome === 'success') succeeded += count
  return succeeded / (until - from)
}

/** The second half of a step is nearer to a steady state than the first. */
const secondHalvesOf = (run: Run): Half[] => offeredHalves(run).filter((_, at) => at % 2 === 1)

export type ServedStep = {
  /** Planned arrivals per second at its end. */ readonly rate: number /** Successful requests per second. */
  readonly served: number
}

/** What was served in the second half of each step, when it is nearer to a steady state; what was answered after the load is in none. */
export const servedSteps = (run: Run): ServedStep[] => secondHalvesOf(run).map(({ high, from, until }) => ({ rate: high, served: servedIn(run, from, until) }))

/** Seconds of a run. */
export type Stretch = {
  readonly from: number
  readonly until: number
  /** Successful requests per second. */
  readonly rate: number
  readonly served?: Served
}

/** Mean number of servers that were busy; undefined with too few readings. */
const busyIn = ({ readings }: Resource, { from, until }: Stretch): number | undefined => {
  const read = readings.filter(({ at }) => at >= from && at < until).map(({ value }) => value)
  return read.length < Math.min(fewestReadings, until - from) ? undefined : mean(read)
}

/** How busy each resource was in stretches of which it is known what was served. */
export const resourceUseIn = (run: Run, stretches: readonly Stretch[]): ResourceUse[] => {
  const resources = resourcesOf(run)
  return resources
    .filter((resource) => isServer(resource, resources, resource.name))
    .map((resource) => {
      const known = stretches.flatMap((stretch) => {
        const busy = busyIn(resource, stretch)
        return busy === undefined ? [] : [{ ...stretch, busy }]
      })
      return {
        resource,
        servers: resource.limit ?? 0,
        points: known.map(({ rate, busy }) => ({ rate, busy })),
        mixes: known.flatMap(({ served, busy }) => (served === undefined ? [] : [{ served, busy }])),
      }
    })
}

/** @param run of a load in steps, or of one that rises */
export const resourceUseOf = (run: Run): ResourceUse[] =>
  resourceUseIn(
    run,
    secondHalvesOf(run).map(({ from, until }) => ({ from, until, rate: servedIn(run, from, until), served: servedBy(run, from, until) })),
  )
