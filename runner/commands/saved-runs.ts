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

const latest = 12 // as many as a trend needs, and no more than are read while one waits

/** Earlier runs of the same target that are kept beside these, oldest first; those that can't be read are left out. */
export const historyOf = async (runs: readonly Run[], store: Store): Promise<Run[]> => {
  const origin = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url)
  const own = new Set(runs.map(({ id }) => id))
  const [targets, tests] = [new Set(runs.map(({ target }) => origin(target.url))), new Set(runs.map(({ test }) => test as string))]
  const saved = (await store.list()).filter(({ id, target, test }) => !own.has(id) && targets.has(origin(target)) && tests.has(test)).slice(-latest)
  const loaded = await Promise.all(saved.map(({ folder }) => store.load(folder).catch(() => undefined)))
  return loaded.filter((run) => run !== undefined)
}
