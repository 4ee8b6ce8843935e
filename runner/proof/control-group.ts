/**
 * A control group of a given size, for one service: the CPU quota and the memory limit that a container of that size would have. Version 1
 * keeps a folder in each controller's tree, version 2 one folder; both are made, entered and removed here, and read by runner/machine.
 */
import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../errors/usage-error.ts'
import { type Account, accountOf, groupAtPath, groupOfProcess, isUnified, type Places, treeOf } from '../machine/control-groups.ts'
import { textOf } from '../machine/text.ts'

/** Gigabytes as clouds sell them: 2³⁰ bytes. */
export type Limits = { readonly vcpu: number; readonly gigabytes: number }

export type LimitedGroup = {
  readonly version: 1 | 2
  /** Below the root of control groups. */
  readonly path: string
  /** Files into which a process writes its number to be in the group. */
  readonly entrances: readonly string[]
  processes(): number[]
  account(): Account | undefined
  /** Removes the group; false while a process is in it. */
  remove(): boolean
}

const period = 100_000 // microseconds; the kernel's own default, and that of container runtimes
const bytesOf = ({ gigabytes }: Limits): string => String(Math.round(gigabytes * 2 ** 30))
const quotaOf = ({ vcpu }: Limits): string => String(Math.round(vcpu * period))

/** A kernel without an account of swap has no such file, and then there is nothing to limit. */
const writeIfThere = (file: string, text: string): void => {
  if (textOf(file) !== undefined) writeFileSync(file, text)
}

const limitVersion1 = (folders: ReadonlyMap<string, string>, limits: Limits): void => {
  const [cpu, memory] = [folders.get('cpu') ?? '', folders.get('memory') ?? '']
  writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(period))
  writeFileSync(join(cpu, 'cpu.cfs_quota_us'), quotaOf(limits))
  writeFileSync(join(memory, 'memory.limit_in_bytes'), bytesOf(limits))
  writeIfThere(join(memory, 'memory.memsw.limit_in_bytes'), bytesOf(limits)) // a container has no swap
}

const limitVersion2 = (folder: string, limits: Limits): void => {
  writeFileSync(join(folder, 'cpu.max'), `${quotaOf(limits)} ${period}`)
  writeFileSync(join(folder, 'memory.max'), bytesOf(limits))
  writeIfThere(join(folder, 'memory.swap.max'), '0')
}

/** Groups above a process, nearest first: version 2 has limits only where the parent hands its controllers on. */
const above = (path: string): string[] => (path === '/' ? ['/'] : [dirname(path), ...above(dirname(path))].filter((each, at, all) => all.indexOf(each) === at))

/** Version 2 below the first group above this process that hands on CPU and memory; the root of the machine can be asked to. */
const parentOfVersion2 = (places: Places, cgroups: string): string => {
  const own = groupOfProcess('self', places)?.path ?? '/'
  for (const path of above(own)) {
    const control = join(cgroups, path, 'cgroup.subtree_control')
    const handedOn = (): readonly string[] => (textOf(control) ?? '').trim().split(/\s+/)
    const isReady = (): boolean => ['cpu', 'memory'].every((each) => handedOn().includes(each))
    if (!isReady() && path === '/') writeFileSync(control, '+cpu +memory')
    if (isReady()) return path
  }
  throw new Error('no control group above this process hands on cpu and memory')
}

/** Where a group is made: a folder in each tree, `cpu` and `memory` of version 1 by name. */
type Home = { readonly version: 1 | 2 /** Below the root of control groups. */; readonly path: string; readonly trees: ReadonlyMap<string, string> }

const homeOf = (places: Places): Home => {
  const { cgroups = '/sys/fs/cgroup' } = places
  if (isUnified(cgroups)) {
    const path = parentOfVersion2(places, cgroups)
    return { version: 2, path, trees: new Map([['all', join(cgroups, path)]]) }
  }
  const trees = ['cpu', 'cpuacct', 'memory'].map((controller) => {
    const tree = treeOf(controller, cgroups)
    if (tree === undefined) throw new Error(`there is no ${controller} controller under ${cgroups}`)
    return [controller, join(cgroups, tree)] as const
  })
  return { version: 1, path: '/', trees: new Map(trees) }
}

/** Two controllers may share one tree. */
const foldersOf = (name: string, { trees }: Home): string[] => [...new Set([...trees.values()].map((tree) => join(tree, name)))]

const make = (name: string, limits: Limits, home: Home): void => {
  const { version, trees } = home
  const made: string[] = []
  try {
    for (const folder of foldersOf(name, home)) {
      mkdirSync(folder)
      made.push(folder)
    }
    if (version === 2) limitVersion2(made[0] ?? '', limits)
    else limitVersion1(new Map([...trees].map(([controller, tree]) => [controller, join(tree, name)])), limits)
  } catch (error) {
    for (const folder of made) remove(folder)
    throw error
  }
}

const remove = (folder: string): boolean => {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

const groupIn = (home: Home, name: string, places: Places): LimitedGroup => {
  const { version } = home
  const [path, folders] = [join(home.path, name), foldersOf(name, home)]
  return {
    version,
    path,
    entrances: folders.map((folder) => join(folder, 'cgroup.procs')),
    processes: () => [...new Set(folders.flatMap((folder) => (textOf(join(folder, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number)))],
    account: () => {
      const group = groupAtPath(path, places)
      return group === undefined ? undefined : accountOf(group)
    },
    remove: () => folders.map(remove).every(Boolean),
  }
}

/**
 * @param name of the new group, one that is not there yet
 * @throws {UsageError} when this user may not make one here, with what the kernel said
 */
export const makeGroup = (name: string, limits: Limits, places: Places = {}): LimitedGroup => {
  let home: Home
  try {
    home = homeOf(places)
    make(name, limits, home)
  } catch (cause) {
    throw new UsageError(
      `A control group of ${limits.vcpu} vCPU and ${limits.gigabytes} GB can't be made here (${(cause as Error).message}). A proof holds the service to the recommended size by one, which needs Linux and either root or control groups that were delegated to this user. Run it as root, or as systemd-run --user --scope -p Delegate=yes perf advise …, or name a service that has that size already with --target.`,
      { cause },
    )
  }
  return groupIn(home, name, places)
}

/** Groups of that name's kind where a new one would be made; none where none can be made. */
export const groupsThere = (isOne: (name: string) => boolean, places: Places = {}): LimitedGroup[] => {
  try {
    const home = homeOf(places)
    const names = new Set([...home.trees.values()].flatMap((tree) => readdirSync(tree)).filter(isOne))
    return [...names].map((name) => groupIn(home, name, places))
  } catch {
    return []
  }
}
