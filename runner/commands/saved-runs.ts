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

const origin = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url)

/** What `--refine` made after a staircase: the breakpoint tests that follow it, as long as they say so. */
const refinementsOf = async ({ id, startedAt, target }: Run, store: Store): Promise<Run[]> => {
  const later = (await store.list()).filter((saved) => saved.test === 'breakpoint' && saved.startedAt > startedAt && saved.target === target.url)
  const found: Run[] = []
  for (const { folder } of later) {
    const run = await store.load(folder).catch(() => undefined)
    if (run?.breakpoint?.refines !== id) break
    found.push(run)
  }
  return found
}

/**
 * The named runs in their order, and after them those that narrow the answer of a named staircase.
 * @throws {UsageError} for a name that is none
 */
export const loadRuns = async (names: readonly string[], store: Store): Promise<Run[]> => {
  const named = await Promise.all(names.map((name) => store.load(name)))
  const known = new Set(named.map(({ id }) => id))
  const staircases = named.filter(({ test, breakpoint }) => test === 'breakpoint' && breakpoint?.refines === undefined)
  const refinements = (await Promise.all(staircases.map((run) => refinementsOf(run, store)))).flat()
  return [...named, ...refinements.filter(({ id }) => !known.has(id))]
}

const latest = 12 // as many as a trend needs, and no more than are read while one waits

/** Earlier runs of the same target that are kept beside these, oldest first; those that can't be read are left out. */
export const historyOf = async (runs: readonly Run[], store: Store): Promise<Run[]> => {
  const own = new Set(runs.map(({ id }) => id))
  const [targets, tests] = [new Set(runs.map(({ target }) => origin(target.url))), new Set(runs.map(({ test }) => test as string))]
  const saved = (await store.list()).filter(({ id, target, test }) => !own.has(id) && targets.has(origin(target)) && tests.has(test)).slice(-latest)
  const loaded = await Promise.all(saved.map(({ folder }) => store.load(folder).catch(() => undefined)))
  return loaded.filter((run) => run !== undefined)
}
