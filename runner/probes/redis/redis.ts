/** Watches a Redis through one connection of its own, opened before the load: afterwards there may be none left. */
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Seconds } from '../../../scenarios/units.ts'
import { firstWordsOf } from '../../machine/first-words.ts'
import { packageFor } from '../../optional-package.ts'
import type { Observation } from '../../run.ts'
import { OwnConnection } from '../connection.ts'
import { Counters } from '../counters.ts'
import { probeKind } from '../kind.ts'
import { hostOf, serversBeside, urlFrom } from '../neighbours.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { Starts } from '../starts.ts'
import { observationsOf, type Statements, statementsBetween } from '../statements.ts'
import { commandsOf, countedBy, type Information, informationOf, samplesOf } from './account.ts'

const options = z.strictObject({
  url: z
    .string()
    .regex(/^rediss?:\/\//, 'URLs of Redis begin with redis:// or rediss://')
    .describe('redis://user:password@host:port, or rediss:// for TLS'),
})

const connectTo = async (url: string, lost: () => void): Promise<Redis> => {
  const { Redis: Client } = await packageFor('Redis', 'ioredis', () => import('ioredis'))
  let because: Error | undefined
  const client = new Client(url, {
    lazyConnect: true,
    connectionName: 'scale-surgeon',
    disableClientInfo: true, // a grant of its own, for nothing that is needed here
    connectTimeout: 4000,
    commandTimeout: 2000, // less than a reading may take, so that a slow one ends by itself
    enableOfflineQueue: false,
    enableReadyCheck: false,
    retryStrategy: () => null, // a connection that is lost is opened anew at the next reading
  })
  client.on('error', (error: Error) => {
    because = error
  })
  client.on('end', lost)
  try {
    await client.connect()
  } catch (error) {
    client.disconnect()
    throw because ?? error // its own words are "Connection is closed."
  }
  return client
}

class RedisProbe implements Probe {
  readonly every = 1
  readonly #connection: OwnConnection<Redis>
  readonly #counters = new Counters()
  readonly #starts = new Starts()
  #atFirst: Statements | undefined
  #withoutSlowLog = ''

  constructor(
    readonly name: string,
    url: string,
  ) {
    this.#connection = new OwnConnection((lost) => connectTo(url, lost))
  }

  async start(): Promise<void> {
    await this.#information(await this.#connection.open())
  }

  async read(_: AbortSignal, at: Seconds = 0): Promise<readonly Sample[]> {
    const client = await this.#connection.open()
    this.#atFirst ??= commandsOf(await this.#information(client, 'commandstats'))
    const information = await this.#information(client)
    this.#starts.see(information.get('run_id') ?? '', at)
    const counted = countedBy(information, await this.#slowest(client))
    return samplesOf(this.name, information, counted, this.#counters.since(counted))
  }

  async stop(): Promise<Parting> {
    try {
      const observations = await this.#observations().catch((): Observation[] => [])
      const restarts = this.#starts.caveats('redis', 'Redis', this.name)
      if (this.#withoutSlowLog === '') return restarts.length === 0 ? { observations } : { observations, caveats: restarts }
      const text = `How many commands were slow is unknown, because "${this.name}" may not read the slow log: ${this.#withoutSlowLog}. It is read by SLOWLOG GET. ACL SETUSER … +slowlog|get.`
      return { observations, caveats: [...restarts, { code: 'redis-without-slow-log', text }] }
    } finally {
      this.#connection.release()?.disconnect()
    }
  }

  async #information(client: Redis, section?: string): Promise<Information> {
    return informationOf(await (section === undefined ? client.info() : client.info(section)))
  }

  /** Number of the newest entry of the slow log, the first being 1; 0 when there has been none. */
  async #slowest(client: Redis): Promise<number | undefined> {
    if (this.#withoutSlowLog !== '') return undefined
    try {
      const [newest] = (await client.slowlog('GET', 1)) as [number][]
      return newest === undefined ? 0 : newest[0] + 1
    } catch (error) {
      if (!/NOPERM|unknown command/i.test((error as Error).message)) throw error
      this.#withoutSlowLog = (error as Error).message
      return undefined
    }
  }

  async #observations(): Promise<Observation[]> {
    if (this.#atFirst === undefined) return []
    const information = await this.#information(await this.#connection.open(), 'commandstats')
    return observationsOf(this.name, 'command', statementsBetween(this.#atFirst, commandsOf(information)))
  }
}

/** What answered PING: one that lets everybody in, or one that wants a password. */
const redisBy = (heard: Buffer | undefined): string | undefined => {
  const answer = heard?.toString('latin1') ?? ''
  if (answer.startsWith('+PONG')) return 'Redis'
  return /^-(NOAUTH|NOPERM|DENIED|ERR)/.test(answer) ? 'Redis with a password' : undefined
}

export const redisKind = probeKind({
  kind: 'redis',
  reads: 'memory, clients, hit ratio, evictions, slow commands and replication of a Redis, by its url',
  needs: 'ACL SETUSER perf on >… -@all +info +slowlog|get +client|setname; before Redis 6, the password of requirepass.',
  options,
  package: 'ioredis',
  create: (name, { url }) => new RedisProbe(name, url),
  looksFor: "a Redis on this machine: where the target's connections lead, and on port 6379",
  detect: (world) =>
    serversBeside(
      world,
      { called: 'Redis', programs: /^(redis|valkey|keydb)-server$/, port: 6379 },
      async ({ address, port }) => redisBy(await firstWordsOf(address, port, 'PING\r\n')),
      (place, answered) => (answered === 'Redis' ? { options: { url: `redis://${hostOf(place)}` } } : urlFrom('REDIS_URL', `redis://perf:…@${hostOf(place)}`)),
    ),
})
