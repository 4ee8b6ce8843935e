/**
 * Reads what Linux counts for the machine as a whole. Pure: each function takes a text of /proc, and leaves out what the text does
 * not hold. Formats: Linux, Documentation/filesystems/proc.rst, admin-guide/iostats.rst and accounting/psi.rst.
 */
import type { Seconds } from '../../scenarios/units.ts'

/** Time of a core by what it did with it, in ticks since the start of the machine. */
export type CoreTime = { readonly busy: number; readonly iowait: number; readonly steal: number; readonly total: number }

/** Of each core, in order, from `/proc/stat`. */
export const coreTimesOf = (stat: string): CoreTime[] =>
  [...stat.matchAll(/^cpu\d+ (.*)$/gm)].map(([, line = '']) => {
    // The two of guests that follow steal are in user and nice already.
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, interrupts = 0, softInterrupts = 0, steal = 0] = line.split(' ').map(Number)
    const busy = user + nice + system + interrupts + softInterrupts
    return { busy, iowait, steal, total: busy + idle + iowait + steal }
  })

/** Bytes, from `/proc/meminfo`. */
export const memoryOf = (meminfo: string): ReadonlyMap<string, number> =>
  new Map([...meminfo.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name = '', kilobytes]) => [name, Number(kilobytes) * 1024]))

/** Time in which somebody waited for a resource, since the start of the machine, from `/proc/pressure/…`. */
export const pressureOf = (text: string): Seconds | undefined => {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1]
  return total === undefined ? undefined : Number(total) / 1e6
}

export type Traffic = { readonly received: number; readonly sent: number; readonly dropped: number }

/** Bytes and packets of each interface but the loopback, from `/proc/net/dev`. */
export const trafficOf = (dev: string): ReadonlyMap<string, Traffic> =>
  new Map(
    [...dev.matchAll(/^\s*(\S+):\s*(\d.*)$/gm)].flatMap(([, name = '', line = '']) => {
      const fields = line.trim().split(/\s+/).map(Number)
      if (name === 'lo' || fields.length < 16) return []
      return [[name, { received: fields[0] ?? 0, sent: fields[8] ?? 0, dropped: (fields[3] ?? 0) + (fields[11] ?? 0) }] as const]
    }),
  )

/** Pairs of lines, names above values, as in `/proc/net/snmp` and `/proc/net/netstat`: `Tcp.RetransSegs` and the like. */
export const protocolCountsOf = (text: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  const lines = text.split('\n')
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [protocol = '', ...names] = (lines[at] ?? '').split(' ')
    const [same, ...values] = (lines[at + 1] ?? '').split(' ')
    if (same !== protocol) continue
    for (const [index, name] of names.entries()) counts.set(`${protocol.replace(':', '')}.${name}`, Number(values[index]))
  }
  return counts
}

export type DiskUse = { readonly read: number; readonly written: number /** Time with at least one request under way. */; readonly busy: Seconds }

const sector = 512 // bytes, whatever the device calls its own
const isVirtual = /^(loop|ram|zram|dm-|md|sr|fd)\d*/ // they lead to other devices, to memory or to nothing

/** Bytes of each whole device, from `/proc/diskstats`; a partition's are its device's. */
export const disksOf = (diskstats: string): ReadonlyMap<string, DiskUse> => {
  const all = [...diskstats.matchAll(/^\s*\d+\s+\d+\s+(\S+)\s+(\d.*)$/gm)].map(([, name = '', line = '']) => ({ name, fields: line.split(' ').map(Number) }))
  const names = new Set(all.map(({ name }) => name))
  const isPartition = (name: string): boolean => {
    const device = /^(.*\d)p\d+$/.exec(name)?.[1] ?? name.replace(/\d+$/, '')
    return device !== name && names.has(device)
  }
  return new Map(
    all
      .filter(({ name }) => !isVirtual.test(name) && !isPartition(name))
      .map(({ name, fields }) => [name, { read: (fields[2] ?? 0) * sector, written: (fields[6] ?? 0) * sector, busy: (fields[9] ?? 0) / 1000 }]),
  )
}
