import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { fillSamples, hostKind } from '../../../../runner/probes/host/host.ts'
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
  const probe = hostKind.create('host', {}, { target, proc })
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
  await expect(hostKind.create('host', {}, { target, proc: aMachine({}) }).start(never)).rejects.toThrow(/there is no .*stat to read/)
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
