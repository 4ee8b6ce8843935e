/**
 * Requests and limits of a container, which Kubernetes takes to the thousandth of a core: CPU requested as the busiest minute needs it and
 * not limited, memory requested and limited alike (the rules of KRR, with our own spare memory).
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { count, countOf, figure } from '../../figure.ts'
import type { Architecture, Prices } from '../prices/prices.ts'
import type { Size } from './fargate-size.ts'
import { isSteady } from './instances.ts'
import { capacityAt, type Measured, memoryNeeded, type Plan, type RightSize, refusal } from './right-size.ts'

const grain = { cpu: 0.01, memory: 1 / 64 } as const // cores, and GB: 16 MiB
const gigabyte = 1024 // MiB

const upTo = (value: number, step: number): number => Number((Math.ceil(value / step - 1e-9) * step).toFixed(6))

/** A pod's share of the node on which its requests cost least, per hour; undefined where the file has no node of that architecture. */
export const podPrice = ({ instances }: Prices, { vcpu, gigabytes }: Size, architecture: Architecture): number | undefined => {
  const shares = Object.entries(instances).flatMap(([type, node]) =>
    node.architecture === architecture && isSteady(type) ? [Math.max(vcpu / node.vcpu, gigabytes / node.gigabytes) * node.hour] : [],
  )
  return shares.length === 0 ? undefined : Math.min(...shares)
}

/**
 * Pods that each serve what the measured instance can, or their share of the rate where that is less.
 * @param price of a pod's requests for an hour
 * @example rightPod(measured, plan, price).best.size // { vcpu: 0.52, gigabytes: 0.734375 }
 */
export const rightPod = (
  measured: Measured,
  plan: Plan,
  price: (size: Size) => number | undefined,
  now?: { readonly size: Size; readonly instances: number },
): RightSize | Declined => {
  const refused = refusal(measured)
  if (refused !== undefined) return refused
  const { demand, background, unevenness } = measured
  const capacity = capacityAt({ vcpu: measured.cores }, measured, plan.factor)
  if (capacity <= 0) return declined(`Size unknown, because ${figure(background, '')} cores are in use without any request, and no request of CPU can be told.`)
  const instances = Math.max(plan.fewest, Math.ceil(plan.rate / capacity - 1e-9))
  const needed = (background + (demand * plan.rate) / instances) * unevenness
  const memory = memoryNeeded(measured, plan.restart)
  const size = { vcpu: upTo(needed, grain.cpu), gigabytes: upTo(memory, grain.memory) }
  const each = price(size)
  if (each === undefined) return declined('Size unknown, because the prices have no instance of that architecture to put pods on.')
  const best = { size, instances, use: needed / unevenness / size.vcpu, capacity, hourly: instances * each }
  const isAlreadyRight = now !== undefined && now.instances === instances && now.size.vcpu === size.vcpu && now.size.gigabytes === size.gigabytes
  return {
    declined: false,
    needed: { memory },
    best,
    candidates: [best],
    isAlreadyRight,
    because: `${isAlreadyRight ? 'Already right: ' : ''}${countOf(instances, 'pod')} serve ${figure(plan.rate, '/s')}, each requesting ${count(Math.round(size.vcpu * 1000))}m of CPU, what its busiest minute takes, without a limit, and ${count(Math.round(size.gigabytes * gigabyte))}Mi of memory as request and limit: ${figure(measured.memory, '')} GB at most was used${measured.leak > 0 ? `, and it grew by ${figure(measured.leak, '')} GB an hour without settling` : ', and a fifth is spare'}.`,
  }
}
