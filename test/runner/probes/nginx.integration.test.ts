import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { nginxKind } from '../../../runner/probes/nginx.ts'
import type { Probe, Sample } from '../../../runner/probes/probe.ts'
import { type Nginx, nginxProgram, startNginx } from '../../support/nginx.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

let nginx: Nginx | undefined
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await nginx?.stop()
  nginx = undefined
})

const connected = async (url: string, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {}) // nginx may turn it away
    sockets.push(socket)
    await once(socket, 'connect')
  }
}

describe.skipIf(nginxProgram === undefined)('an nginx', () => {
  const probeOf = (url: string, connections?: number): Probe =>
    nginxKind.create('nginx', { url: `${url}/nginx-status`, ...(connections && { connections }) }, world)

  test('connections and requests are what its page prints and its log holds', async () => {
    nginx = await startNginx()
    const { url } = nginx
    const probe = probeOf(url, 4096)
    await probe.start(never)
    await probe.read(never)
    const at = performance.now()
    for (let n = 0; n < 200; n += 1) await (await fetch(url)).text()
    await connected(url, 7)
    await pause(1000)
    const samples = byName(await probe.read(never))
    const seconds = (performance.now() - at) / 1000
    const page = await (await fetch(`${url}/nginx-status`)).text()
    expect(samples.get('nginx.connections')).toEqual({
      name: 'nginx.connections',
      unit: 'count',
      value: Number(/^Active connections: (\d+)/.exec(page)?.[1]),
      limit: 4096,
    })
    expect(samples.get('nginx.waiting')?.value).toBe(Number(/Waiting: (\d+)/.exec(page)?.[1]))
    expect(samples.get('nginx.writing')?.value).toBe(1) // the page itself
    expect(samples.get('nginx.dropped')?.value).toBe(0)
    expect((samples.get('nginx.requests')?.value ?? 0) * seconds).toBeGreaterThan(195)
    expect((samples.get('nginx.requests')?.value ?? 0) * seconds).toBeLessThan(207) // 200, the probe's own, and a moment between two clocks
    await probe.stop()
    await nginx.stop()
    expect(await nginx.counts()).toMatchObject({ 'GET /': { 200: 200 } })
  })

  test('connections beyond worker_connections are told as dropped, once there is one left to ask by', async () => {
    nginx = await startNginx({ connections: 20 })
    const probe = probeOf(nginx.url, 20)
    await probe.start(never)
    await probe.read(never)
    // Half a request each: of connections without one nginx would close some to make room.
    for (let n = 0; n < 40; n += 1) {
      await connected(nginx.url, 1)
      sockets.at(-1)?.write('GET / HTTP/1.1\r\n')
      await pause(20)
    }
    await expect(probe.read(never)).rejects.toThrow('gave no answer to /nginx-status')
    for (const socket of sockets.splice(0)) socket.destroy()
    await pause(200)
    const samples = byName(await probe.read(never))
    const page = await (await fetch(`${nginx.url}/nginx-status`)).text()
    const [, accepted = '', handled = ''] = /\n (\d+) (\d+) \d+/.exec(page) ?? []
    expect(samples.get('nginx.dropped')?.value).toBe(Number(accepted) - Number(handled))
    expect(samples.get('nginx.dropped')?.value).toBeGreaterThanOrEqual(10)
  })
})

test('a page that is another, one that is forbidden, and nobody there are told as such, without the password', async () => {
  const server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from('perf:hunt/er22').toString('base64')}`
    response.statusCode = request.url === '/private' && !isKnown ? 401 : 200
    response.end('Welcome')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const start = (url: string): Promise<void> => nginxKind.create('nginx', { url }, world).start(never)
  await expect(start(`http://${host}/`)).rejects.toThrow(`what ${host} answered is no stub_status page`)
  await expect(start(`http://${host}/private`)).rejects.toThrow(`${host} answered /private with status 401`)
  await expect(start(`http://perf:hunt%2Fer22@${host}/private`)).rejects.toThrow('is no stub_status page')
  server.close()
  await expect(start('http://perf:hunter22@127.0.0.1:1/nginx-status')).rejects.toThrow(/^127\.0\.0\.1:1 gave no answer to \/nginx-status \(.*\)$/)
})
