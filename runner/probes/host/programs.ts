/** Which programs of this machine use its CPU, beside the load's maker and the target: who a neighbour is. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parentOf } from '../../machine/listeners.ts'
import { cpuTimeOf } from '../../machine/proc.ts'
import { textOf } from '../../machine/text.ts'
import type { Observation } from '../../run.ts'

const every = 5 // readings; a machine may have a thousand processes
const least = 0.1 // cores
const mostTold = 5

type Process = { readonly name: string; readonly parent: number | undefined; readonly cpu: number }

const processesIn = (proc: string): Map<number, Process> => {
  const processes = new Map<number, Process>()
  for (const entry of readdirSync(proc)) {
    if (!/^\d+$/.test(entry)) continue
    const stat = textOf(join(proc, entry, 'stat'))
    const cpu = cpuTimeOf(stat ?? '')
    if (stat === undefined || cpu === undefined) continue // gone by now
    processes.set(Number(entry), { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), parent: parentOf(stat), cpu })
  }
  return processes
}

export class ProgramUse {
  #readings = 0
  #before: { readonly at: number; readonly processes: ReadonlyMap<number, Process> } | undefined
  /** Cores in the five readings in which a program used most, by name. */
  readonly #most = new Map<string, number>()

  /** @param leftOut processes that are no neighbours, with all that descend from them */
  constructor(
    private readonly proc: string,
    private readonly leftOut: ReadonlySet<number>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  read(): void {
    if (this.#readings++ % every !== 0) return
    const before = this.#before
    this.#before = { at: this.now(), processes: processesIn(this.proc) }
    if (before === undefined) return
    const { at, processes } = this.#before
    const used = new Map<string, number>()
    for (const [pid, { name, cpu }] of processes) {
      if (this.#isLeftOut(pid, processes)) continue
      used.set(name, (used.get(name) ?? 0) + Math.max(0, cpu - (before.processes.get(pid)?.cpu ?? 0)))
    }
    for (const [name, seconds] of used) this.#most.set(name, Math.max(this.#most.get(name) ?? 0, (seconds * 1000) / (at - before.at)))
  }

  observations(probe: string): Observation[] {
    return [...this.#most]
      .filter(([, cores]) => cores >= least)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, mostTold)
      .map(([subject, most]) => ({ probe, kind: 'program', subject, values: { most: Number(most.toPrecision(3)) } }))
  }

  #isLeftOut(pid: number, processes: ReadonlyMap<number, Process>): boolean {
    for (let each: number | undefined = pid; each !== undefined && each > 0; each = processes.get(each)?.parent) if (this.leftOut.has(each)) return true
    return false
  }
}
