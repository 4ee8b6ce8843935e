/** An application with its health endpoint, as built into dist/; the application itself says what is true of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { nodeKind } from '../../../../runner/probes/node/node.ts'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { freePort, freePortPair } from '../../../support/free-port.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const health = join(import.meta.dirname, '../../../../dist/runner/probes/node/health.js')
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
const application = (port: number, program: string, ...flags: string[]): ChildProcess => {
  const child = spawn(process.execPath, [...flags, '--import', health, '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', PERF_HEALTH_PORT: String(port) },
  })
  children.push(child)
  return child
}
const probeOf = (port: number): Probe => nodeKind.create('app', { url: `http://127.0.0.1:${port}/perf-health` }, world)
const started = async (port: number): Promise<Probe> => {
  const probe = probeOf(port)
  for (;;) {
    try {
      await probe.start(never)
      return probe
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)) // it is still starting
    }
  }
}

test.skipIf(process.platform !== 'linux')('a loop that stood still, the heap, its limit and the garbage are what the application says', async () => {
  const port = await freePort()
  // On a line it blocks its loop for 300 ms and makes garbage, collects it, and says what Node tells it.
  const app = application(
    port,
    `process.stdin.on('data', () => {
      const from = performance.now()
      let junk = []
      while (performance.now() - from < 300) { junk.push({ n: performance.now() }); if (junk.length > 1e5) junk = [] }
      junk = []
      gc()
      const { used_heap_size, heap_size_limit } = require('node:v8').getHeapStatistics()
      console.log(JSON.stringify({ used: used_heap_size, limit: heap_size_limit }))
    })`,
    '--max-old-space-size=128',
    '--expose-gc',
  )
  const probe = await started(port)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const calm = byName(await probe.read(never))
  app.stdin?.write('\n')
  const said = once(app.stdout as NodeJS.ReadableStream, 'data') as Promise<[Buffer]>
  await new Promise((resolve) => setTimeout(resolve, 100))
  const samples = byName(await probe.read(never)) // asked while the loop stands still
  const told = JSON.parse((await said)[0].toString())

  expect(samples.get('app.heap')?.limit).toBe(told.limit)
  expect(told.limit).toBeLessThan(300e6)
  expect(Math.abs((samples.get('app.heap')?.value ?? 0) - told.used)).toBeLessThan(3e6)
  expect(samples.get('app.event_loop')?.value).toBeGreaterThan(calm.get('app.event_loop')?.value ?? 0)
  expect(samples.get('app.event_loop')?.value).toBeLessThanOrEqual(1)
  expect(samples.get('app.collecting')?.value).toBeGreaterThan(0)
  expect(samples.get('app.longest_collection')?.value).toBeGreaterThan(0)
  expect(samples.get('app.longest_collection')?.value).toBeLessThan(300)
  expect(samples.get('app.cpu')?.value).toBeGreaterThan(0)
  expect(samples.get('app.event_loop_delay_max')?.value).toBeGreaterThan(280)
  expect(calm.get('app.event_loop_delay_max')?.value).toBeLessThan(280)

  await new Promise((resolve) => setTimeout(resolve, 500)) // V8 gives memory back in its own time
  const later = byName(await probe.read(never))
  const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]) * 1024
  expect(Math.abs((later.get('app.memory')?.value ?? 0) - resident)).toBeLessThan(resident * 0.2)
})

test('a second process takes the next port, and neither is kept alive by being asked', async () => {
  const port = await freePortPair()
  const waiting = 'process.stdin.resume()'
  const first = application(port, waiting)
  await started(port)
  const second = application(port, waiting)
  await started(port + 1)
  const ended = Promise.all([once(first, 'exit'), once(second, 'exit')])
  first.stdin?.end()
  second.stdin?.end()
  expect((await ended).map(([code]) => code)).toEqual([0, 0])
})

test('requests of the application are counted, those under way too, and its own page is none of them', async () => {
  const port = await freePort()
  const app = application(
    port,
    `const server = require('node:http').createServer(({ url }, response) => url === '/never' ? undefined : setTimeout(() => response.end(), 100))
     server.listen(0, '127.0.0.1', () => console.log(server.address().port))`,
  )
  const told = once(app.stdout as NodeJS.ReadableStream, 'data') as Promise<[Buffer]>
  const url = `http://127.0.0.1:${String((await told)[0]).trim()}`
  const probe = await started(port)
  const before = byName(await probe.read(never))
  expect(before.get('app.under_way')?.value).toBe(0)
  const leaving = new AbortController()
  const waiting = fetch(`${url}/never`, { signal: leaving.signal }).catch(() => {})
  await Promise.all(Array.from({ length: 5 }, async () => (await fetch(url)).text()))
  const samples = byName(await probe.read(never))
  expect(samples.get('app.under_way')?.value).toBe(1)
  expect(samples.get('app.requests')?.value).toBeGreaterThan(0)
  expect(samples.get('app.response_time')?.value).toBeGreaterThan(90)
  leaving.abort()
  await waiting
  for (let look = 0; look < 100 && byName(await probe.read(never)).get('app.under_way')?.value !== 0; look++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(byName(await probe.read(never)).get('app.under_way')?.value).toBe(0)
})
