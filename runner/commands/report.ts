/** `perf report RUN`: draws any saved run again, without sending load. */
import { resolve } from 'node:path'
import { readScalingTriggers } from '../../budgets/read.ts'
import { type Format, renderers } from '../../reports/index.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import { type Io, usesColour } from '../io.ts'
import { writeWhole } from '../stores/files/file-store.ts'
import { adviceIn } from './kept-advice.ts'
import { budgetsOf } from './kept-budgets.ts'
import { storeOf } from './saved-runs.ts'
import { reportOn } from './write-results.ts'

export type ReportFlags = { readonly format?: string; readonly output?: string; readonly budget?: readonly string[]; readonly out?: string }

const formatOf = (name: string): Format => {
  if (!Object.hasOwn(renderers, name))
    throw new UsageError(`Format "${name}" is not known. A run is drawn as ${Object.keys(renderers).join(', ')}. Write --format html.`)
  return name as Format
}

/** Writes to `--output`, or to stdout; exits 0 whatever the verdict was, because drawing it went well. */
export const report = async (name: string, flags: ReportFlags, io: Io): Promise<ExitCode> => {
  const format = formatOf(flags.format ?? (flags.output?.endsWith('.html') ? 'html' : 'text'))
  const store = storeOf(flags, io)
  const run = await store.load(name)
  const folder = await store.find(name)
  const budgets = await budgetsOf(folder, flags.budget, io.cwd)
  const drawn = renderers[format](reportOn(run, budgets, await readScalingTriggers(), await adviceIn(folder)), {
    colour: flags.output === undefined && usesColour(io),
    columns: io.columns,
  })
  if (flags.output === undefined) {
    io.stdout.write(`${drawn}\n`)
    return 0
  }
  const file = resolve(io.cwd, flags.output)
  await writeWhole(file, drawn).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${flags.output} can't be written (${cause.code}). The report goes there. Choose another file with -o.`, { cause })
  })
  io.stderr.write(`Wrote ${flags.output}\n`)
  return 0
}
