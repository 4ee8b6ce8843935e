/** What the texts of /proc say of the machine at one moment: its counters, and what it holds. */
import { join } from 'node:path'
import { type CoreTime, coreTimesOf, type DiskUse, disksOf, memoryOf, pressureOf, protocolCountsOf, type Traffic, trafficOf } from '../../machine/accounts.ts'
import { textOf } from '../../machine/text.ts'
import type { Counted, Growth } from '../counters.ts'
import type { Sample } from '../probe.ts'

export type Use = {
  readonly cores: readonly CoreTime[]
  readonly memory: ReadonlyMap<string, number>
  readonly traffic: ReadonlyMap<string, Traffic>
  readonly protocols: ReadonlyMap<string, number>
  readonly disks: ReadonlyMap<string, DiskUse>
  /** Sockets that wait until nothing of their connection can be under way any more. */
  readonly timeWait: number | undefined
  readonly pressure: Readonly<Record<'cpu' | 'memory' | 'io', number | undefined>>
}

export const useOf = (proc: string): Use => {
  const text = (path: string): string => textOf(join(proc, path)) ?? ''
  const timeWait = /^TCP: .*\btw (\d+)/m.exec(text('net/sockstat'))?.[1]
  return {
    cores: coreTimesOf(text('stat')),
    memory: memoryOf(text('meminfo')),
    traffic: trafficOf(text('net/dev')),
    protocols: new Map([...protocolCountsOf(text('net/snmp')), ...protocolCountsOf(text('net/netstat'))]),
    disks: disksOf(text('diskstats')),
    timeWait: timeWait === undefined ? undefined : Number(timeWait),
    pressure: { cpu: pressureOf(text('pressure/cpu')), memory: pressureOf(text('pressure/memory')), io: pressureOf(text('pressure/io')) },
  }
}

const keyed = <T extends object>(kind: string, map: Iterable<readonly [string | number, T]>): [string, number][] =>
  [...map].flatMap(([which, each]) => Object.entries(each).map(([what, value]): [string, number] => [`${kind} ${which} ${what}`, value]))

export const countedBy = ({ cores, traffic, protocols, disks, pressure }: Use): Counted => ({
  ...Object.fromEntries([...keyed('core', cores.entries()), ...keyed('interface', traffic), ...keyed('disk', disks)]),
  retransmits: protocols.get('Tcp.RetransSegs'),
  unaccepted: protocols.get('TcpExt.ListenDrops'),
  ...Object.fromEntries(Object.entries(pressure).map(([what, seconds]) => [`pressure ${what}`, seconds])),
})

const sum = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

const greatest = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}

type Told = (what: string, unit: string, value: number | null | undefined, limit?: number) => Sample[]

const cpuSamples = (sample: Told, cores: number, growth: Growth): Sample[] => {
  // Ticks of the same clock above and below: no share comes out above 1.
  const shares = (mode: 'busy' | 'iowait' | 'steal'): (number | null)[] =>
    Array.from({ length: cores }, (_, core) => {
      const [part, total] = [growth.grown(`core ${core} ${mode}`), growth.grown(`core ${core} total`)]
      return part === null || total === null || total === 0 ? null : part / total
    })
  if (cores === 0) return []
  return [
    ...sample('cpu', 'cores', sum(shares('busy')), cores),
    ...sample('busiest_core', 'ratio', greatest(shares('busy')), 1),
    ...sample('iowait', 'cores', sum(shares('iowait')), cores),
    ...sample('steal', 'cores', sum(shares('steal')), cores),
  ]
}

const networkSamples = (sample: Told, { traffic, protocols, timeWait }: Use, growth: Growth): Sample[] => {
  const of = (what: keyof Traffic): (number | null)[] => [...traffic.keys()].map((name) => growth.rate(`interface ${name} ${what}`))
  return [
    // A container's packet passes several interfaces, and a sum would count it at each.
    ...(traffic.size === 0 ? [] : sample('network_received', 'bytes/s', greatest(of('received')))),
    ...(traffic.size === 0 ? [] : sample('network_sent', 'bytes/s', greatest(of('sent')))),
    ...(traffic.size === 0 ? [] : sample('packets_dropped', '/s', sum(of('dropped')))),
    ...sample('sockets_established', 'count', protocols.get('Tcp.CurrEstab')),
    ...sample('sockets_time_wait', 'count', timeWait),
    ...(protocols.has('Tcp.RetransSegs') ? sample('retransmits', '/s', growth.rate('retransmits')) : []),
    ...(protocols.has('TcpExt.ListenDrops') ? sample('connections_dropped', '/s', growth.rate('unaccepted')) : []),
  ]
}

/** What this machine does not tell has no series. */
export const samplesOf = (name: string, use: Use, growth: Growth): Sample[] => {
  const sample: Told = (what, unit, value, limit) => (value === undefined ? [] : [{ name: `${name}.${what}`, unit, value, limit: limit ?? null }])
  const [memory, available] = [use.memory.get('MemTotal'), use.memory.get('MemAvailable')]
  const [swap, swapFree] = [use.memory.get('SwapTotal'), use.memory.get('SwapFree')]
  const disks = (what: keyof DiskUse): (number | null)[] => [...use.disks.keys()].map((disk) => growth.rate(`disk ${disk} ${what}`))
  const pressures = (['cpu', 'memory', 'io'] as const).filter((what) => use.pressure[what] !== undefined)
  return [
    ...cpuSamples(sample, use.cores.length, growth),
    ...sample('memory', 'bytes', memory === undefined || available === undefined ? undefined : memory - available, memory),
    ...(swap === undefined || swapFree === undefined || swap === 0 ? [] : sample('swap', 'bytes', swap - swapFree, swap)),
    ...pressures.flatMap((what) => sample(`${what}_pressure`, 'ratio', growth.rate(`pressure ${what}`))),
    ...networkSamples(sample, use, growth),
    ...(use.disks.size === 0
      ? []
      : [
          ...sample('disk_read', 'bytes/s', sum(disks('read'))),
          ...sample('disk_written', 'bytes/s', sum(disks('written'))),
          ...sample('disk_busy', 'ratio', greatest(disks('busy'))),
        ]),
  ]
}
