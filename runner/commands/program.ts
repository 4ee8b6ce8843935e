/**
 * The command line: words and flags in, an exit code out. Each command adds its words in options/<command>.ts; its code is loaded when it is
 * typed, so that --help is quick.
 */
import { Command, CommanderError } from 'commander'
import { type ExitCode, PerfError } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import { ownVersion } from '../version.ts'
import { exitCodes } from './options/add-command.ts'
import { addAdvise } from './options/advise.ts'
import { addApply } from './options/apply.ts'
import { addAudit } from './options/audit.ts'
import { addCapacity } from './options/capacity.ts'
import { addDoctor } from './options/doctor.ts'
import { addK6 } from './options/k6.ts'
import { addList } from './options/list.ts'
import { addReady } from './options/ready.ts'
import { addReport } from './options/report.ts'
import { addRun } from './options/run.ts'
import { addSchema } from './options/schema.ts'
import { addValidate } from './options/validate.ts'
import { addWhy } from './options/why.ts'

/** In the order of --help. */
const commands = [addRun, addReport, addList, addWhy, addAudit, addCapacity, addReady, addAdvise, addApply, addValidate, addDoctor, addSchema, addK6]

/** The program, with every word it knows. */
const programFor = (io: Io, done: (code: ExitCode) => void): Command => {
  const program = new Command('perf')
    .description('Load tests that end in a decision: make load, judge it against budgets, report what to do.')
    .version(ownVersion(), '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(80, io.columns),
      getErrHelpWidth: () => Math.min(80, io.columns),
    })
    .exitOverride()
    .showHelpAfterError('(perf --help lists the commands)')
    .addHelpText(
      'after',
      `\n${exitCodes}\n\nStart here:\n  perf run smoke        tests the built-in demo shop\n  perf run --help       tests, flags and examples`,
    )
  for (const add of commands) add(program, io, done)
  return program
}

/** Runs one command line and returns its exit code; prints errors, never exits by itself. */
export const main = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  let code: ExitCode = 0
  const program = programFor(io, (result) => {
    code = result
  })
  try {
    if (argv.length === 0) {
      io.stdout.write(program.helpInformation())
      return 2
    }
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof PerfError) {
      io.stderr.write(`${error.message}\n`)
      return error.exitCode
    }
    // Not foreseen, so a mistake of this program: the stack helps whoever mends it.
    io.stderr.write(
      `perf failed unexpectedly: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a mistake in scale-surgeon. Please report it with the command that was typed.\n`,
    )
    return 5
  }
}
