/**
 * What the run's probes know of the target: their series, and two more that can be told from them. A pool of connections has a size that
 * no server knows; a program with one thread has one core, however many the machine has.
 */
import type { Run, Series } from '../../runner/run.ts'
import { rangeOf } from '../../runner/safety/loopback.ts'
import { median } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { reading } from './words.ts'

export type Reading = { readonly at: Seconds; readonly value: number }

export type Resource = {
  readonly name: string
  /** The probe, which stands for one service. */
  readonly service: string
  /** After the probe's name. @example 'waiting_for_locks' */
  readonly what: string
  readonly unit: string
  readonly limit: number | null
  /** Where a limit was concluded and not read: from what. */
  readonly limitBecause?: string
  /** 0: does the work, or keeps it from being done · 1: fills up because something behind it is slow. */
  readonly depth: 0 | 1
  /** Gaps are left out. */
  readonly readings: readonly Reading[]
}

const ownConnection = 1 // the probe's own session is among those that it counts

export /** A loop, because an hour of many probes has a million readings. */
const readingsOf = ({ at, values }: Series): Reading[] => {
  const readings: Reading[] = []
  for (const [index, moment] of at.entries()) {
    const value = values[index]
    if (value !== null && value !== undefined) readings.push({ at: moment, value })
  }
  return readings
}

/** Work that is done and times that callers see follow whatever broke; one busy core among others is no shortage by itself. */
const follows =
  /^(commits|rollbacks|queries|query_time|rows_\w+|requests|commands|answers|bytes\w*|disk_(?!space)\w+|network_\w+|response_time|request_time|busiest_core|processes|memory_peak|fullest_\w+|full_collections|(published|delivered|acknowledged)[.].+)$/
const fillsUp =
  /^(connections|active|idle_in_transaction|longest_transaction|listen_queue|queue\w*|clients|blocked_clients|sockets\w*|under_way|threads|open_files|(depth|in_flight|delayed|dead_letters|oldest_age)[.].+)$/

const asResource = (series: Series): Resource => {
  const [service = '', ...rest] = series.name.split('.')
  const what = rest.join('.')
  // Open files and connections with a limit are a resource of their own; without one they only show that work piles up.
  const depth = fillsUp.test(what) && series.limit === null ? 1 : 0
  return { name: series.name, service, what, unit: series.unit, limit: series.limit, depth, readings: readingsOf(series) }
}

const mostOf = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0)

/**
 * Sessions that an application keeps and those of them that are in use. Under demand a pool opens all it may and then no more, so the
 * most that were open while the server would have allowed more is its size.
 */
const poolOf = (all: readonly Resource[], service: string): Resource[] => {
  const find = (what: string): Resource | undefined => all.find((each) => each.service === service && each.what === what)
  const [connections, active, waiting] = [find('connections'), find('active'), find('idle_in_transaction')]
  if (connections === undefined || active === undefined) return []
  const size = mostOf(connections.readings.map(({ value }) => value)) - ownConnection
  const atSize = connections.readings.filter(({ value }) => value - ownConnection === size).length
  const isServersLimit = connections.limit !== null && size >= 0.9 * (connections.limit - ownConnection)
  if (size < 1 || atSize < 5 || isServersLimit) return []
  const inTransaction = new Map(waiting?.readings.map(({ at, value }) => [at, value]))
  return [
    {
      name: `${service}.pool`,
      service,
      what: 'pool',
      unit: 'count',
      limit: size,
      limitBecause: `the application opened ${size} and never more, while the server would have allowed ${connections.limit ?? 'others'}`,
      depth: 1,
      readings: active.readings.map(({ at, value }) => ({ at, value: Math.min(size, value + (inTransaction.get(at) ?? 0)) })),
    },
  ]
}

const aboveOneCore = 1.25 // cores; garbage collection and input/output of a single-threaded program add that much at times

const oneThreadOf = (all: readonly Resource[], { name, service, what, unit, limit, readings }: Resource): Resource[] => {
  const processes = all.find((each) => each.service === service && each.what === 'processes')
  if (what !== 'cpu' || limit === null || limit <= 1 || processes === undefined) return []
  if (processes.readings.some(({ value }) => value !== 1) || mostOf(readings.map(({ value }) => value)) > aboveOneCore) return []
  const limitBecause = `it is one process that never used more than one of ${limit} cores, as a program with one busy thread does`
  return [{ name: `${name} of one thread`, service, what, unit, limit: 1, limitBecause, depth: 0, readings }]
}

