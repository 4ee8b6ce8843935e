import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { makeGroup } from '../../../runner/proof/control-group.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Files by path below a root of their own. A file system keeps what the kernel would act on, so what was asked of it can be read. */
const tree = (files: Readonly<Record<string, string>>) => {
  const root = mkdtempSync(join(tmpdir(), 'perf-groups-'))
  folders.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return { root, places: { cgroups: join(root, 'cgroup'), proc: join(root, 'proc') }, read: (path: string) => readFileSync(join(root, path), 'utf8') }
}
const half = { vcpu: 0.5, gigabytes: 1 }

describe('version 1', () => {
  const trees = { 'cgroup/cpu,cpuacct/tasks': '', 'cgroup/memory/tasks': '' }

  test('half a vCPU and 1 GB are a quota of 50 ms in each 100, and 2³⁰ bytes', () => {
    const { root, places, read } = tree(trees)
    const group = makeGroup('g', half, places)
    expect(group).toMatchObject({ version: 1, path: '/g' })
    // Two controllers may share one folder, which is entered once.
    expect(group.entrances).toEqual(['cpu,cpuacct', 'memory'].map((each) => join(root, 'cgroup', each, 'g', 'cgroup.procs')))
    expect(read('cgroup/cpu,cpuacct/g/cpu.cfs_quota_us')).toBe('50000')
    expect(read('cgroup/cpu,cpuacct/g/cpu.cfs_period_us')).toBe('100000')
    expect(read('cgroup/memory/g/memory.limit_in_bytes')).toBe('1073741824')
  })

  test('without a memory controller it is refused in three parts, and nothing is left behind', () => {
    const { root, places } = tree({ 'cgroup/cpu/tasks': '', 'cgroup/cpuacct/tasks': '' })
    expect(() => makeGroup('g', half, places)).toThrow(
      /^A control group of 0\.5 vCPU and 1 GB can't be made here \(there is no memory controller .* needs Linux.* Run it as root/,
    )
    expect(existsSync(join(root, 'cgroup/cpu/g'))).toBe(false)
  })
})

describe('version 2', () => {
  const controllers = { 'cgroup/cgroup.controllers': 'cpu memory\n' }
  const slice = 'user.slice/user-1000.slice/user@1000.service/app.slice'
  const ofUser = { ...controllers, 'proc/self/cgroup': `0::/${slice}/shell.scope\n`, [`cgroup/${slice}/shell.scope/cgroup.procs`]: '1\n' }

  test('below the nearest group that hands on CPU and memory', () => {
    const { places, read } = tree({ ...ofUser, [`cgroup/${slice}/cgroup.subtree_control`]: 'cpu memory pids\n' })
    const group = makeGroup('g', { vcpu: 0.25, gigabytes: 0.5 }, places)
    expect(group).toMatchObject({ version: 2, path: `/${slice}/g` })
    expect(group.entrances).toHaveLength(1)
    expect(read(`cgroup/${slice}/g/cpu.max`)).toBe('25000 100000')
    expect(read(`cgroup/${slice}/g/memory.max`)).toBe('536870912')
  })

  test('a slice that hands on memory only is passed over', () => {
    const { places } = tree({
      ...ofUser,
      [`cgroup/${slice}/cgroup.subtree_control`]: 'memory pids\n',
      'cgroup/user.slice/cgroup.subtree_control': 'cpu memory\n',
    })
    expect(makeGroup('g', half, places).path).toBe('/user.slice/g')
  })

  test('the root of the machine is asked to', () => {
    const { places, read } = tree({ ...controllers, 'cgroup/cgroup.subtree_control': 'pids\n', 'proc/self/cgroup': '0::/init.scope\n' })
    // The kernel would now list both; a file keeps the words, so the group is refused here and the wish can be read.
    expect(() => makeGroup('g', half, places)).toThrow('hands on cpu and memory')
    expect(read('cgroup/cgroup.subtree_control')).toBe('+cpu +memory')
  })
})

test('nowhere at all', () => {
  expect(() => makeGroup('g', half, { cgroups: '/nowhere', proc: '/nowhere' })).toThrow(/control groups that were delegated to this user/)
})
