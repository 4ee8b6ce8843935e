/** Where a command finds the runs that were saved. */
import { resolve } from 'node:path'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import { fileStore } from '../stores/files/file-store.ts'
import type { Store } from '../stores/store.ts'

type OutFlag = { readonly out?: string }

export const outOf = (flags: OutFlag, io: Io): string => resolve(io.cwd, flags.out ?? io.env.PERF_OUT ?? 'perf-results')

export const storeOf = (flags: OutFlag, io: Io): Store => fileStore(outOf(flags, io), io.cwd)

/** @param why a sentence: what one target is needed for @throws {UsageError} when these runs had several */
export const requireOneTarget = (runs: readonly Run[], why: string): void => {
  const [first, other] = [...new Set(runs.map(({ target }) => new URL(target.url).origin))]
  if (other !== undefined) throw new UsageError(`These runs had different targets: ${first} and ${other}. ${why} Name runs of one target.`)
}
