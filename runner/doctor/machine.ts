/** Looks at this machine as a generator of load: is there enough of everything, and does its clock keep time? */
import { statfs } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { coresAvailable, memoryAvailable } from '../machine/limits.ts'
import { openFilesLimitOf, portRangeOf } from '../machine/proc.ts'
import { textOf } from '../machine/text.ts'
import type { Finding } from './finding.ts'

const gigabyte = 1e9
const count = (value: number): string => new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(value)
const size = (bytes: number): string => `${(bytes / gigabyte).toFixed(1)} GB`

/** @param needed the engines field of package.json, such as >=20.19 */
export const nodeFinding = (version: string, needed: string): Finding => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = needed.replace(/^\D+/, '').split('.').map(Number)
  const isNew = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  return isNew
    ? { subject: 'Node', state: 'ok', found: version }
    : { subject: 'Node', state: 'missing', found: `${version}; ${needed} is needed`, advice: 'Install a current version of Node.', endsRun: 5 }
}

/** @param cores what this process may use at once @param busy how many the machine had at work over the last minute */
export const coresFinding = (cores: number, busy: number): Finding => {
  const found = `${Number(cores.toFixed(2))}, of which ${busy.toFixed(1)} were at work in the last minute`
  if (busy > cores / 2)
    return { subject: 'cores', state: 'warning', found, advice: 'What else works here takes from the load. Stop it, or expect figures that are SUSPECT.' }
  if (cores < 2)
    return { subject: 'cores', state: 'warning', found, advice: 'A target on this machine shares it with the load. Put one of them on another machine.' }
  return { subject: 'cores', state: 'ok', found }
}

const leastMemory = gigabyte // a run of thousands of virtual users in k6 takes some hundred megabytes

export const memoryFinding = (bytes: number): Finding =>
  bytes < leastMemory
    ? { subject: 'memory', state: 'warning', found: size(bytes), advice: 'Many virtual users of k6 need more. Take --engine embedded, or a larger machine.' }
    : { subject: 'memory', state: 'ok', found: size(bytes) }

const leastFiles = 4096 // a peak of 1,000/s whose answers take 4 s holds as many connections

/** @param limit undefined where there is none */
export const filesFinding = (limit: number | undefined): Finding => {
  if (limit === undefined) return { subject: 'open files', state: 'ok', found: 'no limit' }
  const found = `${count(limit)} at once, and each connection is one`
  return limit < leastFiles
    ? { subject: 'open files', state: 'warning', found, advice: `Raise the limit before large tests: ulimit -n ${leastFiles * 16}.` }
    : { subject: 'open files', state: 'ok', found }
}

const timeWait = 60 // seconds that a closed connection keeps its port on Linux
const leastPorts = 10_000 // fewer allow not even 170 new connections a second

export const portsFinding = ({ from, to }: { readonly from: number; readonly to: number }): Finding => {
  const ports = to - from + 1
  const found = `${count(ports)} (${from} to ${to}): ${count(ports / timeWait)} new connections a second to one address, when none is kept`
  return ports < leastPorts
    ? { subject: 'ports', state: 'warning', found, advice: 'Widen them: sysctl -w net.ipv4.ip_local_port_range="15000 65000".' }
    : { subject: 'ports', state: 'ok', found }
}

const slowClocks = /^(hpet|acpi_pm|jiffies)$/
const latest = 5 // milliseconds: what a timer that late does to an arrival is as long as a fast answer

/** @param lateness of timers, the median, in milliseconds @param source undefined where Linux does not tell it */
export const clockFinding = (lateness: number, source: string | undefined): Finding => {
  const found = `timers are ${lateness.toFixed(1)} ms late${source === undefined ? '' : `, read from ${source}`}`
  if (lateness > latest)
    return {
      subject: 'clock',
      state: 'warning',
      found,
      advice: 'Arrivals would start late by as much. Stop what else runs here, or take a machine of its own.',
    }
  if (source !== undefined && slowClocks.test(source))
    return { subject: 'clock', state: 'warning', found, advice: 'Reading that one is slow. Take tsc or kvm-clock where the machine offers it.' }
  return { subject: 'clock', state: 'ok', found }
}

const leastSpace = gigabyte // an hour of 50 endpoints takes a tenth of it

export const spaceFinding = (bytes: number, folder: string): Finding =>
  bytes < leastSpace
    ? { subject: 'disk', state: 'warning', found: `${size(bytes)} free for ${folder}`, advice: 'Make room, or keep runs elsewhere with --out.' }
    : { subject: 'disk', state: 'ok', found: `${size(bytes)} free for ${folder}` }

/** Median of some timers of 5 ms, in milliseconds. */
const measuredLateness = async (): Promise<number> => {
  const late: number[] = []
  for (let n = 0; n < 21; n += 1) {
    const before = performance.now()
    await pause(5)
    late.push(performance.now() - before - 5)
  }
  return late.sort((a, b) => a - b)[10] ?? 0
}

/** Free bytes where a folder is or would be made. */
const spaceFor = async (folder: string): Promise<number | undefined> => {
  for (let place = folder; ; place = dirname(place)) {
    const system = await statfs(place).catch(() => undefined)
    if (system !== undefined) return system.bavail * system.bsize
    if (place === dirname(place)) return undefined
  }
}

/** @param out where runs are kept */
export const machineFindings = async (needed: string, out: string, shown: string, proc = '/proc'): Promise<Finding[]> => {
  const limits = textOf(join(proc, 'self', 'limits'))
  const range = portRangeOf(textOf(join(proc, 'sys/net/ipv4/ip_local_port_range')) ?? '')
  const space = await spaceFor(out)
  const source = textOf('/sys/devices/system/clocksource/clocksource0/current_clocksource')?.trim()
  return [
    nodeFinding(process.versions.node, needed),
    coresFinding(coresAvailable(), loadavg()[0] ?? 0),
    memoryFinding(memoryAvailable()),
    ...(limits === undefined ? [] : [filesFinding(openFilesLimitOf(limits))]),
    ...(range === undefined ? [] : [portsFinding(range)]),
    clockFinding(await measuredLateness(), source),
    ...(space === undefined ? [] : [spaceFinding(space, shown)]),
  ]
}
