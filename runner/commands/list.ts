/** `perf list`: the saved runs, oldest first. */
import { relative } from 'node:path'
import Table from 'cli-table3'
import { moment } from '../../reports/format.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import { outOf, storeOf } from './saved-runs.ts'

export const list = async (flags: { readonly out?: string; readonly json?: boolean }, io: Io): Promise<ExitCode> => {
  const out = outOf(flags, io)
  const runs = await storeOf(flags, io).list()
  if (flags.json === true) {
    io.stdout.write(`${JSON.stringify(runs, null, 2)}\n`)
    return 0
  }
  if (runs.length === 0) {
    io.stdout.write(`No runs in ${relative(io.cwd, out) || '.'} yet. Make one: perf run smoke\n`)
    return 0
  }
  const table = new Table({
    head: ['run', 'started', 'target'],
    style: { head: [], border: [], compact: true },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '  ',
    },
  })
  for (const { id, startedAt, target } of runs) table.push([id, moment(startedAt), target])
  io.stdout.write(`${table.toString()}\n`)
  return 0
}
