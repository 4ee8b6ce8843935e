/**
 * The size of an instance and how many of them, for a rate that must be served: every valid size, with the use that its cores allow and
 * the two instances that there must be at least; the cheapest wins. "Already right" and "not enough data" are answers.
 * Rules: sizing.md; the pooling penalty is budgets/capacity/queue.ts's largestUse.
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { largestUse } from '../../capacity/queue.ts'
import { count, countOf, figure, percent } from '../../figure.ts'
import { type Size, sizeWords } from './fargate-size.ts'
import type { MeasuredCpu, MeasuredMemory } from './measured.ts'

/** What was measured of one instance. */
export type Measured = Omit<MeasuredCpu, 'declined' | 'service'> &
  Omit<MeasuredMemory, 'declined'> & {
    /** Requests per second that it held within the objective; undefined: not measured, so its CPU alone is asked. */
    readonly held: number | undefined
  }

export type Plan = {
  /** Requests per second of all instances together, at the height. */
  readonly rate: number
  /** An answer may take so many times what it takes without load, by waiting for a core. */
  readonly factor: number
  /** Where the factor comes from; ends a sentence that says how busy cores may be. */
  readonly factorBecause: string
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
const steadily = 0.9 // of what it held, so that measuring it again would not be too much
const busy = 0.6 // share of its cores from which on CPU is what bounds an instance
const worthwhile = 0.05 // share that a change of the size must save, since what was measured is known and what is predicted is not

/** Memory that an instance must have, GB: what was used, and a fifth more or what leaks until it is restarted. */
export const memoryNeeded = ({ memory, leak }: Pick<Measured, 'memory' | 'leak'>, restart: number): number =>
  memory + Math.max(spareMemory * memory, leak * restart)

/** One core or a part of one serves one request at a time; more of them share a line. */
const coresOf = (vcpu: number): number => Math.max(1, Math.floor(vcpu))

/** Share of its cores in use at the rate that it held; undefined where that rate is not known. */
const useAtHeld = ({ held, background, demand, cores, usable }: Measured): number | undefined =>
  held === undefined ? undefined : (background + demand * held) / Math.min(cores, usable)

const isBoundByCpu = (measured: Measured): boolean => (useAtHeld(measured) ?? 1) >= busy

/** Share of so many cores that may be in use: p99 is kept, and nothing is as busy as where it broke. */
const allowedUse = (cores: number, measured: Measured, factor: number): number => {
  const seen = useAtHeld(measured)
  return Math.min(largestUse(coresOf(cores), factor), seen !== undefined && isBoundByCpu(measured) ? steadily * seen : 1)
}

/** Requests per second. What something else than CPU bounds serves no more on a larger size. */
export const capacityAt = ({ vcpu }: Pick<Size, 'vcpu'>, measured: Measured, factor: number): number => {
  const { demand, background, unevenness, usable, held } = measured
  const cores = Math.min(vcpu, usable)
  const byCpu = ((allowedUse(cores, measured, factor) * cores) / unevenness - background) / demand
  return held === undefined || isBoundByCpu(measured) ? byCpu : Math.min(byCpu, steadily * held)
}

const candidateOf = (size: Size, measured: Measured, plan: Plan, price: number): SizeCandidate | undefined => {
  const capacity = capacityAt(size, measured, plan.factor)
  if (capacity <= 0) return undefined
  const instances = Math.max(plan.fewest, Math.ceil(plan.rate / capacity - 1e-9))
  const use = (measured.background + (measured.demand * plan.rate) / instances) / size.vcpu
  return { size, instances, use, capacity, hourly: instances * price }
}

export const refusal = ({ throttled, seconds, planned }: Measured): Declined | undefined => {
  if (throttled > throttledAlready)
    return declined(
      `Size unknown, because a quota held the instance back in ${percent(throttled, 2)} of its periods: the measured CPU is the limit, not the need. Measure at a larger size.`,
    )
  if (seconds < shortest)
    return declined(
      `Size unknown, because ${countOf(Math.round(seconds), 'second')} at the planned rate were measured and ${count(shortest)} are needed. Run perf run baseline --rate ${Math.max(1, Math.round(planned))}/s --duration 12m.`,
    )
  return undefined
}

const cpuWords = (measured: Measured, { size }: SizeCandidate, { factor, factorBecause }: Plan): string => {
  const { demand, held, usable, unevenness } = measured
  const cores = Math.min(size.vcpu, usable)
  const use = `a request takes ${figure(demand * 1000, 'ms')} of a core, and ${countOf(coresOf(cores), 'core')} may be ${percent(allowedUse(cores, measured, factor), 2)} busy for ${factorBecause}`
  const uneven = unevenness > 1.05 ? ` Its busiest minute took ${figure(unevenness, '')} times what its requests come to, which is provided for.` : ''
  const thread = usable < size.vcpu ? ' It is one busy thread, which more than one core gains nothing.' : ''
  const other =
    held !== undefined && !isBoundByCpu(measured)
      ? ` Not CPU bounds it: it held ${figure(held, '/s')} with ${percent(useAtHeld(measured) ?? 0, 2)} of its CPU in use, so no size is trusted with more than ${percent(steadily)} of that.`
      : ''
  return `${use}.${uneven}${thread}${other}`
}

const memoryWords = ({ memory, leak }: Measured, needed: number, restart: number): string =>
  `Memory: ${figure(memory, '')} GB at most was used, ${leak > 0 ? `and it grew by ${figure(leak, '')} GB an hour without settling, so for ${figure(restart, '')} h between restarts` : 'and with a fifth to spare'} ${figure(needed, '')} GB are needed.`

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
  const refused = refusal(measured)
  if (refused !== undefined) return refused
  const memory = memoryNeeded(measured, plan.restart)
  const all = sizes
    .filter(({ gigabytes }) => gigabytes >= memory - 1e-9)
    .flatMap((size) => {
      const each = price(size)
      const candidate = each === undefined ? undefined : candidateOf(size, measured, plan, each)
      return candidate === undefined ? [] : [candidate]
    })
    .toSorted((a, b) => a.hourly - b.hourly)
  const [cheapest] = all
  if (cheapest === undefined)
    return declined(`No size holds it: ${figure(memory, '')} GB and ${figure(measured.background, '')} cores without any request are needed.`)
  const kept = now?.size.vcpu ?? measured.cores
  const best = all.find(({ size, hourly }) => size.vcpu === kept && hourly * (1 - worthwhile) <= cheapest.hourly) ?? cheapest
  const candidates = all.filter((each, at) => all.findIndex(({ size }) => size.vcpu === each.size.vcpu) === at)
  const isAlreadyRight = now !== undefined && now.size.vcpu === best.size.vcpu && now.size.gigabytes === best.size.gigabytes && now.instances === best.instances
  return {
    declined: false,
    needed: { memory },
    best,
    candidates,
    isAlreadyRight,
    because: `${isAlreadyRight ? 'Already right: ' : ''}${countOf(best.instances, 'instance')} of ${sizeWords(best.size)} serve ${figure(plan.rate, '/s')} at ${percent(best.use, 2)} of their CPU: ${cpuWords(measured, best, plan)} ${memoryWords(measured, memory, plan.restart)}`,
  }
}
