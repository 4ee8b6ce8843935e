import { readdirSync, readFileSync } from 'node:fs'
import { type Channel, type ChannelModel, connect } from 'amqplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { rabbitMqKind } from '../../../../runner/probes/rabbitmq/rabbitmq.ts'
import { freePort } from '../../../support/free-port.ts'
import { hasRabbitMq, type RabbitMq, startRabbitMq } from '../../../support/rabbitmq.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Reads until the server has counted anew, which it does each second here. */
const until = async (probe: Probe, isThere: (samples: ReadonlyMap<string, Sample>) => boolean) => {
  for (let tries = 0; ; tries += 1) {
    const samples = byName(await probe.read(never))
    if (isThere(samples)) return samples
    if (tries === 100) throw new Error(`not told within 20 s: ${JSON.stringify([...samples.values()])}`)
    await pause(200)
  }
}

describe.skipIf(!hasRabbitMq)('a RabbitMQ', () => {
  let server: RabbitMq
  let connection: ChannelModel
  let channel: Channel
  beforeAll(async () => {
    server = await startRabbitMq('collect_statistics_interval = 1000', 'vm_memory_high_watermark.absolute = 1GB')
    // Every grant that the kind asks for, and no other.
    for (const words of [
      ['add_user', 'perf', 'hunt/er22'],
      ['set_user_tags', 'perf', 'monitoring'],
      ['set_permissions', '-p', '/', 'perf', '^$', '^$', '^$'],
      ['add_user', 'weak', 'hunter22'],
      ['set_user_tags', 'weak', 'management'],
      ['set_permissions', '-p', '/', 'weak', '^$', '^$', '^$'],
      ['add_user', 'stranger', 'hunter22'],
      ['set_user_tags', 'stranger', 'monitoring'],
    ])
      await server.control(...words)
    connection = await connect(server.amqp)
    channel = await connection.createChannel()
    await channel.assertQueue('orders', { arguments: { 'x-max-length': 1000 } })
    await channel.assertQueue('mail: new')
    await channel.assertQueue('other')
  })
  afterAll(async () => {
    await connection?.close()
    await server?.stop()
  })
  const as = (user: string, password: string): string => server.url.replace('//', `//${user}:${encodeURIComponent(password)}@`)
  const probeOf = (given: object, user = 'perf', password = 'hunt/er22'): Probe =>
    rabbitMqKind.create('broker', rabbitMqKind.options.parse({ url: as(user, password), ...given }), world)

  test('depth, messages in flight and consumers of each queue are what rabbitmqctl prints', async () => {
    const probe = probeOf({ queues: ['orders', 'mail*'] })
    await probe.start(never)
    for (let n = 0; n < 40; n += 1) channel.sendToQueue('orders', Buffer.from('x'), { timestamp: Math.floor(Date.now() / 1000) - 100 })
    channel.sendToQueue('mail: new', Buffer.from('x'))
    await channel.prefetch(7)
    const { consumerTag } = await channel.consume('orders', () => {}) // takes seven and acknowledges none
    const samples = await until(probe, (told) => told.get('broker.in_flight.orders')?.value === 7 && told.get('broker.depth.mail:_new')?.value === 1)
    const printed = await server.queues('messages_ready', 'messages_unacknowledged', 'consumers')
    expect(printed.get('orders')).toEqual(['33', '7', '1'])
    expect(samples.get('broker.depth.orders')).toEqual({ name: 'broker.depth.orders', unit: 'count', value: 33, limit: 1000 })
    expect(samples.get('broker.consumers.orders')?.value).toBe(1)
    expect(printed.get('mail: new')).toEqual(['1', '0', '0'])
    expect(samples.get('broker.depth.mail:_new')).toMatchObject({ value: 1, limit: null })
    expect([...samples.keys()].filter((name) => name.endsWith('other'))).toEqual([])
    const age = samples.get('broker.oldest_age.orders')
    expect(age?.unit).toBe('s')
    expect(age?.value).toBeGreaterThanOrEqual(99)
    expect(age?.value).toBeLessThan(160)
    expect(samples.has('broker.oldest_age.mail:_new')).toBe(false) // its publisher wrote down no time
    await channel.cancel(consumerTag)
    await channel.recover()
    await channel.purgeQueue('orders')
    const emptied = await until(probe, (told) => told.get('broker.depth.orders')?.value === 0)
    expect(emptied.get('broker.oldest_age.orders')?.value).toBe(0)
    expect((await probe.stop()).caveats).toEqual([])
  })

  test('rates over the time they hold are as many messages as were published, delivered and acknowledged', async () => {
    const probe = probeOf({ queues: ['other'] })
    await probe.start(never)
    await until(probe, (told) => told.has('broker.published.other'))
    const { consumerTag } = await channel.consume('other', (message) => message !== null && channel.ack(message))
    let published = 0
    const publishing = setInterval(() => {
      published += 1
      channel.sendToQueue('other', Buffer.from('x'))
    }, 10)
    const sums = { published: 0, delivered: 0, acknowledged: 0 }
    for (let reading = 0; reading < 7; reading += 1) {
      const at = performance.now()
      await pause(1000)
      if (reading === 3) clearInterval(publishing)
      const samples = byName(await probe.read(never))
      const seconds = (performance.now() - at) / 1000
      for (const what of Object.keys(sums) as (keyof typeof sums)[]) sums[what] += (samples.get(`broker.${what}.other`)?.value ?? 0) * seconds
    }
    await channel.cancel(consumerTag)
    expect(published).toBeGreaterThan(50)
    for (const sum of Object.values(sums)) {
      expect(sum).toBeGreaterThan(published * 0.9) // two clocks look at each second
      expect(sum).toBeLessThan(published * 1.1)
    }
    await probe.stop()
  })

  test('memory against its watermark, files, connections and alarms are what rabbitmqctl prints', async () => {
    const probe = probeOf({})
    await probe.start(never)
    const samples = await until(probe, (told) => told.get('broker.connections')?.value === 1 && told.has('broker.memory'))
    const status = JSON.parse(await server.control('status', '--formatter', 'json'))
    expect(samples.get('broker.memory')).toMatchObject({ unit: 'bytes', limit: 1e9 })
    expect(Math.abs((samples.get('broker.memory')?.value ?? 0) - status.memory.total.rss)).toBeLessThan(status.memory.total.rss * 0.5)
    expect(samples.get('broker.open_files')?.limit).toBe(Number(/^Max open files +(\d+)/m.exec(readFileSync(`/proc/${status.pid}/limits`, 'utf8'))?.[1]))
    expect(Math.abs((samples.get('broker.open_files')?.value ?? 0) - readdirSync(`/proc/${status.pid}/fd`).length)).toBeLessThanOrEqual(5) // rabbitmqctl opens some
    expect(samples.get('broker.sockets')).toMatchObject({ value: 1, limit: status.file_descriptors.sockets_limit })
    expect(samples.get('broker.erlang_processes')?.limit).toBe(status.processes.limit)
    expect(samples.get('broker.channels')?.value).toBe((await server.control('list_channels', '--no-table-headers', 'name')).split('\n').length)
    expect(samples.get('broker.memory_alarms')?.value).toBe(0)
    expect(samples.get('broker.nodes')?.value).toBe(1)

    await server.control('set_vm_memory_high_watermark', 'absolute', '1MB')
    const full = await until(probe, (told) => told.get('broker.memory_alarms')?.value === 1)
    expect(await server.control('status', '--formatter', 'json').then((text) => JSON.parse(text).alarms.length)).toBe(1)
    expect(full.get('broker.memory')?.limit).toBe(1e6)
    await server.control('set_vm_memory_high_watermark', 'absolute', '1GB')
    await until(probe, (told) => told.get('broker.memory_alarms')?.value === 0)
    await probe.stop()
  })

  test('a user without the monitoring tag reads the queues, and a caveat says what is unknown', async () => {
    const probe = probeOf({}, 'weak', 'hunter22')
    await probe.start(never)
    const samples = byName(await probe.read(never))
    expect(samples.has('broker.depth.orders')).toBe(true)
    expect(samples.has('broker.memory')).toBe(false)
    const { caveats } = await probe.stop()
    expect(caveats).toMatchObject([
      {
        code: 'rabbitmq-without-nodes',
        text: expect.stringMatching(
          /^Memory.*"broker" are unknown, because .*GET \/api\/nodes with status 401 \(Not monitor user\).*set_user_tags … monitoring\.$/,
        ),
      },
    ])
  })

  test('a right that is missing, a wrong password and a port where nobody listens are told as such', async () => {
    await expect(probeOf({}, 'stranger', 'hunter22').start(never)).rejects.toThrow(
      /\/api\/queues\/%2F with status 401 \(User not authorised to access virtual host\)/,
    )
    await expect(probeOf({}, 'perf', 'wrong').start(never)).rejects.toThrow(/\/api\/overview with status 401 \(Login failed\)/)
    await expect(probeOf({ vhost: 'shop' }, 'guest', 'guest').start(never)).rejects.toThrow(/status 404: there is no virtual host "shop"/)
    await expect(probeOf({ url: `http://127.0.0.1:${await freePort()}` }).start(never)).rejects.toThrow(/gave no answer to \/api\/overview \(ECONNREFUSED\)/)
  })

  test('a right that is taken away in mid-run is told with what it was for', async () => {
    const probe = probeOf({})
    await probe.start(never)
    await probe.read(never)
    await server.control('clear_permissions', '-p', '/', 'perf')
    await expect(probe.read(never)).rejects.toThrow(/User not authorised to access virtual host/)
    await server.control('set_permissions', '-p', '/', 'perf', '^$', '^$', '^$')
    await probe.read(never)
    await server.control('set_user_tags', 'perf', 'management')
    const samples = byName(await probe.read(never, 42))
    await server.control('set_user_tags', 'perf', 'monitoring')
    expect([samples.has('broker.memory'), samples.has('broker.depth.orders')]).toEqual([false, true])
    expect((await probe.stop()).caveats).toMatchObject([{ code: 'rabbitmq-without-nodes', text: expect.stringContaining('are unknown from 0:42 on, because') }])
  })

  test('no queue by that name is a caveat', async () => {
    const probe = probeOf({ queues: ['ordres'] })
    await probe.start(never)
    await probe.read(never)
    expect((await probe.stop()).caveats).toMatchObject([{ code: 'rabbitmq-nothing', text: expect.stringContaining('no queue called ordres') }])
  })
})
