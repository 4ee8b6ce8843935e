/** The words of `perf list`. */
import type { AddCommand } from './add-command.ts'

export const addList: AddCommand = (program, io, done) => {
  program
    .command('list')
    .summary('list saved runs')
    .description('List the saved runs, oldest first.')
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print them as JSON')
    .action(async (flags) => done(await (await import('../list.ts')).list(flags, io)))
}
