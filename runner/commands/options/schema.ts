/** The words of `perf schema`. */
import type { AddCommand } from './add-command.ts'

export const addSchema: AddCommand = (program, io, done) => {
  program
    .command('schema')
    .summary('print the JSON Schema of a file')
    .description('Print the JSON Schema of a file that perf writes or reads.')
    .argument('<file>', 'run (run.json), summary (summary.json), budgets (a budget file), audit (perf audit --json) or prices (perf advise --prices)')
    .action(async (name: string) => done(await (await import('../schema.ts')).schema(name, io)))
}
