import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { accountOf, groupAtPath, groupOfContainer, groupOfProcess } from '../../../runner/machine/control-groups.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Files by path below a root of their own. */
const tree = (files: Readonly<Record<string, string>>): { readonly cgroups: string; readonly proc: string } => {
  const root = mkdtempSync(join(tmpdir(), 'perf-cgroups-'))
  folders.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return { cgroups: join(root, 'cgroup'), proc: join(root, 'proc') }
}

const id = '4f5a9c1b2d3e'
const scope = `system.slice/docker-${id}aabbccddeeff.scope`
/** As a Debian 12 host with Docker shows a container of half a core and 512 MiB. */
const version2 = {
  'cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
  'cgroup/memory.stat': 'inactive_file 1\n',
  'cgroup/system.slice/cpu.max': 'max 100000\n',
  'cgroup/system.slice/memory.max': '1073741824\n',
  [`cgroup/${scope}/cgroup.procs`]: '4242\n',
  [`cgroup/${scope}/cpu.stat`]: 'usage_usec 12500000\nuser_usec 10000000\nsystem_usec 2500000\nnr_periods 400\nnr_throttled 100\nthrottled_usec 7500000\n',
  [`cgroup/${scope}/cpu.max`]: '50000 100000\n',
  [`cgroup/${scope}/memory.current`]: '300000000\n',
  [`cgroup/${scope}/memory.max`]: '536870912\n',
  [`cgroup/${scope}/memory.peak`]: '400000000\n',
  [`cgroup/${scope}/memory.stat`]: 'anon 180000000\nfile 120000000\ninactive_file 100000000\n',
  [`cgroup/${scope}/memory.events`]: 'low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\n',
  [`cgroup/${scope}/io.stat`]: '254:0 rbytes=1000 wbytes=2000 rios=1 wios=2\n254:16 rbytes=10 wbytes=20 rios=1 wios=2\n',
  [`cgroup/${scope}/cpu.pressure`]: 'some avg10=1.00 avg60=0.50 avg300=0.10 total=3000000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  [`cgroup/${scope}/memory.pressure`]: 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  'proc/4242/cgroup': `0::/${scope}\n`,
}
const accountOfVersion2 = {
  ...{ cpu: 12.5, periods: 400, throttledPeriods: 100, throttled: 7.5, quota: 0.5 },
  ...{ memory: 200_000_000, memoryLimit: 536_870_912, memoryPeak: 400_000_000, oomKills: 1, bytesRead: 1010, bytesWritten: 2020 },
  pressure: { cpu: 3, memory: 0, io: undefined },
}

describe('version 2', () => {
  test('a group is found by process, by container and by path, and it is the same one', () => {
    const places = tree(version2)
    for (const group of [groupOfProcess(4242, places), groupOfContainer(id, places), groupAtPath(`/${scope}`, places)])
      expect(group && accountOf(group)).toEqual(accountOfVersion2)
  })

  test('the limit of a group above holds as well', () => {
    const places = tree({
      ...version2,
      'cgroup/system.slice/memory.max': '1000000\n',
      [`cgroup/${scope}/cpu.max`]: 'max 100000\n',
      'cgroup/system.slice/cpu.max': '200000 100000\n',
    })
    const group = groupOfProcess(4242, places)
    expect(group && accountOf(group)).toMatchObject({ memoryLimit: 1_000_000, quota: 2 })
  })
})

/** As an older host shows it; the container's controllers lie in trees of their own, two of them in one. */
const version1 = {
  [`cgroup/cpu,cpuacct/docker/${id}/cgroup.procs`]: '77\n',
  [`cgroup/cpu,cpuacct/docker/${id}/cpuacct.usage`]: '2500000000\n',
  [`cgroup/cpu,cpuacct/docker/${id}/cpu.stat`]: 'nr_periods 50\nnr_throttled 5\nthrottled_time 250000000\n',
  [`cgroup/cpu,cpuacct/docker/${id}/cpu.cfs_quota_us`]: '25000\n',
  [`cgroup/cpu,cpuacct/docker/${id}/cpu.cfs_period_us`]: '100000\n',
  [`cgroup/memory/docker/${id}/memory.usage_in_bytes`]: '104857600\n',
  [`cgroup/memory/docker/${id}/memory.limit_in_bytes`]: '9223372036854771712\n',
  'cgroup/memory/docker/memory.limit_in_bytes': '268435456\n',
  [`cgroup/memory/docker/${id}/memory.max_usage_in_bytes`]: '157286400\n',
  [`cgroup/memory/docker/${id}/memory.stat`]: 'inactive_file 0\ntotal_inactive_file 4857600\n',
  [`cgroup/memory/docker/${id}/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  [`cgroup/blkio/docker/${id}/blkio.throttle.io_service_bytes`]: '8:0 Read 4096\n8:0 Write 8192\n8:0 Total 12288\nTotal 12288\n',
  'proc/77/cgroup': `4:blkio:/docker/${id}\n3:memory:/docker/${id}\n2:cpu,cpuacct:/docker/${id}\n1:name=systemd:/docker/${id}\n0::/\n`,
}

test('version 1 tells the same in other words, and "no limit" as a number', () => {
  const places = tree(version1)
  for (const group of [groupOfProcess(77, places), groupOfContainer(id, places), groupAtPath(`docker/${id}`, places)])
    expect(group && accountOf(group)).toEqual({
      ...{ cpu: 2.5, periods: 50, throttledPeriods: 5, throttled: 0.25, quota: 0.25 },
      ...{ memory: 100_000_000, memoryLimit: 268_435_456, memoryPeak: 157_286_400, oomKills: 2, bytesRead: 4096, bytesWritten: 8192 },
      pressure: { cpu: undefined, memory: undefined, io: undefined },
    })
})

test('what is not there is not found', () => {
  const places = tree(version2)
  expect(groupOfProcess(1, places)).toBeUndefined()
  expect(groupOfContainer('ffffffffffff', places)).toBeUndefined()
  expect(groupAtPath('/nowhere', places)).toBeUndefined()
  expect(groupOfProcess(1, tree({ 'proc/1/cgroup': '' }))).toBeUndefined()
})
