/** Keeps runs and finds them again. */
import type { Run } from '../run.ts'

export type SavedRun = { readonly id: string; readonly folder: string; readonly startedAt: string; readonly test: string; readonly target: string }

export type Store = {
  /**
   * Makes the run's folder, so that a missing permission is found before load is made and not after.
   * @throws {UsageError} when it can't be written
   */
  open(id: string): Promise<string>
  /** Takes back a folder in which no load was ever made; what the engine said stays. */
  abandon(folder: string): Promise<void>
  /**
   * @param isTimelineKept the run's seconds are in the folder already, kept there while it went on @default false
   * @throws {StoreError} when the run could be saved nowhere
   */
  save(run: Run, folder: string, isTimelineKept?: boolean): Promise<{ readonly folder: string; readonly moved: string | undefined }>
  /**
   * @param name a run's id, the beginning or the last letters of it, its folder, its run.json, or `latest`
   * @throws {UsageError} when there is none, or it is corrupt or of a newer format
   */
  load(name: string): Promise<Run>
  /** Folder of a run, by any of its names. @throws {UsageError} when there is none */
  find(name: string): Promise<string>
  list(): Promise<readonly SavedRun[]>
}
