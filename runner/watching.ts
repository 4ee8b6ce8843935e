/** Which probes watch a run, and how what the engine tells of itself reaches them. */
import type { Watcher } from './engines/engine.ts'
import type { Plan } from './plan.ts'
import { portOf } from './port.ts'
import { type Greeting, greet } from './preflight.ts'
import type { ProbeEntry } from './probe-record.ts'
import { GeneratorProbe } from './probes/generator.ts'
import { IdentityProbe } from './probes/identity.ts'
import type { Probe } from './probes/probe.ts'
import { Watch } from './probes/watch.ts'

export type Watching = {
  readonly watch: Watch
  /** The engine's own part. */
  readonly hooks: Required<Pick<Watcher, 'process' | 'thread'>>
  /** Requests that probes made, which are in no figure. */
  readonly requests: () => number
}

const patience = 4000 // milliseconds; less than a reading may take, so that the request is over when the reading is

/**
 * @param greeting undefined when there is no target, as in a replay: nothing is watched then
 * @param others the probes of the configuration
 * @param tell is told what they say as they say it
 */
export const watchingOf = (plan: Plan, greeting: Greeting | undefined, others: readonly Probe[], tell: (entry: ProbeEntry) => void): Watching => {
  if (greeting === undefined) return { watch: new Watch([]), hooks: { process: () => {}, thread: () => {} }, requests: () => 0 }
  const generator = new GeneratorProbe({ port: portOf(plan.target.url) })
  const identity = new IdentityProbe(greeting, () => greet(plan, patience))
  return {
    watch: new Watch([generator, identity, ...others], undefined, tell),
    hooks: { process: (pid) => generator.adopt(pid), thread: (number, health) => generator.hear(number, health) },
    requests: () => identity.requests,
  }
}
