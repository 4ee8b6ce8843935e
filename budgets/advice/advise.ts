/** What to deploy, from saved runs: an autoscaler's settings, the size and number of instances, and what they cost; or why it can't be said. */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined, mean } from '../../runner/stats/few.ts'
import { resourcesOf } from '../attribution/resources.ts'
import { breakpointOf } from '../capacity/breakpoint.ts'
import { serviceDemand } from '../capacity/service-demand.ts'
import { resourceUseOf } from '../capacity/step-use.ts'
import type { Expectation } from './launch/expectation.ts'
import { requestsPerJourney } from './launch/launch.ts'
import type { Architecture, Prices } from './prices/prices.ts'
import { type PolicyOf, recommendScaling, type ScalingAdvice } from './scaling/recommend.ts'
import { hourlyPrice, monthlyCost, perMillion } from './sizing/cost.ts'
import type { Size } from './sizing/fargate-size.ts'
import { type Measured, type RightSize, rightSize } from './sizing/right-size.ts'

export type Situation = {
  readonly expectation: Expectation
  /** Ordinary arrivals per second. */
  readonly ordinary: number
  /** Seconds until a new instance is in service; undefined: neither measured nor given. */
  readonly startUp: number | undefined
  /** s */
  readonly longestWait: number
  /** Share of the requests that may wait longer, 0–1. */
  readonly tolerated: number
  readonly policyOf: PolicyOf
  readonly sizes: readonly Size[]
  readonly prices: Prices
  readonly architecture: Architecture
  readonly now?: { readonly size: Size; readonly instances: number }
}

export type Cost = { readonly monthly: number; readonly perMillion: number; readonly currency: string }

export type Advice = {
  readonly runs: readonly string[]
  readonly expectation: Expectation
  /** Ordinary arrivals per second. */
  readonly ordinary: number
  /** Seconds until a new instance is in service, where that is known. */
  readonly startUp: number | undefined
  readonly architecture: Architecture
  /** Longest wait that still meets the objective, s. */
  readonly longestWait: number
  readonly requestsPerJourney: number
  /** Arrivals per second that one instance held; null: not measured. */
  readonly capacity: number | null
  /** Share of its cores that it used at that rate, 0–1; undefined: not watched. */
  readonly useAtCapacity: number | undefined
  readonly scaling: ScalingAdvice | Declined
  readonly size: RightSize | Declined
  /** Of the recommended size, all day at the number of instances that the height needs. */
  readonly cost: Cost | Declined
}

const bytesOfGigabyte = 1e9
const nearPlanned = 0.8 // of the planned rate of an instance: what counts as measured at it

/** Highest rate that held, of a breakpoint test in front of one instance. */
const heldRate = (runs: readonly Run[]): number | undefined => {
  const run = runs.find(({ test, validity }) => test === 'breakpoint' && validity.state !== 'INVALID')
  if (run === undefined) return undefined
  const found = breakpointOf(run)
  return (found.found ? found.lastGood : found.atLeast) ?? undefined
}

/** Seconds of a run in which at least so many arrivals came. */
const secondsAt = ({ timeline }: Run, rate: number): number => {
  let seconds = 0
  for (const { started } of timeline) if (started >= rate) seconds += 1
  return seconds
}

/** CPU, memory and throttling of the service that the target's CPU belongs to. */
const measuredIn = (runs: readonly Run[], rate: number): Measured | Declined => {
  const uses = runs.flatMap((run) => resourceUseOf(run).filter(({ resource }) => resource.what === 'cpu'))
  const [first] = uses
  if (first === undefined)
    return declined('Size unknown, because no probe watched the CPU of the target: a process or cgroup probe does. Add it under probes, and run again.')
  const { service } = first.resource
  const points = uses.filter(({ resource }) => resource.service === service).flatMap((use) => use.points)
  const demand = serviceDemand(points, first.resource.name)
  if (demand.declined) return declined(`Size unknown: ${demand.because}`)
  const resources = runs.flatMap(resourcesOf).filter((each) => each.service === service)
  const of = (what: string): readonly number[] => resources.filter((each) => each.what === what).flatMap(({ readings }) => readings.map(({ value }) => value))
  const [memory, throttled] = [of('memory'), of('throttled')]
  if (memory.length === 0) return declined(`Size unknown, because no probe watched the memory of ${service}. Add a process or cgroup probe, and run again.`)
  return {
    demand: demand.demand,
    background: Math.max(0, demand.background),
    cores: first.servers,
    memory: memory.reduce((most, value) => Math.max(most, value), 0) / bytesOfGigabyte,
    leak: 0,
    seconds: runs.reduce((sum, run) => sum + secondsAt(run, nearPlanned * rate), 0),
    throttled: throttled.length === 0 ? 0 : mean(throttled),
  }
}

/** @param all runs of one instance */
export const advise = (all: readonly Run[], situation: Situation): Advice => {
  const runs = all.filter(({ validity, sweep }) => validity.state !== 'INVALID' && sweep === undefined)
  const held = heldRate(runs)
  const { expectation, ordinary, startUp, prices, architecture } = situation
  const requests = requestsPerJourney(runs.map((run) => ({ run })))
  const measured = measuredIn(runs, held ?? ordinary)
  const useAtCapacity = held === undefined || 'declined' in measured ? undefined : (measured.background + measured.demand * held * requests) / measured.cores
  const scaling = recommendScaling(
    {
      capacity: held,
      startUp,
      traffic: { base: ordinary, peak: expectation.peak, rise: expectation.rise, hold: 600 },
      longestWait: situation.longestWait,
      tolerated: situation.tolerated,
    },
    situation.policyOf,
  )
  const price = (size: Size): number | undefined => hourlyPrice(prices, size, architecture)
  const size =
    'declined' in measured
      ? measured
      : rightSize(measured, { rate: expectation.peak * requests, factor: 2, restart: 24, fewest: 2 }, situation.sizes, price, situation.now)
  const cost: Cost | Declined = size.declined
    ? declined('Cost unknown, because the size is.')
    : {
        monthly: monthlyCost(size.best.hourly, 1),
        perMillion: perMillion(size.best.hourly, 1, expectation.peak * requests),
        currency: prices.currency,
      }
  return {
    runs: all.map(({ id }) => id),
    expectation,
    ordinary,
    startUp,
    architecture,
    longestWait: situation.longestWait,
    requestsPerJourney: requests,
    capacity: held ?? null,
    useAtCapacity,
    scaling,
    size,
    cost,
  }
}
