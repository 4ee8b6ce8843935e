/**
 * Watches the load generator itself: this process, the engine's own if it has one, and the threads that make load. A generator that is
 * short of something measures its own shortage, so each resource stands here with its limit. Linux tells all of it; elsewhere
 * CPU and memory of this process and the threads' own account are known.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ThreadHealth } from '../engines/engine.ts'
import { coresAvailable, memoryAvailable } from '../machine/limits.ts'
import { cpuTimeOf, machineTimeOf, openFilesLimitOf, portRangeOf, portsTowards, residentOf, scheduledOf, socketsOf } from '../machine/proc.ts'
import { textOf } from '../machine/text.ts'
import type { Parting, Probe, Sample } from './probe.ts'

/** The list of all sockets costs a millisecond for every thousand: it is read when this share of the ports may be taken, and not before. */
const worthListing = 0.05
/** Reading it may take this share of the time. */
const listingShare = 0.005

export type GeneratorWorld = {
  /** Port of the target: ephemeral ports are counted by where they lead. */
  readonly port: number
  readonly proc?: string
  readonly pid?: number
  /** Milliseconds: one clock never jumps, the other one is the machine's date. */
  readonly clock?: { readonly steady: () => number; readonly wall: () => number }
}

type Before = {
  readonly at: number
  readonly cpu: Map<number, number>
  readonly waited: Map<string, number>
  readonly machine: { total: number; steal: number } | undefined
}

const sample = (name: string, unit: string, value: number | null, limit: number | null = null): Sample => ({ name, unit, limit, value })

export class GeneratorProbe implements Probe {
  readonly name = 'generator'
  readonly every = 1
  readonly #proc: string
  readonly #pid: number
  readonly #port: number
  readonly #clock: { readonly steady: () => number; readonly wall: () => number }
  readonly #cores = coresAvailable()
  readonly #memory = memoryAvailable()
  /** The engine's process, once there is one. */
  #engine: number | undefined
  readonly #threads = new Map<number, ThreadHealth>()
  #before: Before | undefined
  #clocksApart: number | undefined
  #portsReadFrom = 0
  #ports = 0
  readonly #filesLimits = new Map<number, number | null>()

  constructor({ port, proc = '/proc', pid = process.pid, clock = { steady: () => performance.now(), wall: Date.now } }: GeneratorWorld) {
    this.#proc = proc
    this.#pid = pid
    this.#port = port
    this.#clock = clock
  }

  /** The engine has a process of its own. */
  adopt(pid: number): void {
    this.#engine = pid
  }

  hear(thread: number, health: ThreadHealth): void {
    this.#threads.set(thread, health)
  }

  async start(): Promise<void> {}

  async read(): Promise<readonly Sample[]> {
    const before = this.#before
    const now = this.#look()
    this.#before = now
    const samples = [...this.#memories(), ...this.#files(), ...this.#portsInUse(), this.#clockOffset(), ...this.#ofThreads()]
    return before === undefined ? samples : [...this.#cpu(before, now), ...this.#steal(before, now), ...samples]
  }

  async stop(): Promise<Parting> {
    return {}
  }

  get #pids(): number[] {
    return this.#engine === undefined ? [this.#pid] : [this.#pid, this.#engine]
  }

  /** The process that makes the load. */
  get #maker(): number {
    return this.#engine ?? this.#pid
  }

  #text(...path: readonly (string | number)[]): string | undefined {
    return textOf(join(this.#proc, ...path.map(String)))
  }

  /** Everything that only means something as a difference. */
  #look(): Before {
    const cpu = new Map<number, number>()
    for (const pid of this.#pids) {
      const used = this.#cpuTime(pid)
      if (used !== undefined) cpu.set(pid, used)
    }
    return { at: this.#clock.steady(), cpu, waited: this.#waited(), machine: machineTimeOf(this.#text('stat') ?? '') }
  }

  #cpuTime(pid: number): number | undefined {
    const stat = this.#text(pid, 'stat')
    if (stat !== undefined) return cpuTimeOf(stat)
    if (pid !== process.pid) return undefined
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }

