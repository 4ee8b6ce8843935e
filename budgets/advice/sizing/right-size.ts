/**
 * The size of an instance and how many of them, for a rate that must be served: every valid size, with the use that its cores allow and
 * the two instances that there must be at least; the cheapest wins. "Already right" and "not enough data" are answers.
 * Rules: science.md §15; the pooling penalty is budgets/capacity/queue.ts's largestUse.
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { largestUse } from '../../capacity/queue.ts'
import { count, countOf, figure, percent } from '../../figure.ts'
import type { Size } from './fargate-size.ts'

/** What was measured of one instance. */
export type Measured = {
  /** Core-seconds that one request takes, and cores in use without any (budgets/capacity/service-demand.ts). */
  readonly demand: number
  readonly background: number
  /** Cores that it could use meanwhile. */
  readonly cores: number
  /** Most memory of one instance, GB. */
  readonly memory: number
  /** GB an hour by which memory grew and did not settle; 0: it settled. */
  readonly leak: number
  /** Seconds of load at or near the planned rate. */
  readonly seconds: number
  /** Share of the periods in which a quota held it back, 0–1. */
  readonly throttled: number
}

export type Plan = {
  /** Requests per second of all instances together, at the height. */
  readonly rate: number
  /** p99 may be so many times what it is without load, by waiting for a core. */
  readonly factor: number
  /** Hours between restarts, which end a leak. */
  readonly restart: number
  /** So many there must be, whatever the load: one may fail. */
  readonly fewest: number
}

export type SizeCandidate = {
  readonly size: Size
  readonly instances: number
  /** Share of its cores in use at the planned rate, 0–1. */
  readonly use: number
  /** Requests per second that one serves at the use its cores allow. */
  readonly capacity: number
  /** Price of all of them for an hour. */
  readonly hourly: number
}

export type RightSize = {
  readonly declined: false
  readonly needed: { readonly memory: number }
  readonly best: SizeCandidate
  /** Cheapest of each number of cores, cheapest first, the best among them. */
  readonly candidates: readonly SizeCandidate[]
  readonly isAlreadyRight: boolean
  readonly because: string
}

const shortest = 600 // seconds at the planned rate
const spareMemory = 0.2
const throttledAlready = 0.01

/** Memory that an instance must have, GB: what was used, and a fifth more or what leaks until it is restarted. */
export const memoryNeeded = ({ memory, leak }: Pick<Measured, 'memory' | 'leak'>, restart: number): number =>
  memory + Math.max(spareMemory * memory, leak * restart)

/** One core or a part of one serves one request at a time; more of them share a line. */
const coresOf = ({ vcpu }: Size): number => Math.max(1, Math.floor(vcpu))

const candidateOf = (size: Size, measured: Measured, plan: Plan, price: number): SizeCandidate | undefined => {
  const allowed = largestUse(coresOf(size), plan.factor) * size.vcpu
  const capacity = (allowed - measured.background) / measured.demand
  if (capacity <= 0) return undefined
  const instances = Math.max(plan.fewest, Math.ceil(plan.rate / capacity - 1e-9))
  const use = (measured.background + (measured.demand * plan.rate) / instances) / size.vcpu
  return { size, instances, use, capacity, hourly: instances * price }
}

const sizeWords = ({ vcpu, gigabytes }: Size): string => `${figure(vcpu, '')} vCPU and ${figure(gigabytes, '')} GB`

/**
 * @param sizes that may be had @param price of one instance of a size for an hour; undefined where it is not known
 * @param now what is deployed, for "already right"
 * @example rightSize(measured, plan, sizes, price).best // { size: { vcpu: 0.5, gigabytes: 1 }, instances: 6, … }
 */
export const rightSize = (
  measured: Measured,
  plan: Plan,
  sizes: readonly Size[],
  price: (size: Size) => number | undefined,
  now?: { readonly size: Size; readonly instances: number },
): RightSize | Declined => {
  if (measured.throttled > throttledAlready)
    return declined(
      `Size unknown, because a quota held the instance back in ${percent(measured.throttled, 2)} of its periods: the measured CPU is the limit, not the need. Measure at a larger size.`,
    )
  if (measured.seconds < shortest)
    return declined(
      `Size unknown, because ${countOf(Math.round(measured.seconds), 'second')} at the planned rate were measured and ${count(shortest)} are needed. Run perf run baseline --duration 12m.`,
    )
  const memory = memoryNeeded(measured, plan.restart)
  const all = sizes
    .filter(({ gigabytes }) => gigabytes >= memory - 1e-9)
    .flatMap((size) => {
      const each = price(size)
      const candidate = each === undefined ? undefined : candidateOf(size, measured, plan, each)
      return candidate === undefined ? [] : [candidate]
    })
    .toSorted((a, b) => a.hourly - b.hourly)
  const [best] = all
  if (best === undefined)
    return declined(`No size holds it: ${figure(memory, '')} GB and ${figure(measured.background, '')} cores without any request are needed.`)
  const candidates = all.filter((each, at) => all.findIndex(({ size }) => size.vcpu === each.size.vcpu) === at)
  const isAlreadyRight = now !== undefined && now.size.vcpu === best.size.vcpu && now.size.gigabytes === best.size.gigabytes && now.instances === best.instances
  return {
    declined: false,
    needed: { memory },
    best,
    candidates,
    isAlreadyRight,
    because: `${isAlreadyRight ? 'Already right: ' : ''}${countOf(best.instances, 'instance')} of ${sizeWords(best.size)} serve ${figure(plan.rate, '/s')} at ${percent(best.use, 2)} of their CPU: a request takes ${figure(measured.demand * 1000, 'ms')} of a core, and ${countOf(coresOf(best.size), 'core')} may be ${percent(largestUse(coresOf(best.size), plan.factor), 2)} busy for p99 to stay within ${figure(plan.factor, '')} times what it is without load. Memory: ${figure(measured.memory, '')} GB at most was used, ${figure(memory, '')} are needed.`,
  }
}
