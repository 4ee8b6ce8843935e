/** Watches a Redis through one connection of its own, opened before the load: afterwards there may be none left. */
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Observation } from '../../run.ts'
import { Counters } from '../counters.ts'
import { probeKind } from '../kind.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { commandObservations, commandsOf, countedBy, type Information, informationOf, samplesOf } from './account.ts'

const options = z.strictObject({
  url: z
    .string()
    .regex(/^rediss?:\/\//, 'URLs of Redis begin with redis:// or rediss://')
    .describe('redis://user:password@host:port, or rediss:// for TLS'),
})

const loadRedis = async (): Promise<typeof Redis> => {
  try {
    return (await import('ioredis')).Redis
  } catch {
    throw new Error('the package "ioredis" is not installed, which speaks with Redis (npm install ioredis)')
  }
}

class RedisProbe implements Probe {
  readonly every = 1
  readonly #counters = new Counters()
  #client: Redis | undefined
  #atFirst: ReturnType<typeof commandsOf> | undefined
  #withoutSlowLog = ''

  constructor(
    readonly name: string,
    private readonly url: string,
  ) {}

  async start(): Promise<void> {
    await this.#information(await this.#connect())
  }

  async read(): Promise<readonly Sample[]> {
    const client = this.#client ?? (await this.#connect())
    this.#atFirst ??= commandsOf(await this.#information(client, 'commandstats'))
    const information = await this.#information(client)
    const counted = countedBy(information, await this.#slowest(client))
    return samplesOf(this.name, information, counted, this.#counters.since(counted))
  }

  async stop(): Promise<Parting> {
    try {
      const observations = await this.#observations().catch((): Observation[] => [])
      if (this.#withoutSlowLog === '') return { observations }
      const text = `How many commands were slow is unknown, because "${this.name}" may not read the slow log: ${this.#withoutSlowLog}. It is read by SLOWLOG GET. ACL SETUSER … +slowlog|get.`
      return { observations, caveats: [{ code: 'redis-without-slow-log', text }] }
    } finally {
      this.#client?.disconnect()
      this.#client = undefined
    }
  }

  async #connect(): Promise<Redis> {
    const Client = await loadRedis()
    let because: Error | undefined
    const client = new Client(this.url, {
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
    client.on('end', () => {
      if (this.#client === client) this.#client = undefined
    })
    try {
      await client.connect()
    } catch (error) {
      client.disconnect()
      throw because ?? error // its own words are "Connection is closed."
    }
    this.#client = client
    return client
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
    if (this.#client === undefined || this.#atFirst === undefined) return []
    return commandObservations(this.name, this.#atFirst, commandsOf(await this.#information(this.#client, 'commandstats')))
  }
}

export const redisKind = probeKind({
  kind: 'redis',
  reads: 'memory, clients, hit ratio, evictions, slow commands and replication of a Redis, by its url',
  needs: 'ACL SETUSER perf on >… -@all +info +slowlog|get +client|setname; before Redis 6, the password of requirepass.',
  options,
  create: (name, { url }) => new RedisProbe(name, url),
})