  /** Of the engine's threads; our own load-making threads tell theirs themselves. */
  #waited(): Map<string, number> {
    const waited = new Map<string, number>()
    if (this.#engine === undefined) return waited
    for (const task of entriesOf(join(this.#proc, String(this.#engine), 'task'))) {
      const scheduled = scheduledOf(this.#text(this.#engine, 'task', task, 'schedstat') ?? '')
      if (scheduled !== undefined) waited.set(task, scheduled.waited)
    }
    return waited
  }

  #cpu(before: Before, now: Before): Sample[] {
    const seconds = (now.at - before.at) / 1000
    const used = this.#pids.map((pid) => {
      const [from, to] = [before.cpu.get(pid), now.cpu.get(pid)]
      return from === undefined || to === undefined ? null : Math.max(0, (to - from) / seconds)
    })
    const all = used.some((each) => each === null) ? null : used.reduce<number>((sum, each) => sum + (each ?? 0), 0)
    const samples = [sample('generator.cpu', 'cores', all, this.#cores)]
    if (this.#engine === undefined) return samples
    let waited = 0
    for (const [task, time] of now.waited) waited += Math.max(0, time - (before.waited.get(task) ?? 0)) // a thread born in between had no time before
    return [
      ...samples,
      sample('generator.engine_cpu', 'cores', used[1] ?? null, this.#cores),
      sample('generator.waiting', 'cores', now.waited.size === 0 ? null : waited / seconds),
    ]
  }

  #steal({ machine: before }: Before, { machine: now }: Before): Sample[] {
    if (before === undefined || now === undefined || now.total <= before.total) return []
    return [sample('generator.steal', 'ratio', (now.steal - before.steal) / (now.total - before.total))]
  }

  #memories(): Sample[] {
    const each = this.#pids.map((pid) => residentOf(this.#text(pid, 'status') ?? '') ?? (pid === process.pid ? ownMemory() : undefined))
    const known = each.filter((bytes) => bytes !== undefined)
    return [sample('generator.memory', 'bytes', known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0), this.#memory)]
  }

  #files(): Sample[] {
    const open = openFilesOf(join(this.#proc, String(this.#maker), 'fd'))
    if (open === undefined) return []
    return [sample('generator.files', 'files', open, this.#filesLimit(this.#maker))]
  }

  /** Read once: a process that has no file left can't read what its limit was. */
  #filesLimit(pid: number): number | null {
    const known = this.#filesLimits.get(pid) ?? openFilesLimitOf(this.#text(pid, 'limits') ?? '') ?? null
    this.#filesLimits.set(pid, known)
    return known
  }

  /** The list is long when it matters, so it is read no more often than its cost allows; in between the last count stands. */
  #portsInUse(): Sample[] {
    const range = portRangeOf(this.#text('sys/net/ipv4/ip_local_port_range') ?? '')
    const sockets = socketsOf(this.#text(this.#maker, 'net/sockstat') ?? '')
    if (range === undefined || sockets === undefined) return []
    const all = range.to - range.from + 1
    const from = this.#clock.steady()
    if (sockets < worthListing * all) this.#ports = sockets
    else if (from >= this.#portsReadFrom) {
      const towards = ['net/tcp', 'net/tcp6'].flatMap((list) => [...portsTowards(this.#text(this.#maker, list) ?? '', this.#port, range)])
      this.#ports = new Set(towards).size
      const took = this.#clock.steady() - from
      this.#portsReadFrom = from + took / listingShare
    }
    return [sample('generator.ports', 'ports', this.#ports, all)]
  }

  /** How far the date has run away from a clock that never jumps; a jump of it is a step in this series. */
  #clockOffset(): Sample {
    const apart = this.#clock.wall() - this.#clock.steady()
    this.#clocksApart ??= apart
    return sample('generator.clock', 'ms', Math.round(apart - this.#clocksApart))
  }

  /** The worst of the threads in each respect; a thread that has told nothing since the last time is too busy to, or gone. */
  #ofThreads(): Sample[] {
    const told = [...this.#threads.values()]
    this.#threads.clear()
    if (told.length === 0) return []
    const worst = (of: (health: ThreadHealth) => number | null): number | null => {
      const values = told.map(of).filter((value) => value !== null)
      return values.length === 0 ? null : Math.max(...values)
    }
    const fullest = told.reduce((a, b) => (b.heap.used / b.heap.limit > a.heap.used / a.heap.limit ? b : a))
    return [
      sample(
        'generator.thread_cpu',
        'cores',
        worst(({ cpu }) => cpu),
      ),
      sample(
        'generator.waiting',
        'cores',
        worst(({ waiting }) => waiting),
      ),
      sample(
        'generator.loop_delay',
        'ms',
        worst(({ loopDelay }) => loopDelay),
      ),
      sample(
        'generator.gc',
        'ratio',
        worst(({ collecting }) => collecting),
      ),
      sample(
        'generator.gc_pause',
        'ms',
        worst(({ longestPause }) => longestPause),
      ),
      sample('generator.heap', 'bytes', fullest.heap.used, fullest.heap.limit),
    ]
  }
}

/** Where there is no /proc, Node knows; where no file can be opened any more, it throws. */
const ownMemory = (): number | undefined => {
  try {
    return process.memoryUsage.rss()
  } catch {
    return undefined
  }
}

const entriesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Since Linux 6.2 the folder's size is its number of entries, which saves listing ten thousand of them. */
const openFilesOf = (folder: string): number | undefined => {
  try {
    const { size } = statSync(folder)
    return size > 0 ? size : readdirSync(folder).length
  } catch {
    return undefined
  }
}
