/**
 * Finds control groups and reads their accounts, of version 1 and 2 alike. Folders and texts of Linux's /sys/fs/cgroup, as its
 * Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst describe them.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from './text.ts'

export type Places = { readonly proc?: string; readonly cgroups?: string }

/** Folder of the group in each controller's tree; in version 2 they are all the same one. */
export type ControlGroup = {
  readonly version: 1 | 2
  readonly root: string
  readonly folder: (controller: 'cpu' | 'cpuacct' | 'memory' | 'blkio' | 'io') => string
  /** Below the root; limits of all groups on the way hold. */
  readonly path: string
}

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  } catch {
    return []
  }
}

/** Version 1 mounts controllers one by one or a few together, as `cpu,cpuacct`. */
export const treeOf = (controller: string, cgroups: string): string | undefined => namesIn(cgroups).find((name) => name.split(',').includes(controller))

export const isUnified = (cgroups: string): boolean => textOf(join(cgroups, 'cgroup.controllers')) !== undefined

const groupAt = (path: string, cgroups: string): ControlGroup | undefined => {
  if (isUnified(cgroups)) return { version: 2, root: cgroups, folder: () => join(cgroups, path), path }
  if (treeOf('cpu', cgroups) === undefined) return undefined
  return { version: 1, root: cgroups, path, folder: (controller) => join(cgroups, treeOf(controller, cgroups) ?? controller, path) }
}

/** The group of a process. Version 1 may keep it in another group for each controller. */
export const groupOfProcess = (pid: number | 'self', { proc = '/proc', cgroups = '/sys/fs/cgroup' }: Places = {}): ControlGroup | undefined => {
  const lines = (textOf(join(proc, String(pid), 'cgroup')) ?? '').split('\n').map((line) => line.split(':'))
  const unified = lines.find(([hierarchy]) => hierarchy === '0')
  if (isUnified(cgroups)) return unified === undefined ? undefined : groupAt(unified.slice(2).join(':'), cgroups)
  const group = groupAt('/', cgroups)
  if (group === undefined || lines.length === 0) return undefined
  const pathOf = (controller: string): string => {
    const line = lines.find(([, controllers]) => controllers?.split(',').includes(controller))
    return line === undefined ? '/' : line.slice(2).join(':')
  }
  return { ...group, path: pathOf('cpu'), folder: (controller) => join(cgroups, treeOf(controller, cgroups) ?? controller, pathOf(controller)) }
}

const deepest = 8 // levels; a container of a pod of a slice lies five below the root

/** Paths below a tree whose last name holds the text. */
const pathsWith = (tree: string, text: string, path = '', depth = 0): string[] =>
  depth > deepest
    ? []
    : namesIn(join(tree, path)).flatMap((name) => {
        const below = `${path}/${name}`
        return name.includes(text) ? [below] : pathsWith(tree, text, below, depth + 1)
      })

/** The group of a container: runtimes put its id into the group's name. @param id as the runtime prints it, or its beginning */
export const groupOfContainer = (id: string, { cgroups = '/sys/fs/cgroup' }: Places = {}): ControlGroup | undefined => {
  const tree = isUnified(cgroups) ? cgroups : join(cgroups, treeOf('cpu', cgroups) ?? '')
  const [path] = pathsWith(tree, id)
  return path === undefined ? undefined : groupAt(path, cgroups)
}

/** The group at a path below the root, or at its folder. */
export const groupAtPath = (path: string, { cgroups = '/sys/fs/cgroup' }: Places = {}): ControlGroup | undefined => {
  const below = path.startsWith(cgroups) ? path.slice(cgroups.length) : path
  const group = groupAt(below.startsWith('/') ? below : `/${below}`, cgroups)
  return group !== undefined && textOf(join(group.folder('cpu'), 'cgroup.procs')) !== undefined ? group : undefined
}

const numbersIn = (text: string | undefined): Map<string, number> =>
  new Map(
    (text ?? '').split('\n').flatMap((line) => {
      const [name, value] = line.split(' ')
      return name === undefined || value === undefined || !Number.isFinite(Number(value)) ? [] : [[name, Number(value)] as const]
    }),
  )

const numberIn = (path: string): number | undefined => {
  const text = textOf(path)?.trim()
  return text === undefined || text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text)
}

/** Everything counted since the group was made; undefined where the kernel does not tell. */
export type Account = {
  /** CPU time, seconds. */
  readonly cpu: number | undefined
  /** Periods of the quota in which the group wanted to run, and those in which it was stopped; seconds that its threads stood still. */
  readonly periods: number | undefined
  readonly throttledPeriods: number | undefined
  readonly throttled: number | undefined
  /** Cores. */
  readonly quota: number | undefined
  /** Bytes, without pages of files that could be given up at any time. */
  readonly memory: number | undefined
  readonly memoryLimit: number | undefined
  readonly memoryPeak: number | undefined
  readonly oomKills: number | undefined
  readonly bytesRead: number | undefined
  readonly bytesWritten: number | undefined
  /** Seconds in which some of its threads waited for the resource. */
  readonly pressure: { readonly cpu: number | undefined; readonly memory: number | undefined; readonly io: number | undefined }
}

