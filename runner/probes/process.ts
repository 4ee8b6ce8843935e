/** Watches processes of this machine, children included, through Linux's /proc: CPU, memory, open files, threads. */
import { readdirSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Seconds } from '../../scenarios/units.ts'
import { clock } from '../clock.ts'
import { familyOf, processesOn, programOf } from '../machine/listeners.ts'
import { cpuTimeOf, openFilesLimitOf, residentOf, scheduledOf } from '../machine/proc.ts'
import { textOf } from '../machine/text.ts'
import { portOf } from '../port.ts'
import { probeKind } from './kind.ts'
import { targetProcesses } from './neighbours.ts'
import type { Parting, Probe, Sample } from './probe.ts'

const options = z.union([
  z.strictObject({ pid: z.int().min(1).describe('number of the process') }),
  z.strictObject({ port: z.int().min(1).max(65_535).describe('a port that it listens on') }),
])

/** `waited`: by thread, seconds in which it was ready to run and had no core. */
type Seen = { readonly at: number; readonly cpu: ReadonlyMap<number, number>; readonly waited: ReadonlyMap<string, number> }

const threadsOf = (proc: string, pid: number): string[] => {
  try {
    return readdirSync(join(proc, String(pid), 'task')).map((thread) => join(String(pid), 'task', thread))
  } catch {
    return [] // gone by now
  }
}

const openFilesOf = (proc: string, pid: number): number | undefined => {
  try {
    return readdirSync(join(proc, String(pid), 'fd')).length
  } catch {
    return undefined // another user's
  }
}

/** @example pidsOf([12, 13]) // 'the processes 12 and 13 are' */
const pidsOf = (pids: readonly number[]): string => (pids.length === 1 ? `the process ${pids[0]} is` : `the processes ${pids.join(' and ')} are`)

