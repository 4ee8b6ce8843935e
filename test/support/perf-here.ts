/** The command line in this process, from the sources: quicker than perf.ts, and without dist/. */
import { main } from '../../runner/commands/program.ts'
import type { ExitCode } from '../../runner/errors/perf-error.ts'
import type { Io } from '../../runner/io.ts'

export type Said = { readonly code: ExitCode; readonly stdout: string; readonly stderr: string }

/** A terminal of 80 columns that nobody sits at. */
export const perfHere = async (argv: readonly string[], given: Pick<Io, 'cwd'> & Partial<Io>): Promise<Said> => {
  let [stdout, stderr] = ['', '']
  const io: Io = {
    stdout: { write: (part) => (stdout += part) },
    stderr: { write: (part) => (stderr += part) },
    env: {},
    argv,
    isTerminal: false,
    isInputTerminal: false,
    columns: 80,
    now: () => new Date(0),
    random: () => 0.5,
    onInterrupt: () => () => {},
    confirm: async () => false,
    ...given,
  }
  return { code: await main(argv, io), stdout, stderr }
}
