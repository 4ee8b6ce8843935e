import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { redisKind } from '../../../../runner/probes/redis/redis.ts'
import { hasRedis, type RedisServer, startRedis } from '../../../support/redis.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))
const probeOf = (url: string): Probe => redisKind.create('redis', { url }, world)
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe.skipIf(!hasRedis)('a Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis({ maxmemory: '3mb', 'maxmemory-policy': 'allkeys-lru', maxclients: '20', 'slowlog-log-slower-than': '10000' })
    // Every grant that the kind asks for, and no other.
    await server.cli('acl', 'setuser', 'perf', 'on', '>hunt/er22', '-@all', '+info', '+slowlog|get', '+client|setname')
    await server.cli('acl', 'setuser', 'weak', 'on', '>hunter22', '-@all', '+info')
  })
  afterAll(() => server?.stop())
  const asRole = (role: string, password: string): string => server.url.replace('//', `//${role}:${encodeURIComponent(password)}@`)

  test('memory, clients, hits, evictions and slow commands are what redis-cli prints', async () => {
    const probe = probeOf(asRole('perf', 'hunt/er22'))
    await probe.start(never)
    await probe.read(never)
    const at = performance.now()
    const fields = ['keyspace_hits', 'keyspace_misses', 'evicted_keys', 'rejected_connections'] as const
    const told = async (): Promise<Record<string, number>> =>
      Object.fromEntries(await Promise.all(fields.map(async (name) => [name, await server.field(name)] as const)))
    const before = await told()

    const clients = Array.from({ length: 5 }, () => new Redis(server.url))
    const [busy, waiting] = clients as [Redis, Redis]
    const blocked = waiting.blpop('nothing', 3)
    for (let n = 0; n < 400; n += 1) await busy.set(`key${n}`, 'x'.repeat(10_000))
    for (let n = 300; n < 400; n += 1) await busy.get(`key${n}`)
    for (let n = 0; n < 25; n += 1) await busy.get(`missing${n}`)
    await busy.eval(
      "local s = redis.call('time')[1] * 1e6 + redis.call('time')[2] local n repeat local t = redis.call('time') n = t[1] * 1e6 + t[2] until n - s > 15000",
      0,
    )
    await pause(1000) // against which a moment between two clocks weighs little
    const samples = byName(await probe.read(never))
    const seconds = (performance.now() - at) / 1000
    const after = await told()
    const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0)

    const hits = grown('keyspace_hits')
    expect(samples.get('redis.cache_hit')?.value).toBeCloseTo(hits / (hits + grown('keyspace_misses')), 9)
    const misses = samples.get('redis.misses')?.value ?? 0
    expect(Math.abs(misses * seconds - grown('keyspace_misses'))).toBeLessThanOrEqual(grown('keyspace_misses') * 0.2)
    expect(grown('evicted_keys')).toBeGreaterThan(50)
    const evictions = samples.get('redis.evictions')?.value ?? 0
    expect(Math.abs(evictions * seconds - grown('evicted_keys'))).toBeLessThan(grown('evicted_keys') * 0.2)
    expect(samples.get('redis.memory')).toMatchObject({ unit: 'bytes', limit: 3 * 1024 * 1024 })
    const memory = await server.field('used_memory')
    expect(Math.abs((samples.get('redis.memory')?.value ?? 0) - memory)).toBeLessThan(memory * 0.05)
    expect(samples.get('redis.clients')).toMatchObject({ value: (await server.field('connected_clients')) - 1, limit: 20 }) // redis-cli is one too
    expect(samples.get('redis.blocked_clients')?.value).toBe(await server.field('blocked_clients'))
    expect(samples.get('redis.blocked_clients')?.value).toBe(1)
    expect(samples.get('redis.slow_commands')?.value).toBe(Number(await server.cli('slowlog', 'len')))
    expect(samples.get('redis.slow_commands')?.value).toBeGreaterThanOrEqual(1)
    await server.cli('lpush', 'nothing', '1')
    await blocked
    for (const client of clients) client.disconnect()
    const { observations, caveats } = await probe.stop()
    expect(caveats).toBeUndefined()
    expect(observations?.find(({ subject }) => subject === 'set')?.values).toMatchObject({ calls: 400 })
  })

  test('clients beyond the limit are rejected and counted, while the probe goes on', async () => {
    const probe = probeOf(asRole('perf', 'hunt/er22'))
    await probe.start(never)
    await probe.read(never)
    const rejectedBefore = await server.field('rejected_connections')
    const clients = Array.from({ length: 24 }, () => new Redis(server.url, { retryStrategy: () => null, enableReadyCheck: false }))
    for (const client of clients) client.on('error', () => {})
    await pause(300)
    const samples = byName(await probe.read(never))
    expect(samples.get('redis.clients')).toMatchObject({ value: 20, limit: 20 })
    for (const client of clients) client.disconnect()
    await pause(100)
    const rejected = (await server.field('rejected_connections')) - rejectedBefore
    expect(samples.get('redis.rejected_connections')?.value).toBe(rejected)
    expect(rejected).toBeGreaterThanOrEqual(5)
    await probe.stop()
  })

  test('a role without the slow log is a caveat, and the rest is read', async () => {
    const probe = probeOf(asRole('weak', 'hunter22'))
    await probe.start(never)
    const samples = byName(await probe.read(never))
    expect(samples.get('redis.clients')?.value).toBeGreaterThan(0)
    expect(samples.has('redis.slow_commands')).toBe(false)
    expect((await probe.stop()).caveats).toMatchObject([{ code: 'redis-without-slow-log', text: expect.stringContaining('slowlog') }])
  })

  test('a wrong password and a port where nobody listens are told as such', async () => {
    await expect(probeOf(asRole('perf', 'wrong')).start(never)).rejects.toThrow(/WRONGPASS/)
    await expect(probeOf('redis://127.0.0.1:1').start(never)).rejects.toThrow(/ECONNREFUSED/)
  })

  test('a server that ends the connection is read again at the next reading', async () => {
    const probe = probeOf(server.url)
    await probe.start(never)
    await probe.read(never)
    await server.cli('client', 'kill', 'type', 'normal')
    await pause(100)
    const samples = byName(await probe.read(never))
    expect(samples.get('redis.clients')?.value).toBeGreaterThan(0)
    await probe.stop()
  })
})
