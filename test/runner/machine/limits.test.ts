/** Trees of control groups as systems have them, made anew in a folder. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { coresAvailable, memoryAvailable, quotaOfThisProcess } from '../../../runner/machine/limits.ts'

const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))))

const tree = async (own: string, files: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-cgroup-'))
  folders.push(folder)
  for (const [path, text] of Object.entries({ 'proc/self/cgroup': own, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return { proc: join(folder, 'proc'), cgroups: join(folder, 'cgroups') }
}

describe('version 2', () => {
  test('the tightest quota from the own group upwards holds', async () => {
    const places = await tree('0::/ci/job-7\n', {
      'cgroups/cgroup.controllers': 'cpu memory\n',
      'cgroups/ci/cpu.max': '150000 100000\n',
      'cgroups/ci/job-7/cpu.max': 'max 100000\n',
      'cgroups/ci/job-7/memory.max': '268435456\n',
    })
    expect(quotaOfThisProcess(places)).toBe(1.5)
    expect(memoryAvailable(places)).toBe(256 * 1024 * 1024)
  })

  test('in a container the own group is the root of what is seen', async () => {
    const places = await tree('0::/\n', { 'cgroups/cgroup.controllers': 'cpu memory\n', 'cgroups/cpu.max': '25000 100000\n' })
    expect(coresAvailable(places)).toBe(0.25)
  })
})

test('version 1: each controller has a tree of its own, and −1 is no limit', async () => {
  const places = await tree('4:memory:/docker/ab:c\n2:cpu,cpuacct:/docker/ab:c\n0::/\n', {
    'cgroups/cpu/docker/cpu.cfs_quota_us': '-1\n',
    'cgroups/cpu/docker/cpu.cfs_period_us': '100000\n',
    'cgroups/cpu/docker/ab:c/cpu.cfs_quota_us': '50000\n',
    'cgroups/cpu/docker/ab:c/cpu.cfs_period_us': '100000\n',
    'cgroups/memory/docker/ab:c/memory.limit_in_bytes': '9223372036854771712\n',
  })
  expect(quotaOfThisProcess(places)).toBe(0.5)
  expect(memoryAvailable(places)).toBe(totalmem()) // a limit beyond the machine is none
})

test('where nothing is said, the machine is the limit', () => {
  const nowhere = { proc: '/nowhere', cgroups: '/nowhere' }
  expect(quotaOfThisProcess(nowhere)).toBeUndefined()
  expect(coresAvailable(nowhere)).toBe(availableParallelism())
  expect(memoryAvailable(nowhere)).toBe(totalmem())
})
