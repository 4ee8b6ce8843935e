/** `perf run` as one step of another command: kept as any other run, and its summary not printed, since the command's answer is the one document. */
import type { TestType } from '../../scenarios/journey.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import type { RunFlags } from '../run-flags.ts'
import type { AlsoWatched } from './prepare.ts'
import { run } from './run.ts'

/** `id`: undefined where there was no run to keep. */
export type QuietRun = { readonly code: ExitCode; readonly id: string | undefined }

/** @param also watched beside the configuration's probes */
export const runQuietly = async (test: TestType, flags: RunFlags, io: Io, also: AlsoWatched = {}): Promise<QuietRun> => {
  let summary = ''
  const code = await run(test, { ...flags, json: true }, { ...io, stdout: { write: (text) => (summary += text) } }, also)
  return { code, id: summary === '' ? undefined : (JSON.parse(summary) as { id: string }).id }
}
