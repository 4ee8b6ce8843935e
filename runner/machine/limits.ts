/** What this process may use of its machine: cores by affinity and quota, memory by its control groups. */
import { readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'

/** The text of a file, or undefined: what can't be read here is unknown, and nothing fails for it. */
export const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Folders of a control group and all above it: a limit anywhere on the way holds. */
const lineage = (root: string, path: string): string[] => {
  const parts = path.split('/').filter((part) => part !== '')
  return Array.from({ length: parts.length + 1 }, (_, length) => join(root, ...parts.slice(0, length)))
}

const smallest = (limits: readonly (number | undefined)[]): number | undefined => {
  const stated = limits.filter((limit) => limit !== undefined && Number.isFinite(limit) && limit > 0) as number[]
  return stated.length === 0 ? undefined : Math.min(...stated)
}

const numberIn = (path: string): number | undefined => {
  const text = textOf(path)?.trim()
  return text === undefined || text === '' || text === 'max' ? undefined : Number(text)
}

/** Version 2: "100000 100000" are the microseconds of CPU allowed in each period of so many microseconds; "max" is no limit. */
const quotaOf = (folder: string): number | undefined => {
  const [quota, period] = (textOf(join(folder, 'cpu.max')) ?? '').trim().split(' ')
  return quota === undefined || quota === '' || quota === 'max' ? undefined : Number(quota) / Number(period)
}

/** Version 1: −1 is no limit. */
const oldQuotaOf = (folder: string): number | undefined => {
  const [quota, period] = [numberIn(join(folder, 'cpu.cfs_quota_us')), numberIn(join(folder, 'cpu.cfs_period_us'))]
  return quota === undefined || period === undefined || quota <= 0 ? undefined : quota / period
}

/** Where a controller's group of this process lies; in a container its own group is the root of what it sees. */
const groupsOf = (controller: string, proc: string, cgroups: string): { readonly old: readonly string[]; readonly unified: readonly string[] } => {
  const lines = (textOf(join(proc, 'self/cgroup')) ?? '').split('\n').map((line) => line.split(':'))
  const old = lines.find(([, controllers]) => controllers?.split(',').includes(controller))
  const unified = lines.find(([hierarchy]) => hierarchy === '0')
  return {
    old: old === undefined ? [] : lineage(join(cgroups, controller), old.slice(2).join(':')),
    unified: unified === undefined ? [] : lineage(cgroups, unified.slice(2).join(':')),
  }
}

type Places = { readonly proc?: string; readonly cgroups?: string }

/** Cores that the control groups of this process allow; undefined when they allow all. */
export const quotaOfThisProcess = ({ proc = '/proc', cgroups = '/sys/fs/cgroup' }: Places = {}): number | undefined => {
  const { old, unified } = groupsOf('cpu', proc, cgroups)
  return smallest([...old.map(oldQuotaOf), ...unified.map(quotaOf)])
}

/** Cores this process can use at once. */
export const coresAvailable = (places: Places = {}): number => Math.min(availableParallelism(), quotaOfThisProcess(places) ?? Infinity)

/** Bytes this process and its children may fill: the machine's, or what their control groups allow. */
export const memoryAvailable = ({ proc = '/proc', cgroups = '/sys/fs/cgroup' }: Places = {}): number => {
  const { old, unified } = groupsOf('memory', proc, cgroups)
  const allowed = smallest([
    ...old.map((folder) => numberIn(join(folder, 'memory.limit_in_bytes'))),
    ...unified.map((folder) => numberIn(join(folder, 'memory.max'))),
  ])
  return Math.min(totalmem(), allowed ?? Infinity)
}
