/** Runs saved where the command line looks for them. */
import { join } from 'node:path'
import type { Run } from '../../runner/run.ts'
import { fileStore } from '../../runner/stores/files/file-store.ts'

/** @param cwd the folder in which commands are typed */
export const saveRuns = async (cwd: string, runs: readonly Run[]): Promise<void> => {
  const store = fileStore(join(cwd, 'perf-results'), cwd)
  for (const run of runs) await store.save(run, await store.open(run.id))
}
