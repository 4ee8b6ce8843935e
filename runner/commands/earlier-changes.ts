/** What perf changed of a service before, as the files tell that it kept: some may have stopped half-way, and some made what runs now. */
import { relative } from 'node:path'
import type { Place } from '../deployments/ecs/place.ts'
import { type Rollback, rollbacksOf, updateRollback } from '../deployments/ecs/rollback-file.ts'
import type { Io } from '../io.ts'

type Kept = { readonly file: string; readonly rollback: Rollback }

export type EarlierChanges = {
  /** Newest first. */
  readonly all: readonly Kept[]
  /** Those that have not ended. Files of format 1 did not say. */
  readonly open: readonly Kept[]
}

export const earlierChanges = async (place: Place, out: string): Promise<EarlierChanges> => {
  const all = await rollbacksOf(place, out)
  return { all, open: all.filter(({ rollback: { format, settledAt } }) => format > 1 && settledAt === undefined) }
}

/** Whether what runs is what was measured for this advice, or what perf made of it by this advice. */
export const ownRollOut = ({ all }: EarlierChanges, runs: readonly string[], definition: string): { isOwn: boolean; isResized: boolean } => {
  const same = all.filter(({ rollback }) => rollback.runs.join() === runs.join())
  const isResized = same.some(({ rollback: { registered } }) => registered === definition)
  return { isOwn: isResized || same.some(({ rollback: { before } }) => before.definition === definition), isResized }
}

const openNote = ({ file, rollback: { savedAt, undoes } }: Kept, io: Io): string => {
  const begun = `that was begun at ${savedAt} has not ended: it goes on elsewhere, or stopped half-way.`
  return undoes === undefined
    ? `A change ${begun} What was there before it comes back with: perf apply --rollback ${relative(io.cwd, file)}`
    : `A way back ${begun} The rest is put back with: perf apply --rollback ${undoes}`
}

/** A change that is being put back is named once. */
export const openNotes = ({ open }: EarlierChanges, io: Io): string[] => {
  const undone = new Set(open.map(({ rollback: { undoes } }) => undoes))
  return open.filter(({ file }) => !undone.has(relative(io.cwd, file))).map((each) => openNote(each, io))
}

/** @param which of the files: those that were open and are of no use any more */
export const settle = async (which: readonly Kept[], io: Io): Promise<void> => {
  const settledAt = io.now().toISOString()
  // One that can't be written stays open, and the next change says so.
  for (const { file, rollback } of which) await updateRollback(file, { ...rollback, settledAt }).catch(() => {})
}
