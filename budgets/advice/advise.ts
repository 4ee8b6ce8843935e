/** What to deploy, from saved runs: an autoscaler's settings, the size and number of instances, and what they cost; or why it can't be said. */
import type { Deployment } from '../../runner/deployments/deployment.ts'
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import { heldByOne } from '../capacity/instances.ts'
import { requestsPerJourney } from '../capacity/requests-per-journey.ts'
import type { Objective } from '../capacity/step-judge.ts'
import { resourceUseOf } from '../capacity/step-use.ts'
import { type Cost, fleetCost } from './cost/fleet-cost.ts'
import { type CostTrend, costTrend, journeyCost } from './cost/journey-cost.ts'
import { type Unused, unusedIn } from './cost/unused.ts'
import { asDeployed } from './deployed/as-deployed.ts'
import type { DeployedPlay } from './deployed/play-deployed.ts'
import type { Expectation } from './launch/expectation.ts'
import type { Architecture, Prices } from './prices/prices.ts'
import type { PolicyKind } from './scaling/autoscalers.ts'
import { correlationWithLoad } from './scaling/follows-load.ts'
import type { MeasuredStartUp } from './scaling/lag.ts'
import type { ScalingNeed } from './scaling/need.ts'
import { recommendScaling, type ScalingAdvice } from './scaling/recommend.ts'
import { type Reproduction, reproduce } from './scaling/reproduction.ts'
import { allowedWait } from './sizing/allowed-wait.ts'
import { hourlyPrice } from './sizing/cost.ts'
import type { Size } from './sizing/fargate-size.ts'
import { type MeasuredCpu, measuredCpu, measuredMemory } from './sizing/measured.ts'
import { podPrice, rightPod } from './sizing/pod-size.ts'
import { type Plan, type RightSize, rightSize } from './sizing/right-size.ts'

export type Situation = {
  readonly expectation: Expectation
  /** Ordinary arrivals per second. */
  readonly ordinary: number
  /** Seconds of the epoch at which it begins; undefined: nobody said. */
  readonly begins?: number
  /** Seconds until a new instance is in service; undefined: neither measured nor given. */
  readonly startUp: number | undefined
  /** As it was read where it is deployed; what is given comes first. */
  readonly measuredStartUp?: MeasuredStartUp
  /** s */
  readonly longestWait: number
  /** Share of the requests that may wait longer, 0–1. */
  readonly tolerated: number
  /** Availability zones of which one may be lost; undefined: none may. */
  readonly zones?: number
  /** The kinds of policy that its autoscaler has. */
  readonly autoscaler: readonly PolicyKind[]
  /** Pods are sized to the thousandth of a core, tasks by the table. */
  readonly platform: 'fargate' | 'kubernetes'
  readonly sizes: readonly Size[]
  readonly prices: Prices
  /** The one that was measured. */
  readonly architecture: Architecture
  readonly now?: { readonly size: Size; readonly instances: number }
  /** As it was read, whose autoscaler is played beside the recommended one. */
  readonly deployment?: Deployment
  /** What the budgets demand of response time; none: a core may be half busy. */
  readonly objectives?: readonly Objective[]
  /** Earlier runs of the same target. */
  readonly history?: readonly Run[]
}

export type Advice = {
  readonly runs: readonly string[]
  /** Runs that nothing was told from, each with the reason as one sentence. */
  readonly leftOut: readonly string[]
  readonly expectation: Expectation
  /** Ordinary arrivals per second. */
  readonly ordinary: number
  /** Seconds until a new instance is in service, where that is known. */
  readonly startUp: number | undefined
  readonly architecture: Architecture
  /** Longest wait that still meets the objective, s. */
  readonly longestWait: number
  readonly requestsPerJourney: number
  /** Arrivals per second that the measured instance held; null: not measured. */
  readonly held: number | null
  /** Arrivals per second that one instance of the recommended size serves; null: not known. */
  readonly capacity: number | null
  /** Whether that was told from CPU, because another size was measured. */
  readonly isPredicted: boolean
  /** Share of its cores that it uses at that rate, 0–1; undefined: not watched. */
  readonly useAtCapacity: number | undefined
  readonly scaling: ScalingAdvice | Declined
  /** What the autoscaler as it is deployed makes of it; absent: no deployment was read. */
  readonly deployed?: DeployedPlay | Declined
  readonly size: RightSize | Declined
  /** Instances that serve the ordinary rate. */
  readonly calm: number
  readonly cost: Cost | Declined
  readonly trend: CostTrend | Declined
  readonly unused: readonly Unused[]
}

const steady = 0.8 // of what it held: the busiest that an autoscaler is advised to keep an instance
const restart = 24 // h between restarts, by a deployment or by hand

const leftOutOf = ({ id, validity, sweep }: Run): string[] => {
  if (validity.state === 'INVALID') return [`Run ${id} is left out, because it is INVALID. perf report ${id} says why.`]
  return sweep === undefined ? [] : [`Run ${id} is left out, because a sweep has no arrivals. perf capacity reads it.`]
}

type Known = {
  readonly runs: readonly Run[]
  readonly cpu: MeasuredCpu | Declined
  readonly requests: number
  readonly held: number | undefined
}

