/** EC2 instances that could hold the recommended tasks, by how many fit on one: what Fargate's price is held against. */
import type { Architecture, Prices } from '../prices/prices.ts'
import type { Size } from './fargate-size.ts'

export type InstanceCandidate = {
  readonly type: string
  /** Tasks that fit on one. */
  readonly tasks: number
  readonly instances: number
  /** Of all of them. */
  readonly hourly: number
}

const systemShare = 0.06 // of the memory: kernel and container agent; an assumption, a t3.medium of 4 GB shows ECS about 3.75
const fewest = 2 // one may fail
const shown = 3

/** Instances of the t families are throttled once their credits are gone, so they carry no steady load at their size. */
export const isSteady = (type: string): boolean => !/^t\d/.test(type)

/**
 * The cheapest few, cheapest first. All tasks are alike, so packing them is dividing: as many as both vCPU and memory allow.
 * @example instanceCandidates({ vcpu: 1, gigabytes: 2 }, 10, prices, 'arm')[0] // { type: 'c6g.large', tasks: 1, instances: 10, hourly: 0.68 }
 */
export const instanceCandidates = (task: Size, count: number, { instances }: Prices, architecture: Architecture): InstanceCandidate[] =>
  Object.entries(instances)
    .flatMap(([type, node]) => {
      const tasks = Math.min(Math.floor(node.vcpu / task.vcpu + 1e-9), Math.floor((node.gigabytes * (1 - systemShare)) / task.gigabytes + 1e-9))
      if (node.architecture !== architecture || tasks === 0 || !isSteady(type)) return []
      const needed = Math.max(fewest, Math.ceil(count / tasks))
      return [{ type, tasks, instances: needed, hourly: needed * node.hour }]
    })
    .toSorted((a, b) => a.hourly - b.hourly)
    .slice(0, shown)
