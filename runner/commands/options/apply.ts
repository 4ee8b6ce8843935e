/** The words of `perf apply`. */
import type { AddCommand } from './add-command.ts'

export const addApply: AddCommand = (program, io, done) => {
  program
    .command('apply')
    .summary('bring recommended scaling to an ECS service, and back')
    .description(
      'Bring the scaling that perf advise recommended to an Amazon ECS service: bounds, target tracking and scheduled actions, and with --size its tasks. Shows the account, every value now and then, and the cost, and asks. What was there is kept in a file first, every write is read back, and --rollback puts it back.',
    )
    .argument('[advice...]', 'a run that perf advise was asked about, or the file of its --json')
    .option('--ecs <cluster/service>', 'where (default: where the advice was made for)')
    .option('--region <name>', 'of AWS (default: that of the advice, else AWS_REGION)')
    .option('--profile <name>', 'of ~/.aws/config')
    .option('--role-arn <arn>', 'is taken on first')
    .option('--account <number>', 'refuse when another one is reached')
    .option('--size', 'change the size of the tasks, too, where that is recommended')
    .option('--prices <file>', 'prices in place of the shipped ones (perf schema prices)')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--rollback <file>', 'put back what the file says was there')
    .option('-y, --yes', 'answer yes to the question before anything is changed')
    .option('--out <folder>', 'where runs are kept, and what was there before\n(default: perf-results)')
    .addHelpText(
      'after',
      '\nExit codes:\n  0 done, or nothing to do · 2 bad usage · 4 refused, nothing changed\n  5 stopped half-way, or not as written: the message says what was written\n\nExamples:\n  perf apply latest --dry-run\n  perf apply latest --ecs shop/web --account 123456789012\n  perf apply --rollback perf-results/rollback-web-2026-11-22T12-00-00-000Z.json',
    )
    .action(async (names: readonly string[], flags) => done(await (await import('../apply.ts')).apply(names, flags, io)))
}
