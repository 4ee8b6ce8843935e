/** Whether this user may make control groups here, and what is left of those that a proof made. */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'

const root = '/sys/fs/cgroup'
const isVersion2 = existsSync(`${root}/cgroup.controllers`)
const trees = isVersion2 ? [root] : ['cpu', 'cpuacct', 'memory'].map((controller) => `${root}/${controller}`)

export const mayMakeGroups = trees.every((tree) => {
  try {
    accessSync(tree, constants.W_OK)
    return true
  } catch {
    return false
  }
})

/** @param pid of the perf that made them, since others may prove something at the same time */
export const groupsLeft = (pid: number | undefined): string[] =>
  trees.flatMap((tree) => readdirSync(tree).filter((name) => name.startsWith(`perf-proof-${pid}`)))
