import { spawn } from 'node:child_process'
import { afterEach, describe, expect, test } from 'vitest'
import type { Target } from '../../../runner/plan.ts'
import { processKind } from '../../../runner/probes/process.ts'
import { freePort } from '../../support/free-port.ts'
import { untilAnswering } from '../../support/until-answering.ts'

const target = (url: string, address = '127.0.0.1'): Target => ({ url, hostname: new URL(url).hostname, addresses: [address] })
const world = { target: target('http://127.0.0.1:1') }
const never = new AbortController().signal

const children: ReturnType<typeof spawn>[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
const node = (program: string): number => {
  const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' })
  children.push(child)
  return child.pid ?? 0
}

const server = (port: number) => `require('http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')`
const answers = (port: number) => untilAnswering(`http://127.0.0.1:${port}`, new Promise(() => {}))

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  test('a busy process uses about a core, an idle one next to none, and each has its memory and files', async () => {
    const port = await freePort()
    const probes = [node('for (;;);'), node(server(port))].map((pid) => processKind.create('app', { pid }, world))
    for (const probe of probes) await probe.start(never)
    await answers(port) // Node itself is busy while it starts
    for (const probe of probes) await probe.read(never)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const [busy, idle] = (await Promise.all(probes.map((probe) => probe.read(never)))).map(
      (samples) => new Map(samples.map(({ name, value }) => [name, value])),
    )
    expect(busy?.get('app.cpu')).toBeGreaterThan(idle?.get('app.cpu') ?? 0)
    expect(busy?.get('app.cpu')).toBeLessThan(1.5)
    expect(busy?.get('app.waiting_for_cpu')).toBeGreaterThanOrEqual(0)
    expect((busy?.get('app.cpu') ?? 0) + (busy?.get('app.waiting_for_cpu') ?? 0)).toBeGreaterThan(0.8) // a loop without end runs or waits
    expect(idle?.get('app.memory')).toBeGreaterThan(10_000_000)
    expect(idle?.get('app.open_files')).toBeGreaterThan(3)
    expect(idle?.get('app.processes')).toBe(1)
  })

  test('a process that is not there can not be watched, and one that ends can not be read any more', async () => {
    await expect(processKind.create('app', { pid: 4_194_304 + 1 }, world).start(never)).rejects.toThrow('there is no process 4194305 here')
    await expect(processKind.create('app', { port: 1 }, world).start(never)).rejects.toThrow('listens on port 1')
    const probe = processKind.create('app', { pid: node('setInterval(() => {}, 1e6)') }, world)
    await probe.start(never)
    const child = children[0]
    const ended = new Promise((resolve) => child?.once('exit', resolve))
    child?.kill('SIGKILL')
    await ended
    await expect(probe.read(never)).rejects.toThrow(/the process \d+ is gone/)
  })

  test('a server that is started again is followed by its port, and its change is told with the moment', async () => {
    const port = await freePort()
    const first = node(server(port))
    await answers(port)
    const probe = processKind.create('app', { port }, world)
    await probe.start(never)
    await probe.read(never, 0)
    const [child] = children
    const ended = new Promise((resolve) => child?.once('exit', resolve))
    child?.kill('SIGKILL')
    await ended
    await expect(probe.read(never, 1)).rejects.toThrow(`the process ${first} is gone, and nothing listens on port ${port}`)
    const second = node(server(port))
    await answers(port)
    const samples = new Map((await probe.read(never, 2)).map(({ name, value }) => [name, value]))
    expect(samples.get('app.processes')).toBe(1)
    expect(samples.get('app.cpu')).toBe(0) // what it used before it was first seen is of no reading
    const { caveats = [] } = await probe.stop()
    expect(caveats).toMatchObject([{ code: 'process-replaced', text: expect.stringContaining(`by 0:02 the process ${first} is gone and ${second} has come`) }])
  })
})

test('nothing is looked for on another machine', async () => {
  expect(await processKind.detect?.({ target: target('https://shop.example', '203.0.113.7') })).toEqual([])
})
