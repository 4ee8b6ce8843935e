/** How a proof's control groups end: with the service, or, when perf itself was killed, at the next proof. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Places } from '../machine/control-groups.ts'
import { groupsThere, type LimitedGroup } from './control-group.ts'

const grace = 5000 // milliseconds in which a service may end by itself
const betweenLooks = 50 // milliseconds

/** Says whose it is, so that it can be known for abandoned. */
export const nameOfGroup = (port: number): string => `perf-proof-${process.pid}-${port}`
const ownerIn = (name: string): number => Number(/^perf-proof-(\d+)-/.exec(name)?.[1])

export const signalAll = (pids: readonly number[], signal: NodeJS.Signals | 0): boolean =>
  pids
    .map((pid) => {
      try {
        return process.kill(pid, signal)
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM' // it is there, and somebody else's
      }
    })
    .some(Boolean)

/** The kernel keeps a group for a moment after its last process. */
const until = async (isSo: () => boolean): Promise<boolean> => {
  const end = performance.now() + grace
  while (!isSo()) {
    if (performance.now() > end) return false
    await pause(betweenLooks)
  }
  return true
}

/** @param first tried before SIGKILL */
export const endGroup = async (group: LimitedGroup, first: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  signalAll(group.processes(), first)
  if (!(await until(() => group.processes().length === 0))) signalAll(group.processes(), 'SIGKILL')
  await until(() => group.remove())
}

/** Services whose perf was killed still run, and would take the cores that this proof measures. */
export const endAbandonedGroups = async (places: Places = {}): Promise<void> => {
  const isAbandoned = (name: string): boolean => ownerIn(name) > 0 && !signalAll([ownerIn(name)], 0)
  for (const group of groupsThere(isAbandoned, places)) await endGroup(group, 'SIGKILL')
}