const sizeIn = ({ runs, cpu, requests, held }: Known, situation: Situation): RightSize | Declined => {
  if (cpu.declined) return cpu
  const memory = measuredMemory(runs, cpu.service, restart)
  if (memory.declined) return memory
  const { prices, architecture, sizes, platform, now, expectation, objectives = [] } = situation
  const measured = { ...cpu, ...memory, held: held === undefined ? undefined : held * requests }
  const wait = allowedWait(runs, objectives)
  if (wait.declined) return wait
  const plan: Plan = { rate: expectation.peak * requests, factor: wait.factor, factorBecause: wait.because, restart, fewest: 2 }
  return platform === 'kubernetes'
    ? rightPod(measured, plan, (size) => podPrice(prices, size, architecture), now)
    : rightSize(measured, plan, sizes, (size) => hourlyPrice(prices, size, architecture), now)
}

/** How the simulator does on a spike run, if there is one; not at all where it did not recover within the run. */
const reproductionOf = (runs: readonly Run[], held: number | undefined): Reproduction | undefined => {
  const run = runs.find(({ test }) => test === 'spike')
  const found = run && held !== undefined ? reproduce(run, held) : undefined
  return found === undefined || 'declined' in found ? undefined : found
}

/** Whether CPU moves with the load; undefined where too few loads were seen. */
const cpuFollows = (runs: readonly Run[], { service }: MeasuredCpu): number | undefined => {
  const uses = runs.flatMap((run) => resourceUseOf(run).filter(({ resource }) => resource.what === 'cpu' && resource.service === service))
  const found = correlationWithLoad(uses.flatMap(({ points }) => points.map(({ rate, busy }) => ({ rate, value: busy }))))
  return typeof found === 'number' ? found : undefined
}

/** Instances that serve the ordinary rate: as the autoscaler would keep them, else as the size tells. */
const calmIn = (scaling: ScalingAdvice | Declined, size: RightSize | Declined, ordinary: number, capacity: number | undefined, requests: number): number => {
  if (!scaling.declined && capacity !== undefined)
    return Math.max(scaling.reactiveOnly.minimum, Math.ceil(ordinary / (capacity * scaling.chosen.target) - 1e-9))
  return size.declined ? 2 : Math.max(2, Math.ceil((ordinary * requests) / size.best.capacity - 1e-9))
}

/** @param all runs of one instance */
export const advise = (all: readonly Run[], situation: Situation): Advice => {
  const runs = all.filter((run) => leftOutOf(run).length === 0)
  const held = heldByOne(runs)
  const { expectation, ordinary, startUp, architecture, history = [], now } = situation
  const requests = requestsPerJourney(runs)
  const cpu = measuredCpu(runs, held === undefined ? ordinary : steady * held)
  const size = sizeIn({ runs, cpu, requests, held }, situation)
  const isMeasuredSize = size.declined || cpu.declined || situation.platform === 'kubernetes' || size.best.size.vcpu === cpu.cores
  const capacity = isMeasuredSize ? held : size.best.capacity / requests
  const cores = isMeasuredSize ? (cpu.declined ? undefined : cpu.cores) : size.best.size.vcpu
  const useAtCapacity = cpu.declined || capacity === undefined || cores === undefined ? undefined : (cpu.background + cpu.demand * capacity * requests) / cores
  const useFollowsLoad = cpu.declined ? undefined : cpuFollows(runs, cpu)
  const reproduction = reproductionOf(runs, held)
  const need: ScalingNeed = {
    capacity,
    startUp,
    ...(situation.measuredStartUp && { measuredStartUp: situation.measuredStartUp }),
    ...(useAtCapacity !== undefined && { useAtCapacity }),
    ...(useFollowsLoad !== undefined && { useFollowsLoad }),
    ...(reproduction && { reproduction }),
    ...(!size.declined && { price: { hourly: size.best.hourly / size.best.instances, currency: situation.prices.currency } }),
    traffic: { base: ordinary, peak: expectation.peak, rise: expectation.rise, hold: 600 },
    ...(situation.begins !== undefined && { begins: situation.begins }),
    longestWait: situation.longestWait,
    tolerated: situation.tolerated,
    ...(situation.zones !== undefined && { zones: situation.zones }),
  }
  const scaling = recommendScaling(need, situation.autoscaler)
  const { deployment, prices } = situation
  const calm = calmIn(scaling, size, ordinary, capacity, requests)
  const costs = cpu.declined
    ? []
    : [...new Map([...history, ...runs].map((run) => [run.id, run])).values()].flatMap((run) => journeyCost(run, cpu.service) ?? [])
  return {
    runs: all.map(({ id }) => id),
    leftOut: all.flatMap(leftOutOf),
    expectation,
    ordinary,
    startUp,
    architecture,
    longestWait: situation.longestWait,
    requestsPerJourney: requests,
    held: held ?? null,
    capacity: capacity ?? null,
    isPredicted: !isMeasuredSize,
    useAtCapacity,
    scaling,
    ...(deployment && { deployed: asDeployed(deployment, { held, cpu, size, requestsPerJourney: requests }, need, prices) }),
    size,
    calm,
    cost: fleetCost(size, { ...situation, calm, requestsPerJourney: requests }),
    trend: cpu.declined ? declined('No trend of the cost, because what a request takes of a core is not known.') : costTrend(costs),
    unused: unusedIn([...runs, ...history], { deployed: now?.instances, needed: scaling.declined ? undefined : calm, ordinary }),
  }
}