/** Probes of the machine that perf runs on; no other knows its busiest core. */
const hostsOf = (probes: readonly Series[]): ReadonlySet<string> =>
  new Set(probes.filter(({ name }) => name.endsWith('.busiest_core')).map(({ name }) => name.slice(0, name.lastIndexOf('.'))))

/** A target at a public address is another machine than the one that perf runs on. */
const isElsewhere = ({ target: { addresses } }: Run): boolean => addresses.length > 0 && addresses.every((address) => rangeOf(address) === 'unicast')

/** What perf used to make the load is not the target's, and was not to be had by it. */
const withoutPerf = (run: Run, resource: Resource): Resource => {
  const own = new Map<Seconds, number>()
  for (const series of run.probes.filter(({ name }) => name === 'generator.cpu' || name.endsWith('.browser_cpu')))
    for (const { at, value } of readingsOf(series)) own.set(at, (own.get(at) ?? 0) + value)
  const { limit, readings } = resource
  if (limit === null || own.size === 0) return resource
  const used = median([...own.values()])
  return {
    ...resource,
    limit: limit - used,
    limitBecause: `perf itself used ${reading(used, 'cores')} of the machine's ${reading(limit, 'cores')}, which are left out on both sides`,
    readings: readings.map(({ at, value }) => ({ at, value: Math.max(0, value - (own.get(at) ?? used)) })),
  }
}

/** Everything that was watched of the target, with what can't have broken first. */
export const allSeriesOf = (run: Run): Resource[] => run.probes.filter(({ name }) => !name.startsWith('generator.')).map(asResource)

/** Instances of one service are told by the names of their probes, alike but for what they end in. @example kindOf('shop-2') // 'shop' */
export const kindOf = (service: string): string | undefined => /^(.+?)(?:[-_]?\d+|[-_][a-z])$/.exec(service)?.[1]

/** Times follow whatever broke; by how much one instance takes longer than those beside it tells of that instance alone. */
const beyondPeers = (series: readonly Series[]): Resource[] => {
  const times = series.filter(({ name, unit }) => name.endsWith('.response_time') && unit === 'ms')
  return times.flatMap((each): Resource[] => {
    const service = each.name.slice(0, each.name.indexOf('.'))
    const kind = kindOf(service)
    const peers = times.filter(({ name }) => name !== each.name && kind !== undefined && kindOf(name.slice(0, name.indexOf('.'))) === kind)
    if (peers.length === 0) return []
    const theirs = peers.map((peer) => new Map(readingsOf(peer).map(({ at, value }) => [at, value])))
    const readings = readingsOf(each).flatMap(({ at, value }) => {
      const beside = theirs.flatMap((readings) => readings.get(at) ?? [])
      return beside.length === 0 ? [] : [{ at, value: Math.max(0, value - median(beside)) }]
    })
    return [{ name: `${each.name} beyond its peers`, service, what: 'beyond_its_peers', unit: 'ms', limit: null, depth: 0, readings }]
  })
}

const known = new WeakMap<Run, Resource[]>() // attribution, diagnosis and questions ask one after the other, and an hour of many probes takes its time

/** @param run what follows its warm-up */
export const resourcesOf = (run: Run): readonly Resource[] => {
  const told = known.get(run) ?? readFrom(run)
  known.set(run, told)
  return told
}

const readFrom = (run: Run): Resource[] => {
  // What a browser sees is what users wait for, and the CPU it takes is not the target's.
  const browsers = new Set((run.observations ?? []).flatMap(({ probe, kind }) => (kind === 'page' ? [probe] : [])))
  const watched = run.probes.filter(({ name }) => !name.startsWith('generator.') && !browsers.has(name.split('.', 1)[0] ?? ''))
  const hosts = hostsOf(watched)
  const all = watched
    .map(asResource)
    .filter(({ what, service }) => !follows.test(what) && !(hosts.has(service) && isElsewhere(run)))
    .map((resource) => (hosts.has(resource.service) && resource.what === 'cpu' ? withoutPerf(run, resource) : resource))
  // Processes are no resource, but they tell whether a CPU is shared by several.
  const withProcesses = [...all, ...watched.filter(({ name }) => name.endsWith('.processes')).map(asCount)]
  return [
    ...all,
    ...beyondPeers(watched),
    ...[...new Set(all.map(({ service }) => service))].flatMap((service) => poolOf(all, service)),
    ...all.flatMap((each) => oneThreadOf(withProcesses, each)),
  ]
}

const asCount = (series: Series): Resource => ({
  name: series.name,
  service: series.name.slice(0, series.name.lastIndexOf('.')),
  what: 'processes',
  unit: series.unit,
  limit: null,
  depth: 1,
  readings: readingsOf(series),
})
