/** The words of `perf validate`. */
import { Option } from 'commander'
import { type AddCommand, collect } from './add-command.ts'

export const addValidate: AddCommand = (program, io, done) => {
  program
    .command('validate')
    .summary('read configuration, scenario and budgets; send nothing')
    .description('Read configuration, scenario, data and budgets as a run would, and send nothing.')
    .option('-t, --target <url>', 'what to test')
    .option('-s, --scenario <file>', 'TypeScript scenario')
    .option('--script <file>', 'k6 script')
    .addOption(new Option('-b, --budget <file>', 'budgets; may be repeated').argParser(collect))
    .option('-c, --config <file>', 'configuration')
    .option('--env <name>', "one of the configuration's environments")
    .action(async (flags) => done(await (await import('../validate.ts')).validate(flags, io)))
}
