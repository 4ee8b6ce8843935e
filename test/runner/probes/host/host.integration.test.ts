import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { hostKind } from '../../../../runner/probes/host/host.ts'
import type { Sample } from '../../../../runner/probes/probe.ts'
import { findProgram } from '../../../support/programs.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const hasPrograms = process.platform === 'linux' && ['free', 'df', 'ss', 'vmstat'].every((name) => findProgram(name) !== undefined)
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))
const printed = async (program: string, ...words: string[]): Promise<string> => (await execa(program, words, { env: { LC_ALL: 'C' } })).stdout

// Others use this machine too, so what moves is compared within what can come and go in a moment.
describe.skipIf(!hasPrograms)('the machine that the tests run on', () => {
  test('memory is what free prints, disks are what df prints, sockets what ss prints', async () => {
    const probe = hostKind.create('host', { paths: [] }, world)
    await probe.start(never)
    const samples = byName(await probe.read(never))

    const [, total = '', , , , , available = ''] = (await printed('free', '--bytes')).split('\n')[1]?.split(/\s+/) ?? []
    const memory = samples.get('host.memory')
    expect(memory?.limit).toBe(Number(total))
    expect(Math.abs((memory?.value ?? 0) - (Number(total) - Number(available)))).toBeLessThan(Number(total) * 0.02)

    const [, , used = '', left = ''] = (await printed('df', '--block-size=1', '/')).split('\n')[1]?.split(/\s+/) ?? []
    const disk = samples.get('host.disk_space.root')
    expect(Math.abs((disk?.value ?? 0) - Number(used))).toBeLessThan(200e6)
    expect(Math.abs((disk?.limit ?? 0) - Number(used) - Number(left))).toBeLessThan(200e6)
    const [, files = '', inodes = ''] = (await printed('df', '--inodes', '/')).split('\n')[1]?.split(/\s+/) ?? []
    expect(samples.get('host.inodes.root')?.limit).toBe(Number(files))
    expect(Math.abs((samples.get('host.inodes.root')?.value ?? 0) - Number(inodes))).toBeLessThan(5000)

    const [, established = '', waiting = ''] = /estab (\d+),.*timewait (\d+)/.exec(await printed('ss', '--summary')) ?? []
    expect(Math.abs((samples.get('host.sockets_established')?.value ?? -1) - Number(established))).toBeLessThan(500)
    expect(Math.abs((samples.get('host.sockets_time_wait')?.value ?? -1) - Number(waiting))).toBeLessThan(2000)
  })

  test('CPU over a second is what vmstat prints of it, and within its cores', async () => {
    const probe = hostKind.create('host', { paths: [] }, world)
    await probe.start(never)
    await probe.read(never)
    const vmstat = (await printed('vmstat', '1', '2')).trim().split('\n')
    const samples = byName(await probe.read(never))
    const names = vmstat[1]?.trim().split(/\s+/) ?? []
    const last = vmstat.at(-1)?.trim().split(/\s+/).map(Number) ?? []
    const of = (name: string): number => last[names.indexOf(name)] ?? Number.NaN
    const cpu = samples.get('host.cpu')
    const cores = cpu?.limit ?? 0
    expect(cpu?.value).toBeGreaterThan(0)
    expect(cpu?.value).toBeLessThanOrEqual(cores)
    expect(Math.abs((cpu?.value ?? 0) / cores - (of('us') + of('sy')) / 100)).toBeLessThan(0.25)
    expect(samples.get('host.busiest_core')?.value).toBeLessThanOrEqual(1)
    expect(samples.get('host.busiest_core')?.value).toBeGreaterThanOrEqual((cpu?.value ?? 0) / cores)
  })
})
