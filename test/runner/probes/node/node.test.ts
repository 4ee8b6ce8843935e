import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeKind } from '../../../../runner/probes/node/node.ts'
import type { Probe } from '../../../../runner/probes/probe.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const health = {
  pid: 7,
  loop: { busy: 1000, idle: 9000, delayP99: 1.5, longestDelay: 12 },
  collecting: { total: 50, longest: 4 },
  heap: { used: 30e6, limit: 4e9 },
  resident: 90e6,
  cpu: 1500,
}

let server: Server
let answer: string
beforeEach(async () => {
  server = createServer((_, response) => response.end(answer))
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => server.close())

const probe = (): Probe =>
  nodeKind.create('shop', nodeKind.options.parse({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/perf-health` }), world)
const read = async (watching: Probe) => new Map((await watching.read(never)).map((sample) => [sample.name, sample]))

test('the share of the loop and the heap with its limit; after a restart the shares begin anew', async () => {
  answer = JSON.stringify(health)
  const watching = probe()
  await watching.start(never)
  expect((await read(watching)).get('shop.event_loop')?.value).toBeNull()
  answer = JSON.stringify({ ...health, loop: { ...health.loop, busy: 1750, idle: 9250 } })
  const samples = await read(watching)
  expect(samples.get('shop.event_loop')).toEqual({ name: 'shop.event_loop', unit: 'ratio', value: 0.75, limit: 1 })
  expect(samples.get('shop.heap')).toEqual({ name: 'shop.heap', unit: 'bytes', value: 30e6, limit: 4e9 })
  expect(samples.get('shop.event_loop_delay_max')?.value).toBe(12)
  answer = JSON.stringify({ ...health, pid: 8, loop: { ...health.loop, busy: 99_000, idle: 99_000 } })
  expect((await read(watching)).get('shop.event_loop')?.value).toBeNull()
})

test('requests that ended, those under way, and their mean time; an older copy of the file tells of none', async () => {
  answer = JSON.stringify({ ...health, requests: { ended: 100, took: 5000, underWay: 2 } })
  const watching = probe()
  await watching.start(never)
  await read(watching)
  answer = JSON.stringify({ ...health, collecting: { ...health.collecting, full: 3 }, requests: { ended: 110, took: 5800, underWay: 7 } })
  const samples = await read(watching)
  expect(samples.get('shop.response_time')).toEqual({ name: 'shop.response_time', unit: 'ms', value: 80, limit: null })
  expect(samples.get('shop.under_way')?.value).toBe(7)
  expect(samples.get('shop.requests')?.value).toBeGreaterThan(0)
  expect(samples.get('shop.full_collections')?.value).toBeNull() // nothing to compare with
  answer = JSON.stringify(health)
  const older = await read(watching)
  expect(older.get('shop.requests')).toBeUndefined()
})

test('another page is told as such', async () => {
  answer = '<h1>Shop</h1>'
  await expect(probe().start(never)).rejects.toThrow('is not from scale-surgeon/node-health')
})
