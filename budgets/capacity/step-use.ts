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
}

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

/** @param run of a load in steps, or of one that rises */
export const resourceUseOf = (run: Run): ResourceUse[] => {
  const resources = resourcesOf(run)
  const halves = secondHalvesOf(run)
  return resources
    .filter((resource) => isServer(resource, resources, resource.name))
    .map((resource) => ({
      resource,
      servers: resource.limit ?? 0,
      points: halves.flatMap(({ from, until }) => {
        const read = resource.readings.filter(({ at }) => at >= from && at < until).map(({ value }) => value)
        return read.length < Math.min(fewestReadings, until - from) ? [] : [{ rate: servedIn(run, from, until), busy: mean(read) }]
      }),
    }))
}
