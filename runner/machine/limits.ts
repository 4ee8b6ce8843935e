/** What this process may use of its machine: cores by affinity and quota, memory by its control groups. */
import { availableParallelism, totalmem } from 'node:os'
import { type Account, accountOf, groupOfProcess, type Places } from './control-groups.ts'

const ownAccount = (places: Places): Account | undefined => {
  const group = groupOfProcess('self', places)
  return group === undefined ? undefined : accountOf(group)
}

/** Cores that the control groups of this process allow; undefined when they allow all. */
export const quotaOfThisProcess = (places: Places = {}): number | undefined => ownAccount(places)?.quota

/** Cores this process can use at once. */
export const coresAvailable = (places: Places = {}): number => Math.min(availableParallelism(), quotaOfThisProcess(places) ?? Infinity)

/** Bytes this process and its children may fill: the machine's, or what their control groups allow. */
export const memoryAvailable = (places: Places = {}): number => Math.min(totalmem(), ownAccount(places)?.memoryLimit ?? Infinity)
