/** Watches the demo shop's pool of connections, which is what it runs out of first; nobody needs to configure a probe to see what bounds it. */
import type { Parting, Probe, Sample } from '../probes/probe.ts'
import { samplesOf } from '../probes/probe.ts'
import type { PoolState } from './pool.ts'

export class PoolProbe implements Probe {
  readonly name = 'shop'
  readonly every = 1
  #before: { readonly at: number; readonly busy: number } | undefined

  constructor(private readonly url: string) {}

  async start(signal: AbortSignal): Promise<void> {
    await this.read(signal)
  }

  async read(signal: AbortSignal): Promise<readonly Sample[]> {
    const { pool } = (await (await fetch(`${this.url}/stats`, { signal })).json()) as { readonly pool: PoolState }
    const now = { at: performance.now(), busy: pool.busy }
    const before = this.#before
    this.#before = now
    const sample = samplesOf(this.name)
    const used = before === undefined ? null : Math.min(pool.size, (now.busy - before.busy) / (now.at - before.at))
    return [sample('pool', 'count', used, pool.size), sample('queue', 'count', pool.waiting, pool.queueLimit)]
  }

  async stop(): Promise<Parting> {
    return {}
  }
}
