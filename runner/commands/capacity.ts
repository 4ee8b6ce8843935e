/** `perf capacity RUN…`: how much load the target of saved runs can serve, and which resource bounds it. Nothing is sent. */
import { capacityOf } from '../../budgets/capacity/capacity.ts'
import { readObjective } from '../../budgets/capacity/objective.ts'
import { capacityLines } from '../../reports/capacity.ts'
import { proseOn } from '../../reports/wrap.ts'
import { afterWarmUp } from '../after-warm-up.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import { loadRuns, requireOneTarget, storeOf } from './saved-runs.ts'

export type CapacityFlags = { readonly objective?: string; readonly out?: string; readonly json?: boolean }

/** Exits 0 whatever is found, because looking went well. @throws {UsageError} when the runs had different targets */
export const capacity = async (names: readonly string[], flags: CapacityFlags, io: Io): Promise<ExitCode> => {
  const objective = flags.objective === undefined ? undefined : readObjective(flags.objective)
  const store = storeOf(flags, io)
  const runs = await loadRuns(names, store)
  requireOneTarget(runs, 'The capacity of one can be told.')
  const found = capacityOf(runs.map(afterWarmUp), objective)
  io.stdout.write(`${flags.json === true ? JSON.stringify(found, null, 2) : proseOn(capacityLines(found), io.columns)}\n`)
  return 0
}
