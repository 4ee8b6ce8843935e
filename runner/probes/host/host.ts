/** Watches this machine as a whole through Linux's /proc: cores, memory, pressure, network, disks and file systems. */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Fill, type Filled, fillOf, placeOf, writablePlacesIn } from '../../machine/file-systems.ts'
import { processesOn } from '../../machine/listeners.ts'
import { textOf } from '../../machine/text.ts'
import { portOf } from '../../port.ts'
import { isLoopback } from '../../safety/loopback.ts'
import { Counters } from '../counters.ts'
import { type ProbeWorld, probeKind } from '../kind.ts'
import { isHere } from '../neighbours.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { PortUse } from './ports.ts'
import { ProgramUse } from './programs.ts'
import { countedBy, samplesOf, useOf } from './use.ts'

const options = z.strictObject({
  paths: z.array(z.string().startsWith('/')).default([]).describe('of this machine, whose file systems are watched whatever else there is'),
})

/** `/` is root, `/var/lib/shop-1` var_lib_shop_1. */
const wordOf = (place: string): string =>
  place
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '') || 'root'

const shareOf = ({ used, limit }: Filled): number => (limit === 0 ? 0 : used / limit)

/** Each file system with its limit, and how full the fullest is: that one has a name that a budget can rely on. */
export const fillSamples = (name: string, fills: readonly Fill[]): Sample[] => {
  const known = fills.flatMap(({ place, space, files }) => [
    { total: 'fullest_disk', series: `disk_space.${wordOf(place)}`, unit: 'bytes', filled: space },
    { total: 'fullest_inodes', series: `inodes.${wordOf(place)}`, unit: 'count', filled: files },
  ])
  const each = known.flatMap(({ series, unit, filled }): Sample[] =>
    filled === null ? [] : [{ name: `${name}.${series}`, unit, value: filled.used, limit: filled.limit }],
  )
  const fullest = ['fullest_disk', 'fullest_inodes'].flatMap((which): Sample[] => {
    const shares = known.flatMap(({ total, filled }) => (total !== which || filled === null ? [] : [shareOf(filled)]))
    return shares.length === 0 ? [] : [{ name: `${name}.${which}`, unit: 'ratio', value: Math.max(...shares), limit: 1 }]
  })
  return [...fullest, ...each]
}

/** @throws {Error} when there is no such path */
const mountedAt = (path: string, mounts: string): string => {
  try {
    return placeOf(mounts, realpathSync(path)) ?? path
  } catch {
    throw new Error(`there is no ${path} here, which its option "paths" names`)
  }
}

/** As connections towards it have them: address and port. */
const destinationsOf = (target: ProbeWorld['target']): Set<string> => new Set(target.addresses.map((address) => `${address}:${portOf(target.url)}`))

class HostProbe implements Probe {
  readonly every = 1
  readonly #counters = new Counters()
  readonly #ports: PortUse
  #programs: ProgramUse | undefined
  #places: readonly string[] = []

  constructor(
    readonly name: string,
    private readonly paths: readonly string[],
    private readonly proc: string,
    private readonly target: ProbeWorld['target'],
  ) {
    this.#ports = new PortUse(proc, destinationsOf(target))
  }

  async start(): Promise<void> {
    if (useOf(this.proc).cores.length === 0) throw new Error(`there is no ${join(this.proc, 'stat')} to read here, as Linux has it`)
    const targets = this.target.addresses.every(isLoopback) ? processesOn(portOf(this.target.url), this.proc) : []
    this.#programs = new ProgramUse(this.proc, new Set([process.pid, ...targets]))
    const mounts = textOf(join(this.proc, 'mounts')) ?? ''
    const places = [...new Set([...this.paths.map((path) => mountedAt(path, mounts)), ...writablePlacesIn(mounts)])]
    this.#places = [...new Map(places.toReversed().map((place) => [wordOf(place), place])).values()].toReversed() // one series, one file system
  }

  async read(): Promise<readonly Sample[]> {
    const use = useOf(this.proc)
    if (use.cores.length === 0) throw new Error(`${join(this.proc, 'stat')} tells nothing of cores`)
    const fills = (await Promise.all(this.#places.map(fillOf))).filter((fill) => fill !== undefined)
    const ports = this.#ports.read()
    this.#programs?.read()
    return [
      ...samplesOf(this.name, use, this.#counters.since(countedBy(use))),
      ...(ports === undefined ? [] : [{ name: `${this.name}.ephemeral_ports`, unit: 'count', value: ports.taken, limit: ports.limit }]),
      ...fillSamples(this.name, fills),
    ]
  }

  /** Names of series keep letters and digits only; the places are told as they are. */
  async stop(): Promise<Parting> {
    const places = this.#places.map((place) => ({ probe: this.name, kind: 'place', subject: place, values: { series: wordOf(place) } }))
    const { most } = this.#ports
    return {
      observations: [
        ...places,
        ...(this.#programs?.observations(this.name) ?? []),
        ...(most === undefined ? [] : [{ probe: this.name, kind: 'destination', subject: most.destination, values: { ports: most.ports } }]),
      ],
    }
  }
}

export const hostKind = probeKind({
  kind: 'host',
  reads: 'CPU, memory, pressure, network, disks and file systems of the machine that perf runs on',
  needs: 'Linux; every user may read what it reads. In a container, processors and memory are those of the host, network and file systems its own.',
  options,
  create: (name, { paths }, { proc = '/proc', target }) => new HostProbe(name, paths, proc, target),
  looksFor: 'a target on this machine, which is the only one that it can tell of',
  detect: async ({ target, proc = '/proc' }) =>
    isHere(target) && textOf(join(proc, 'stat')) !== undefined ? [{ seen: 'The target is on this machine', options: {} }] : [],
})
