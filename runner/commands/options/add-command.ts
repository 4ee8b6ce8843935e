/** What every command's words are made of. A command's file here is read for any --help, so it loads the command itself only when that is typed. */
import type { Command } from 'commander'
import type { ExitCode } from '../../errors/perf-error.ts'
import type { Io } from '../../io.ts'

/** @param done is told the exit code */
export type AddCommand = (program: Command, io: Io, done: (code: ExitCode) => void) => void

/** Of an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export const exitCodes = `Exit codes:
  0 pass · 1 a budget exceeded · 2 bad usage or configuration · 3 no verdict
  4 refused for safety · 5 engine failed · 130 interrupted (a report is kept)`
