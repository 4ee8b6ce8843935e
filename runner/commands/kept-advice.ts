/** Advice beside the run it was made from: `advice.json` in the run's folder, which the run's report shows. */
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type AdviceRecord, adviceRecordSchema } from '../../budgets/advice/advice-record.ts'
import { readScalingTriggers } from '../../budgets/read.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import { writeWhole } from '../stores/files/file-store.ts'
import { budgetsOf } from './kept-budgets.ts'
import { reportOn, writeReports } from './write-results.ts'

const fileName = 'advice.json'

/** @returns undefined where no advice was asked for @throws {UsageError} when it can't be understood */
export const adviceIn = async (folder: string): Promise<AdviceRecord | undefined> => {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return adviceRecordSchema.parse(JSON.parse(text)) as unknown as AdviceRecord
  } catch (cause) {
    throw new UsageError(
      `${join(folder, fileName)} can't be understood. It is what perf advise keeps beside a run, in format 1. Remove it, and run perf advise again.`,
      { cause },
    )
  }
}

/** Keeps it, and draws the run's report again with it. Advice that can't be kept is told all the same. */
export const keepAdvice = async (record: AdviceRecord, run: Run, folder: string, io: Io): Promise<void> => {
  const shown = relative(io.cwd, folder)
  const place = shown.startsWith('..') ? folder : shown
  try {
    await writeWhole(join(folder, fileName), `${JSON.stringify(record, null, 2)}\n`)
    await writeReports(reportOn(run, await budgetsOf(folder, undefined, io.cwd), await readScalingTriggers(), record), folder)
    io.stderr.write(`Kept in ${join(place, fileName)}; ${join(place, 'report.html')} shows it.\n`)
  } catch (error) {
    io.stderr.write(`The advice could not be kept in ${place} (${(error as Error).message}). It is only here. Allow writing there, and run it again.\n`)
  }
}
