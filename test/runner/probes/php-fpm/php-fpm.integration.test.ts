import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { phpFpmKind } from '../../../../runner/probes/php-fpm/php-fpm.ts'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { type PhpFpm, phpFpmProgram, startPhpFpm } from '../../../support/php-fpm.ts'
import { findProgram } from '../../../support/programs.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const client = findProgram('cgi-fcgi')
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))
const probeOf = (url: string, children?: number): Probe => phpFpmKind.create('php', { url, ...(children && { children }) }, world)

const asked = async (port: number, path: string): Promise<string> => {
  const env = { REQUEST_METHOD: 'GET', SCRIPT_NAME: path, SCRIPT_FILENAME: path, QUERY_STRING: '' }
  return (await execa(client ?? '', ['-bind', '-connect', `127.0.0.1:${port}`], { env, stdin: 'ignore' })).stdout
}

describe.skipIf(phpFpmProgram === undefined || client === undefined)('a pool of three children', () => {
  let pool: PhpFpm
  beforeAll(async () => {
    pool = await startPhpFpm({ children: 3 })
  })
  afterAll(() => pool?.stop())

  test('children at work and requests in line are what its page prints to another client', async () => {
    const probe = probeOf(`fcgi://127.0.0.1:${pool.statusPort}/status`, 3)
    await probe.start(never)
    const calm = byName(await probe.read(never))
    expect(calm.get('php.active')).toEqual({ name: 'php.active', unit: 'count', value: 0, limit: 3 })
    expect(calm.get('php.idle')?.value).toBe(3)
    const requests = Array.from({ length: 11 }, () => asked(pool.port, pool.sleeps))
    // The page is renewed once a second: the first children take the first three, and eight wait until then.
    const inLine = (page: string): number => Number(/^listen queue:\s+(\d+)/m.exec(page)?.[1])
    let page = ''
    let samples = calm
    const readBetweenEqualPages = async (): Promise<boolean> => {
      page = await asked(pool.statusPort, '/status')
      samples = byName(await probe.read(new AbortController().signal))
      return inLine(page) > 0 && inLine(await asked(pool.statusPort, '/status')) === inLine(page)
    }
    await expect.poll(readBetweenEqualPages, { timeout: 5000, interval: 50 }).toBe(true)
    const printed = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(page)?.[1])
    expect(samples.get('php.listen_queue')).toMatchObject({ value: printed('listen queue'), limit: printed('listen queue len') })
    expect(printed('listen queue len')).toBe(64)
    expect(samples.get('php.active')?.value).toBe(printed('active processes'))
    expect(samples.get('php.active')?.value).toBe(3)
    await Promise.all(requests)
    await probe.stop()
  })
})

test('what is no status page, and nobody there, are told as such', async () => {
  const server = createServer((socket) => socket.end('Welcome'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await expect(probeOf(`fcgi://127.0.0.1:${port}/status`).start(never)).rejects.toThrow(
    `127.0.0.1:${port} gave no answer to /status (it closed the connection)`,
  )
  server.close()
  await expect(probeOf('fcgi://127.0.0.1:1/status').start(never)).rejects.toThrow('127.0.0.1:1 gave no answer to /status (ECONNREFUSED)')
})