const sum = (values: readonly (number | undefined)[]): number | null => {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

const mostChanges = 3 // told one by one; of a server that starts again and again the first ones say enough

class ProcessProbe implements Probe {
  readonly every = 1
  #roots: readonly number[] = []
  #before: Seen | undefined
  readonly #changes: string[] = []

  constructor(
    readonly name: string,
    private readonly which: z.output<typeof options>,
    private readonly proc: string,
  ) {}

  async start(): Promise<void> {
    this.#roots = this.#found()
    if (this.#family().length === 0)
      throw new Error(
        'pid' in this.which
          ? `there is no process ${this.which.pid} here`
          : `no process of this machine that may be looked into listens on port ${this.which.port}`,
      )
  }

  async read(_: AbortSignal, at: Seconds = 0): Promise<readonly Sample[]> {
    this.#follow(at)
    const family = this.#family()
    if (family.length === 0)
      throw new Error(
        'pid' in this.which ? `the process ${this.which.pid} is gone` : `${pidsOf(this.#roots)} gone, and nothing listens on port ${this.which.port}`,
      )
    const now: Seen = { at: performance.now(), cpu: new Map(family.flatMap((pid) => this.#cpuOf(pid))), waited: this.#waitedOf(family) }
    const before = this.#before
    this.#before = now
    const statuses = family.map((pid) => this.#text(pid, 'status') ?? '')
    const memory = statuses.map(residentOf)
    const threads = statuses.map((status) => Number(/^Threads:\s+(\d+)$/m.exec(status)?.[1] ?? Number.NaN)).filter(Number.isFinite)
    const files = this.#fullest(family)
    return [
      { name: `${this.name}.cpu`, unit: 'cores', limit: availableParallelism(), value: before === undefined ? null : this.#cores(before, now) },
      ...(now.waited.size === 0
        ? []
        : [{ name: `${this.name}.waiting_for_cpu`, unit: 'cores', limit: null, value: before === undefined ? null : this.#waiting(before, now) }]),
      // Pages that several processes share are counted with each of them: the kernel tells no better without a cost.
      { name: `${this.name}.memory`, unit: 'bytes', limit: totalmem(), value: sum(memory) },
      { name: `${this.name}.threads`, unit: 'count', limit: null, value: sum(threads) },
      { name: `${this.name}.processes`, unit: 'count', limit: null, value: family.length },
      ...(files === undefined ? [] : [{ name: `${this.name}.open_files`, unit: 'count', limit: files.limit ?? null, value: files.open }]),
    ]
  }

  async stop(): Promise<Parting> {
    if (this.#changes.length === 0) return {}
    const told = this.#changes.slice(0, mostChanges).join(', ')
    const more = this.#changes.length > mostChanges ? `, and ${this.#changes.length - mostChanges} times more` : ''
    const text = `What listens on the port of "${this.name}" changed: ${told}${more}. Its series go on with the new process, whose memory and caches begin anew. Find out why it started again.`
    return { caveats: [{ code: 'process-replaced', text }] }
  }

  #found(): number[] {
    return 'pid' in this.which ? [this.which.pid] : processesOn(this.which.port, this.proc)
  }

  /** A server that is started again has another number, and the same port. */
  #follow(at: Seconds): void {
    if ('pid' in this.which || this.#roots.every((pid) => this.#isAlive(pid))) return
    const found = this.#found()
    if (found.length === 0) return
    const [gone, come] = [this.#roots.filter((pid) => !found.includes(pid)), found.filter((pid) => !this.#roots.includes(pid))]
    if (come.length > 0) this.#changes.push(`by ${clock(at)} ${pidsOf(gone)} gone and ${come.join(' and ')} ${come.length === 1 ? 'has' : 'have'} come`)
    this.#roots = found
  }

  #text(pid: number, file: string): string | undefined {
    return textOf(join(this.proc, String(pid), file))
  }

  /** Found anew each time: workers come and go. */
  #family(): number[] {
    return familyOf(this.#roots, this.proc).filter((pid) => this.#isAlive(pid))
  }

  /** One that has ended stays in the list until its parent asks about it, as a zombie (Z) or dead (X). */
  #isAlive(pid: number): boolean {
    const stat = this.#text(pid, 'stat')
    return stat !== undefined && !/\) [ZX]/.test(stat)
  }

  #cpuOf(pid: number): [number, number][] {
    const used = cpuTimeOf(this.#text(pid, 'stat') ?? '')
    return used === undefined ? [] : [[pid, used]]
  }

  #waitedOf(family: readonly number[]): Map<string, number> {
    const waited = new Map<string, number>()
    for (const thread of family.flatMap((pid) => threadsOf(this.proc, pid))) {
      const scheduled = scheduledOf(textOf(join(this.proc, thread, 'schedstat')) ?? '')
      if (scheduled !== undefined) waited.set(thread, scheduled.waited)
    }
    return waited
  }

  #waiting(before: Seen, now: Seen): number {
    let waited = 0
    for (const [thread, time] of now.waited) waited += Math.max(0, time - (before.waited.get(thread) ?? time))
    return waited / ((now.at - before.at) / 1000)
  }

  /** What a process used before it was first seen is not of this second; one that has ended takes its last moments with it. */
  #cores(before: Seen, now: Seen): number {
    let used = 0
    for (const [pid, cpu] of now.cpu) used += Math.max(0, cpu - (before.cpu.get(pid) ?? cpu))
    return used / ((now.at - before.at) / 1000)
  }

  /** The limit holds for each process alone, so the one that is closest to it counts. */
  #fullest(family: readonly number[]): { readonly open: number; readonly limit: number | undefined } | undefined {
    const each = family.flatMap((pid) => {
      const open = openFilesOf(this.proc, pid)
      return open === undefined ? [] : [{ open, limit: openFilesLimitOf(this.#text(pid, 'limits') ?? '') }]
    })
    const share = ({ open, limit }: (typeof each)[number]): number => (limit === undefined ? 0 : open / limit)
    return each.toSorted((a, b) => share(b) - share(a) || b.open - a.open)[0]
  }
}

export const processKind = probeKind({
  kind: 'process',
  reads: 'CPU and waiting for it, memory, threads and open files of a process of this machine and its children, by pid or by a port it listens on',
  needs: 'Linux, and the same user as the process or root; of other users only CPU and memory are told.',
  options,
  create: (name, which, { proc = '/proc' }) => new ProcessProbe(name, which, proc),
  looksFor: "a process that listens on the target's port, when the target is on this machine",
  detect: async (world) => {
    const [pid] = targetProcesses(world)
    if (pid === undefined) return []
    const port = portOf(world.target.url)
    return [
      { seen: `Process ${pid} (${programOf(pid, world.proc) ?? 'unnamed'}) listens on port ${port}; every run watches it as "target"`, options: { port } },
    ]
  },
})
