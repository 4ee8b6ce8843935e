/** The words of `perf report`. */
import { Option } from 'commander'
import { type AddCommand, collect } from './add-command.ts'

export const addReport: AddCommand = (program, io, done) => {
  program
    .command('report')
    .summary('draw a saved run again')
    .description('Draw a saved run again, judged anew; sends no load and exits 0 whatever the verdict.')
    .argument('<run>', "a run's id or the end of it, its folder, or latest")
    .option('-f, --format <name>', 'html, text, markdown, json or junit (default: text)')
    .option('-o, --output <file>', 'write to a file in place of stdout')
    .addOption(new Option('-b, --budget <file>', 'judge by these budgets; may be repeated').argParser(collect))
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .addHelpText('after', '\nExamples:\n  perf report latest\n  perf report latest --format markdown\n  perf report latest -o report.html')
    .action(async (name: string, flags) => done(await (await import('../report.ts')).report(name, flags, io)))
}
