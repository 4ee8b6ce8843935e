/** The words of `perf why`. */
import { Option } from 'commander'
import { type AddCommand, collect } from './add-command.ts'

export const addWhy: AddCommand = (program, io, done) => {
  program
    .command('why')
    .summary('say what broke first in a saved run, and what it means')
    .description('Say what broke first in a saved run, with the figures, and what to do about it. A question narrows it to a moment, an endpoint or a metric.')
    .argument('<run>', "a run's id or the end of it, its folder, or latest")
    .argument('[question]', 'such as "why did latency spike at 15:02?"')
    .addOption(new Option('-b, --budget <file>', 'judge by these budgets; may be repeated').argParser(collect))
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  perf why latest\n  perf why latest "why did GET /search get slow at 0:45?"')
    .action(async (name: string, question: string | undefined, flags) => done(await (await import('../why.ts')).why(name, question, flags, io)))
}
