import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { fillSamples, hostKind } from '../../../../runner/probes/host/host.ts'
import { ProgramUse } from '../../../../runner/probes/host/programs.ts'
import type { Sample } from '../../../../runner/probes/probe.ts'

const target = { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] }
const never = new AbortController().signal
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const write = (proc: string, files: Readonly<Record<string, string>>): void => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(proc, file)), { recursive: true })
    writeFileSync(join(proc, file), text)
  }
}
const aMachine = (files: Readonly<Record<string, string>>): string => {
  const proc = mkdtempSync(join(tmpdir(), 'scale-surgeon-proc-'))
  folders.push(proc)
  write(proc, files)
  return proc
}
const values = (samples: readonly Sample[]) => Object.fromEntries(samples.map(({ name, value }) => [name, value]))

test('what happened between two readings: half of two cores busy, all on one, a tenth stolen from the other', async () => {
  const proc = aMachine({
    stat: 'cpu  0\ncpu0 100 0 0 900 0 0 0 0 0 0\ncpu1 100 0 0 900 0 0 0 0 0 0\n',
    meminfo: 'MemTotal: 1000 kB\nMemAvailable: 400 kB\nSwapTotal: 100 kB\nSwapFree: 75 kB\n',
  })
  const probe = hostKind.create('host', { paths: [] }, { target, proc })
  await probe.start(never)
  expect(values(await probe.read(never))).toEqual({
    'host.cpu': null,
    'host.busiest_core': null,
    'host.iowait': null,
    'host.steal': null,
    'host.memory': 600 * 1024,
    'host.swap': 25 * 1024,
  })
  write(proc, { stat: 'cpu  0\ncpu0 190 0 10 900 0 0 0 0 0 0\ncpu1 100 0 0 970 20 0 0 10 0 0\n' })
  const samples = await probe.read(never)
  expect(values(samples)).toMatchObject({ 'host.cpu': 1, 'host.busiest_core': 1, 'host.iowait': 0.2, 'host.steal': 0.1 })
  expect(samples.find(({ name }) => name === 'host.cpu')?.limit).toBe(2)
  expect(samples.find(({ name }) => name === 'host.memory')?.limit).toBe(1000 * 1024)
})

test('a system without /proc can not be watched', async () => {
  await expect(hostKind.create('host', { paths: [] }, { target, proc: aMachine({}) }).start(never)).rejects.toThrow(/there is no .*stat to read/)
})

test('each file system has its limit, and the fullest one a name of its own', () => {
  expect(
    fillSamples('host', [
      { place: '/', space: { used: 30, limit: 100 }, files: { used: 9, limit: 10 } },
      { place: '/var/lib/Shop-1', space: { used: 80, limit: 100 }, files: null },
    ]),
  ).toEqual([
    { name: 'host.fullest_disk', unit: 'ratio', value: 0.8, limit: 1 },
    { name: 'host.fullest_inodes', unit: 'ratio', value: 0.9, limit: 1 },
    { name: 'host.disk_space.root', unit: 'bytes', value: 30, limit: 100 },
    { name: 'host.inodes.root', unit: 'count', value: 9, limit: 10 },
    { name: 'host.disk_space.var_lib_shop_1', unit: 'bytes', value: 80, limit: 100 },
  ])
})

test('the path that is named is watched whatever its file system is, and a path that is not there is said', async () => {
  const folder = aMachine({ stat: 'cpu  0\ncpu0 1 0 0 9 0 0 0 0 0 0\n' })
  write(folder, { mounts: `server:/export ${folder} nfs4 rw 0 0\n` })
  const named = hostKind.create('host', { paths: [folder] }, { target, proc: folder })
  await named.start(never)
  const series = (await named.read(never)).map(({ name }) => name).filter((name) => name.startsWith('host.disk_space.'))
  expect(series).toHaveLength(1)
  expect((await named.stop()).observations).toEqual([
    { probe: 'host', kind: 'place', subject: folder, values: { series: series[0]?.slice('host.disk_space.'.length) } },
  ])
  await expect(hostKind.create('host', { paths: ['/not/there'] }, { target, proc: folder }).start(never)).rejects.toThrow(
    'there is no /not/there here, which its option "paths" names',
  )
})

test('programs that use the CPU are told by name, and neither this process nor its children', async () => {
  const stat = (name: string, parent: number, seconds: number): string => `1 (${name}) S ${parent} 1 1 0 -1 0 0 0 0 0 ${seconds * 100} 0 0 0 20 0 1 0 1 1 1`
  const proc = aMachine({
    '10/stat': stat('burn (er)', 1, 5),
    '11/stat': stat('burn (er)', 1, 5),
    '12/stat': stat('quiet', 1, 900),
    [`${process.pid}/stat`]: stat('perf', 1, 5),
    '13/stat': stat('engine', process.pid, 5),
  })
  let now = 0
  const use = new ProgramUse(proc, new Set([process.pid]), () => now)
  for (let reading = 0; reading < 5; reading++) use.read()
  now = 5000
  write(proc, { '10/stat': stat('burn (er)', 1, 10), '11/stat': stat('burn (er)', 1, 7.5), '13/stat': stat('engine', process.pid, 10) })
  use.read()
  expect(use.observations('host')).toEqual([{ probe: 'host', kind: 'program', subject: 'burn (er)', values: { most: 1.5 } }])
})

test('ports that connections to one place take have the range as their limit; those of the load itself are left out', async () => {
  const line = (local: number, remote: string): string => `  0: 0100007F:${local.toString(16).toUpperCase()} 0100007F:${remote} 06 0 0 0 0 0 0`
  const proc = aMachine({
    stat: 'cpu  0\ncpu0 1 0 0 9 0 0 0 0 0 0\n',
    'sys/net/ipv4/ip_local_port_range': '40000\t40099\n',
    'net/sockstat': 'TCP: inuse 4 orphan 0 tw 40 alloc 9 mem 0\n',
    'net/tcp': [
      ...Array.from({ length: 30 }, (_, port) => line(40_000 + port, '0050')),
      ...Array.from({ length: 50 }, (_, port) => line(40_030 + port, '0001')),
    ].join('\n'),
  })
  const probe = hostKind.create('host', { paths: [] }, { target, proc })
  await probe.start(never)
  expect(await probe.read(never)).toContainEqual({ name: 'host.ephemeral_ports', unit: 'count', value: 30, limit: 100 })
  expect((await probe.stop()).observations).toContainEqual({ probe: 'host', kind: 'destination', subject: '127.0.0.1:80', values: { ports: 30 } })
})
