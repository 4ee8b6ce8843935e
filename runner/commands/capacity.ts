/** `perf capacity RUN…`: how much load the target of saved runs can serve, and which resource bounds it. Nothing is sent. */
import { resolve } from 'node:path'
import { capacityOf } from '../../budgets/capacity/capacity.ts'
import { capacityLines } from '../../reports/capacity.ts'
import { proseOn } from '../../reports/wrap.ts'
import { afterWarmUp } from '../after-warm-up.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { fileStore } from '../stores/files/file-store.ts'

export type CapacityFlags = { readonly out?: string; readonly json?: boolean }

/** Exits 0 whatever is found, because looking went well. @throws {UsageError} when the runs had different targets */
export const capacity = async (names: readonly string[], flags: CapacityFlags, io: Io): Promise<ExitCode> => {
  const store = fileStore(resolve(io.cwd, flags.out ?? io.env.PERF_OUT ?? 'perf-results'), io.cwd)
  const runs = await Promise.all(names.map((name) => store.load(name)))
  const [first, other] = [...new Set(runs.map(({ target }) => new URL(target.url).origin))]
  if (other !== undefined)
    throw new UsageError(`These runs had different targets: ${first} and ${other}. The capacity of one can be told. Name runs of one target.`)
  const found = capacityOf(runs.map(afterWarmUp))
  io.stdout.write(`${flags.json === true ? JSON.stringify(found, null, 2) : proseOn(capacityLines(found), io.columns)}\n`)
  return 0
}
