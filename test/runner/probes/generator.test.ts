/** On a /proc as Linux has it, made anew in a folder and changed between readings. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { GeneratorProbe } from '../../../runner/probes/generator.ts'
import type { Sample } from '../../../runner/probes/probe.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Ticks of user time in a line of `/proc/PID/stat`. */
const statOf = (ticks: number): string => `1 (node) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 11 0 1 1 1`

const aMachine = () => {
  const proc = mkdtempSync(join(tmpdir(), 'perf-proc-'))
  folders.push(proc)
  const clock = { steady: 0, wall: 1_000_000 }
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(proc, path)), { recursive: true })
      writeFileSync(join(proc, path), text)
    }
  }
  const probe = new GeneratorProbe({ port: 8080, proc, pid: 7, clock: { steady: () => clock.steady, wall: () => clock.wall } })
  const read = async (after = 1000): Promise<(name: string) => Pick<Sample, 'value' | 'limit'> | undefined> => {
    clock.steady += after
    clock.wall += after
    const samples = await probe.read()
    return (name) => {
      const found = samples.find((sample) => sample.name === `generator.${name}`)
      return found && { value: found.value, limit: found.limit }
    }
  }
  return { probe, clock, write, read }
}

test('CPU is what all processes of the generator used since the last reading', async () => {
  const { probe, write, read } = aMachine()
  write({ '7/stat': statOf(100), '9/stat': statOf(500), '9/task/9/schedstat': '0 0 0', '9/task/10/schedstat': '0 1000000000 0' })
  probe.adopt(9)
  expect((await read())('cpu')).toBeUndefined() // a difference needs two readings
  write({ '7/stat': statOf(110), '9/stat': statOf(650), '9/task/10/schedstat': '0 1500000000 0', '9/task/11/schedstat': '0 250000000 0' })
  const second = await read(2000)
  expect(second('cpu')?.value).toBeCloseTo(0.8) // 1.6 s of CPU time in two seconds
  expect(second('engine_cpu')?.value).toBeCloseTo(0.75)
  expect(second('waiting')?.value).toBeCloseTo(0.375) // threads born in between count with all of their time
})

test('an engine that has ended leaves a gap, not a 0', async () => {
  const { probe, write, read } = aMachine()
  write({ '7/stat': statOf(100) })
  probe.adopt(9)
  await read()
  expect((await read())('cpu')?.value).toBeNull()
})

test('stolen time is a share of all time of the machine', async () => {
  const { write, read } = aMachine()
  write({ stat: 'cpu  712163 78606 190909 1426509 3651 0 13513 1409 0 0\n' })
  await read()
  write({ stat: 'cpu  712213 78606 190929 1426599 3651 0 13513 1449 0 0\n' })
  expect((await read())('steal')?.value).toBeCloseTo(40 / 200)
})

test('the date is held against a clock that never jumps', async () => {
  const { clock, read } = aMachine()
  expect((await read())('clock')?.value).toBe(0)
  clock.wall += 3000
  expect((await read())('clock')?.value).toBe(3000)
})

describe('ports', () => {
  const sockets = (inUse: number): string => `sockets: used 9\nTCP: inuse ${inUse} orphan 0 tw 0 alloc 9 mem 1\n`
  const range = { 'sys/net/ipv4/ip_local_port_range': '40000 40099\n' }
  const tcp = (count: number): string =>
    Array.from({ length: count }, (_, n) => `   ${n}: 0100007F:${(40_000 + n).toString(16).toUpperCase()} 0100007F:1F90 06 00000000:00000000`).join('\n')

  test('few sockets are not listed: there can’t be more ports in use', async () => {
    const { write, read } = aMachine()
    write({ ...range, '7/net/sockstat': sockets(4), '7/net/tcp': tcp(90) })
    expect((await read())('ports')).toEqual({ value: 4, limit: 100 })
  })

  test('many are, and those towards the target count', async () => {
    const { write, read } = aMachine()
    write({ ...range, '7/net/sockstat': sockets(300), '7/net/tcp': tcp(90), '7/net/tcp6': '' })
    expect((await read())('ports')).toEqual({ value: 90, limit: 100 })
  })
})

test('the limit of open files is known even when no file can be opened any more', async () => {
  const { write, read } = aMachine()
  write({ '7/limits': 'Max open files            100                  100                  files     \n', '7/fd/0': '', '7/fd/1': '' })
  expect((await read())('files')?.limit).toBe(100)
  write({ '7/limits': '' })
  expect((await read())('files')?.limit).toBe(100)
})

test('of several threads the worst counts, and one that says nothing leaves no value behind', async () => {
  const { probe, read } = aMachine()
  const health = { cpu: 0.5, waiting: 0.1, loopDelay: 3, collecting: 0.01, longestPause: 2, heap: { used: 10, limit: 100 } }
  probe.hear(0, health)
  probe.hear(1, { ...health, loopDelay: 40, waiting: null, heap: { used: 5, limit: 20 } })
  const first = await read()
  expect([first('loop_delay')?.value, first('waiting')?.value, first('heap')]).toEqual([40, 0.1, { value: 5, limit: 20 }])
  expect((await read())('loop_delay')).toBeUndefined()
})

test('where there is no /proc, the rest is known', async () => {
  const probe = new GeneratorProbe({ port: 80, proc: '/nowhere' })
  await probe.read()
  const names = (await probe.read()).map(({ name, value }) => [name, value !== null])
  expect(names).toEqual([
    ['generator.cpu', true],
    ['generator.memory', true],
    ['generator.clock', true],
  ])
})