const inSeconds = (value: number | undefined, unit: number): number | undefined => (value === undefined ? undefined : value / unit)

/** Limits of a group and of all groups above it, the smallest. Version 1 writes "no limit" as a number near 2⁶³. */
const smallest = (group: ControlGroup, controller: 'cpu' | 'memory', read: (folder: string) => number | undefined): number | undefined => {
  const parts = group.folder(controller).split('/')
  const tree = group.version === 2 ? group.root : join(group.root, treeOf(controller, group.root) ?? controller)
  let least: number | undefined
  for (let length = parts.length; length >= tree.split('/').length; length--) {
    const limit = read(parts.slice(0, length).join('/'))
    if (limit !== undefined && limit > 0 && limit < 2 ** 60 && (least === undefined || limit < least)) least = limit
  }
  return least
}

const totalOf = (pressure: string | undefined): number | undefined => {
  const total = /^some .*total=(\d+)/m.exec(pressure ?? '')?.[1]
  return total === undefined ? undefined : Number(total) / 1e6
}

const accountOfVersion2 = (group: ControlGroup): Account => {
  const read = (name: string): string | undefined => textOf(join(group.folder('cpu'), name))
  const cpu = numbersIn(read('cpu.stat'))
  const current = numberIn(join(group.folder('memory'), 'memory.current'))
  const sumOf = (name: string): number | undefined => {
    const text = read('io.stat')
    return text === undefined ? undefined : [...text.matchAll(new RegExp(`\\b${name}=(\\d+)`, 'g'))].reduce((sum, [, bytes]) => sum + Number(bytes), 0)
  }
  return {
    cpu: inSeconds(cpu.get('usage_usec'), 1e6),
    periods: cpu.get('nr_periods'),
    throttledPeriods: cpu.get('nr_throttled'),
    throttled: inSeconds(cpu.get('throttled_usec'), 1e6),
    quota: smallest(group, 'cpu', (folder) => {
      const [quota, period] = (textOf(join(folder, 'cpu.max')) ?? '').trim().split(' ').map(Number)
      return quota === undefined || period === undefined || !Number.isFinite(quota / period) ? undefined : quota / period
    }),
    memory: current === undefined ? undefined : Math.max(0, current - (numbersIn(read('memory.stat')).get('inactive_file') ?? 0)),
    memoryLimit: smallest(group, 'memory', (folder) => numberIn(join(folder, 'memory.max'))),
    memoryPeak: numberIn(join(group.folder('memory'), 'memory.peak')),
    oomKills: numbersIn(read('memory.events')).get('oom_kill'),
    bytesRead: sumOf('rbytes'),
    bytesWritten: sumOf('wbytes'),
    pressure: { cpu: totalOf(read('cpu.pressure')), memory: totalOf(read('memory.pressure')), io: totalOf(read('io.pressure')) },
  }
}

const accountOfVersion1 = (group: ControlGroup): Account => {
  const cpu = numbersIn(textOf(join(group.folder('cpu'), 'cpu.stat')))
  const memory = (name: string): string => join(group.folder('memory'), name)
  const usage = numberIn(memory('memory.usage_in_bytes'))
  const blocks = textOf(join(group.folder('blkio'), 'blkio.throttle.io_service_bytes'))
  const sumOf = (name: string): number | undefined =>
    blocks === undefined ? undefined : [...blocks.matchAll(new RegExp(`^\\S+ ${name} (\\d+)`, 'gm'))].reduce((sum, [, bytes]) => sum + Number(bytes), 0)
  return {
    cpu: inSeconds(numberIn(join(group.folder('cpuacct'), 'cpuacct.usage')), 1e9),
    periods: cpu.get('nr_periods'),
    throttledPeriods: cpu.get('nr_throttled'),
    throttled: inSeconds(cpu.get('throttled_time'), 1e9),
    quota: smallest(group, 'cpu', (folder) => {
      const [quota, period] = [numberIn(join(folder, 'cpu.cfs_quota_us')), numberIn(join(folder, 'cpu.cfs_period_us'))]
      return quota === undefined || period === undefined || quota <= 0 ? undefined : quota / period
    }),
    memory: usage === undefined ? undefined : Math.max(0, usage - (numbersIn(textOf(memory('memory.stat'))).get('total_inactive_file') ?? 0)),
    memoryLimit: smallest(group, 'memory', (folder) => numberIn(join(folder, 'memory.limit_in_bytes'))),
    memoryPeak: numberIn(memory('memory.max_usage_in_bytes')),
    oomKills: numbersIn(textOf(memory('memory.oom_control'))).get('oom_kill'),
    bytesRead: sumOf('Read'),
    bytesWritten: sumOf('Write'),
    pressure: { cpu: undefined, memory: undefined, io: undefined },
  }
}

export const accountOf = (group: ControlGroup): Account => (group.version === 2 ? accountOfVersion2(group) : accountOfVersion1(group))
