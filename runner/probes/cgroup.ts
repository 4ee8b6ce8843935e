/** Watches a control group, which is what a container's limits are made of: CPU and its quota, memory, disk, pressure. */
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { type Account, accountOf, type ControlGroup, groupAtPath, groupOfContainer, groupOfProcess, type Places } from '../machine/control-groups.ts'
import type { Caveat } from '../run.ts'
import { type ProbeWorld, probeKind } from './kind.ts'
import { targetProcesses } from './neighbours.ts'
import type { Parting, Probe, Sample } from './probe.ts'

const options = z.union([
  z.strictObject({ pid: z.int().min(1).describe('a process in it') }),
  z.strictObject({ container: z.string().min(12).describe("a container's id, or its first 12 characters") }),
  z.strictObject({ path: z.string().min(1).describe('below the root of control groups, such as /system.slice/shop.service') }),
])
type Which = z.output<typeof options>

const groupOf = (which: Which, places: Places): ControlGroup | undefined =>
  'pid' in which ? groupOfProcess(which.pid, places) : 'container' in which ? groupOfContainer(which.container, places) : groupAtPath(which.path, places)

const wordsOf = (which: Which): string => ('pid' in which ? `process ${which.pid}` : 'container' in which ? `container ${which.container}` : which.path)

export class CgroupProbe implements Probe {
  readonly every = 1
  #group: ControlGroup | undefined
  #before: { readonly at: number; readonly account: Account } | undefined
  #oomKills = 0

  constructor(
    readonly name: string,
    private readonly which: Which,
    private readonly places: Places,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async start(): Promise<void> {
    this.#group = groupOf(this.which, this.places)
    if (this.#group === undefined || accountOf(this.#group).cpu === undefined)
      throw new Error(`there is no control group of ${wordsOf(this.which)} that can be read here`)
  }

  async read(): Promise<readonly Sample[]> {
    if (this.#group === undefined) return []
    const account = accountOf(this.#group)
    if (account.cpu === undefined) throw new Error('the control group is gone')
    const before = this.#before
    const now = this.now()
    this.#before = { at: now, account }
    const { memory, memoryLimit, memoryPeak, quota } = account
    const sample = (what: string, unit: string, value: number | undefined, limit?: number): Sample[] =>
      value === undefined ? [] : [{ name: `${this.name}.${what}`, unit, value, limit: limit ?? null }]
    const still = [...sample('memory', 'bytes', memory, memoryLimit), ...sample('memory_peak', 'bytes', memoryPeak, memoryLimit)]
    if (before === undefined) return still
    const seconds = (now - before.at) / 1000
    const grown = (of: (account: Account) => number | undefined): number | undefined => {
      const [from, to] = [of(before.account), of(account)]
      return from === undefined || to === undefined ? undefined : Math.max(0, to - from)
    }
    const rate = (of: (account: Account) => number | undefined): number | undefined => {
      const growth = grown(of)
      return growth === undefined ? undefined : growth / seconds
    }
    const [periods, throttled] = [grown((each) => each.periods), grown((each) => each.throttledPeriods)]
    const kills = grown((each) => each.oomKills)
    this.#oomKills += kills ?? 0
    return [
      ...sample(
        'cpu',
        'cores',
        rate((each) => each.cpu),
        quota ?? availableParallelism(),
      ),
      // Share of the quota's periods that ended with the group standing still; 0 where there is no quota.
      ...sample('throttled', 'ratio', periods === undefined || throttled === undefined ? undefined : periods === 0 ? 0 : throttled / periods),
      ...sample(
        'throttled_time',
        'cores',
        rate((each) => each.throttled),
      ),
      ...still,
      ...sample('oom_kills', 'count', kills),
      ...sample(
        'disk_read',
        'bytes/s',
        rate((each) => each.bytesRead),
      ),
      ...sample(
        'disk_written',
        'bytes/s',
        rate((each) => each.bytesWritten),
      ),
      ...sample(
        'cpu_pressure',
        'ratio',
        rate((each) => each.pressure.cpu),
      ),
      ...sample(
        'memory_pressure',
        'ratio',
        rate((each) => each.pressure.memory),
      ),
      ...sample(
        'io_pressure',
        'ratio',
        rate((each) => each.pressure.io),
      ),
    ]
  }

  async stop(): Promise<Parting> {
    if (this.#oomKills === 0) return {}
    const caveat: Caveat = {
      code: 'out-of-memory',
      text: `The kernel killed ${this.#oomKills === 1 ? 'a process' : `${this.#oomKills} processes`} of "${this.name}" for memory during the run. Its limit was reached. Give it more memory, or find what fills it.`,
    }
    return { caveats: [caveat] }
  }
}

const placesIn = ({ proc, cgroups }: ProbeWorld): Places => ({ ...(proc && { proc }), ...(cgroups && { cgroups }) })

export const cgroupKind = probeKind({
  kind: 'cgroup',
  reads: 'CPU with its quota and throttling, memory, disk and pressure of a control group (versions 1 and 2), by pid, container id or path',
  needs: 'Linux, and /sys/fs/cgroup of the host; in a container, mount it read-only.',
  options,
  create: (name, which, world) => new CgroupProbe(name, which, placesIn(world)),
  looksFor: "the control group of the target's process, when the target is on this machine; the root group counts only where it has a limit",
  detect: async (world) => {
    const [pid] = targetProcesses(world)
    const group = pid === undefined ? undefined : groupOfProcess(pid, placesIn(world))
    if (pid === undefined || group === undefined) return []
    const { cpu, quota, memoryLimit } = accountOf(group)
    // What holds everything that runs here says no more than the host does, unless it is a container's own root.
    if (cpu === undefined || (group.path === '/' && quota === undefined && memoryLimit === undefined)) return []
    return [{ seen: `Process ${pid} of the target is in the control group ${group.path}`, options: { pid } }]
  },
})
