/** Reads the texts of Linux's /proc. Pure: each function takes a file's text, and gives undefined for what the text does not hold. */
import type { Seconds } from '../../scenarios/units.ts'

const ticksPerSecond = 100 // USER_HZ, the same on every Linux that Node runs on

/** CPU time that a process has used, from `/proc/PID/stat`; children that were waited for are left out. */
export const cpuTimeOf = (stat: string): Seconds | undefined => {
  // The second field is the program's name, which may hold spaces and brackets of its own.
  const [, ...fields] = stat.slice(stat.lastIndexOf(')') + 1).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks / ticksPerSecond : undefined
}

/** Time on a core, and time ready to run without one, from `/proc/PID/task/TID/schedstat`. */
export const scheduledOf = (schedstat: string): { readonly ran: Seconds; readonly waited: Seconds } | undefined => {
  const [ran, waited] = schedstat.trim().split(' ').map(Number)
  return ran === undefined || waited === undefined || !Number.isFinite(ran + waited) ? undefined : { ran: ran / 1e9, waited: waited / 1e9 }
}

/** Bytes of RAM that a process holds, from `/proc/PID/status`. */
export const residentOf = (status: string): number | undefined => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** How many files and sockets a process may have open, from `/proc/PID/limits`; undefined when there is no limit. */
export const openFilesLimitOf = (limits: string): number | undefined => {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  return soft === undefined ? undefined : Number(soft)
}

/** Time of all cores together since the start of the machine, in ticks, from `/proc/stat`. */
export const machineTimeOf = (stat: string): { readonly total: number; readonly steal: number } | undefined => {
  const line = /^cpu +(.*)$/m.exec(stat)?.[1]
  if (line === undefined) return undefined
  // user nice system idle iowait irq softirq steal; the two of guests that follow are in user and nice already.
  const ticks = line.split(' ').slice(0, 8).map(Number)
  return { total: ticks.reduce((sum, each) => sum + each, 0), steal: ticks[7] ?? 0 }
}

/** TCP sockets of the machine, those that wait for their port to be free again included, from `/proc/net/sockstat`. */
export const socketsOf = (sockstat: string): number | undefined => {
  const [, inUse, waiting] = /^TCP: inuse (\d+) orphan \d+ tw (\d+)/m.exec(sockstat) ?? []
  return inUse === undefined ? undefined : Number(inUse) + Number(waiting)
}

export type PortRange = { readonly from: number; readonly to: number }

/** From `/proc/sys/net/ipv4/ip_local_port_range`. */
export const portRangeOf = (text: string): PortRange | undefined => {
  const [from, to] = text.trim().split(/\s+/).map(Number)
  return from === undefined || to === undefined || !(from <= to) ? undefined : { from, to }
}

const listening = '0A'

/** Local ports within the range that are taken by connections towards a port, from `/proc/net/tcp` or `tcp6`. */
export const portsTowards = (tcp: string, port: number, { from, to }: PortRange): Set<number> => {
  const taken = new Set<number>()
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  // "  0: 0100007F:1F90 0100007F:C350 01 …": slot, local and remote address with port, state
  for (const [, local = '', remote, state] of tcp.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{2})/gm)) {
    const own = Number.parseInt(local, 16)
    if (remote === wanted && state !== listening && own >= from && own <= to) taken.add(own)
  }
  return taken
}

/** `destination`: address:port · `ports`: local ones within the range that connections towards it take. */
export type Destination = { readonly destination: string; readonly ports: number }

/** The kernel writes addresses in words of the machine's own order. @example addressOf('0100007F') // '127.0.0.1' */
const addressOf = (hex: string): string => {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).toReversed())
  const decimal = (four: readonly string[]): string => four.map((byte) => Number.parseInt(byte, 16)).join('.')
  if (bytes.length === 4) return decimal(bytes)
  if (/^0{20}FFFF/.test(bytes.join(''))) return decimal(bytes.slice(12))
  const groups = Array.from({ length: 8 }, (_, index) => `${bytes[2 * index]}${bytes[2 * index + 1]}`)
  return new URL(`http://[${groups.join(':')}]`).hostname
}

/** Where connections of this machine go to, from the texts of `/proc/net/tcp` and `tcp6`; those with most ports first. */
export const portsByDestination = (lists: readonly string[], { from, to }: PortRange): Destination[] => {
  const taken = new Map<string, Set<number>>()
  for (const list of lists) {
    for (const [, local = '', address = '', remote = '', state] of list.matchAll(
      /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2})/gm,
    )) {
      const own = Number.parseInt(local, 16)
      if (state === listening || own < from || own > to) continue
      const key = `${address}:${remote}` // as they are written: to decode each of ten thousand would take longer than to read them
      const ports = taken.get(key) ?? new Set()
      taken.set(key, ports.add(own))
    }
  }
  const all = new Map<string, number>()
  for (const [key, { size }] of taken) {
    const [address = '', port = ''] = key.split(':')
    const destination = `${addressOf(address)}:${Number.parseInt(port, 16)}`
    all.set(destination, (all.get(destination) ?? 0) + size)
  }
  return [...all].map(([destination, ports]) => ({ destination, ports })).toSorted((a, b) => b.ports - a.ports)
}
