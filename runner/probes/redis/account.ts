/** What Redis tells of itself in INFO, as samples and as the commands that took its time. */
import type { Counted, Growth } from '../counters.ts'
import { type Sample, toldSamplesOf } from '../probe.ts'
import { type Statements, statementsOf } from '../statements.ts'

/** `name:value` lines; sections begin with #. */
export type Information = ReadonlyMap<string, string>

export const informationOf = (text: string): Information =>
  new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':')
      return line.startsWith('#') || colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const]
    }),
  )

const numberOf = (information: Information, name: string): number | undefined => {
  const text = information.get(name)
  return text === undefined || text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text)
}

const sumOf = (...values: (number | undefined)[]): number | undefined =>
  values.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0)

/** @param slowest number of the newest entry of the slow log; they are numbered without end, whereas the log's length is not */
export const countedBy = (information: Information, slowest: number | undefined): Counted => ({
  commands: numberOf(information, 'total_commands_processed'),
  hits: numberOf(information, 'keyspace_hits'),
  misses: numberOf(information, 'keyspace_misses'),
  evicted: numberOf(information, 'evicted_keys'),
  expired: numberOf(information, 'expired_keys'),
  rejected: numberOf(information, 'rejected_connections'),
  cpu: sumOf(numberOf(information, 'used_cpu_user_main_thread'), numberOf(information, 'used_cpu_sys_main_thread')),
  slow: slowest,
})

/** Bytes that the replica which is furthest behind has not acknowledged; undefined without replicas. */
export const replicationLagOf = (information: Information): number | undefined => {
  const offset = numberOf(information, 'master_repl_offset')
  const acknowledged = [...information].flatMap(([name, text]) => {
    const told = /^slave\d+$/.test(name) ? /\boffset=(\d+)/.exec(text)?.[1] : undefined
    return told === undefined ? [] : [Number(told)]
  })
  return offset === undefined || acknowledged.length === 0 ? undefined : Math.max(0, offset - Math.min(...acknowledged))
}

/** What this server does not tell has no series. */
export const samplesOf = (name: string, information: Information, counted: Counted, growth: Growth): Sample[] => {
  const sample = toldSamplesOf(name)
  const grown = (counter: string): number | null | undefined => (counted[counter] === undefined ? undefined : growth.grown(counter))
  const rate = (counter: string): number | null | undefined => (counted[counter] === undefined ? undefined : growth.rate(counter))
  const now = (field: string): number | undefined => numberOf(information, field)
  return [
    ...sample('memory', 'bytes', now('used_memory'), now('maxmemory') || null), // maxmemory 0 is none
    ...sample('clients', 'count', now('connected_clients'), now('maxclients')),
    ...sample('blocked_clients', 'count', now('blocked_clients')),
    ...sample('rejected_connections', 'count', grown('rejected')),
    ...sample('commands', '/s', rate('commands')),
    // Commands run one after another on one thread: a core is all it can use for them.
    ...sample('cpu', 'cores', rate('cpu'), 1),
    ...sample('cache_hit', 'ratio', counted.hits === undefined ? undefined : growth.share('hits', 'misses')),
    ...sample('misses', '/s', rate('misses')),
    ...sample('evictions', '/s', rate('evicted')),
    ...sample('expirations', '/s', rate('expired')),
    ...sample('slow_commands', 'count', grown('slow')),
    ...sample('replication_lag', 'bytes', replicationLagOf(information)),
  ]
}

/** From `INFO commandstats`: `cmdstat_get:calls=12,usec=34,…`, since the server's statistics were reset. */
export const commandsOf = (information: Information): Statements =>
  statementsOf(
    [...information].flatMap(([name, text]) => {
      const [, calls, microseconds] = /^calls=(\d+),usec=(\d+)/.exec(text) ?? []
      if (!name.startsWith('cmdstat_') || calls === undefined) return []
      return [{ id: name, query: name.slice('cmdstat_'.length), calls: Number(calls), total: Number(microseconds) / 1000 }]
    }),
  )
