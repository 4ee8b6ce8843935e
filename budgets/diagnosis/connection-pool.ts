/** All connections of a pool are in use, and requests stand in line for one: in the application, or because the server gives no more. */
import { mostly, reading } from '../attribution/words.ts'
import { count } from '../figure.ts'
import { again, causeAmong, type Diagnosis } from './illness.ts'

export const connectionPool: Diagnosis = (seen) => {
  const found = causeAmong(seen, 'pool', 'connections')
  if (found === undefined || found.cause.kind !== 'limit') return undefined
  const { cause, resource } = found
  const size = cause.limit ?? 0
  const [slowest] = (seen.run.observations ?? [])
    .filter(({ kind, probe }) => kind === 'query' && probe === resource.service)
    .toSorted((a, b) => Number(b.values.total ?? 0) - Number(a.values.total ?? 0))
  const isServers = resource.what === 'connections'
  return {
    illness: 'connection-pool',
    name: isServers ? "The server's connections used up" : 'Connection pool used up',
    evidence: [
      cause.because,
      ...(slowest === undefined
        ? []
        : [
            `A connection was held longest by "${slowest.subject}": ${count(Number(slowest.values.calls))} calls of ${reading(Number(slowest.values.mean), 'ms')}, ${mostly(Number(slowest.values.share))} of the database's time. ${count(size)} connections give at most ${count(Math.round((size * 1000) / Math.max(0.001, Number(slowest.values.mean))))} such calls a second.`,
          ]),
    ],
    remedy: isServers
      ? [
          'Put a pool between application and server (PgBouncer, pool_mode = transaction), or lower the pools of the instances so that together they stay below the limit.',
          'ALTER SYSTEM SET max_connections = …; takes a restart and some 10 MB for each.',
        ]
      : [
          'Hold a connection for less time: first the statement above, then whatever is awaited between taking and releasing one.',
          `Make the pool larger, in node-postgres: new Pool({ max: ${count(size * 2)} }); all instances together must stay below the server's limit.`,
        ],
    confirm: again(seen, `${cause.name} stays below 90 % of its limit`),
  }
}
