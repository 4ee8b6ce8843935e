/** The words of `perf ready`. */
import { Option } from 'commander'
import { type AddCommand, collect } from './add-command.ts'

export const addReady: AddCommand = (program, io, done) => {
  program
    .command('ready')
    .summary('say whether a target is ready for a launch')
    .description(
      "Say whether a target is ready for what is expected: READY, NOT READY or CAN'T TELL, with what bounds it, how long it needs to recover, and what would change the answer. Makes a smoke, a breakpoint and a spike test, up to 1.3 times the expected height (13 min, or three times --duration), or takes runs that exist with --from.",
    )
    .option(
      '--expect <text>',
      'such as "50k users in 10 min", "1M users/day", "2k rps", "500/s", "500/s within 2 min", "hacker news", "product hunt"; with --rate also "3x" and "viral"',
    )
    .option('--access-log <file>', 'expect what this log of a past rush shows (common, combined or JSON lines; .gz too)')
    .option('--size <vcpu/GB>', 'of an instance on Fargate, as 0.5/1: tells what more of them cost')
    .addOption(new Option('--from <run...>', 'runs to answer from, in place of making any').argParser(collect))
    .option('-t, --target <url>', 'what to test (default: the built-in demo shop)')
    .option('-s, --scenario <file>', 'TypeScript scenario: what users do')
    .option('--engine <name>', 'auto, embedded or k6 (default: auto)')
    .option('-r, --rate <rate>', 'ordinary rate of arrivals (default: a tenth of the height)')
    .option('-d, --duration <time>', 'length of each test')
    .addOption(new Option('-b, --budget <file>', 'budgets in place of the shipped ones; may be repeated').argParser(collect))
    .option('-c, --config <file>', 'configuration')
    .option('--env <name>', "one of the configuration's environments")
    .option('--production', 'confirms that a production target is meant')
    .option('-o, --out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document')
    .option('-y, --yes', 'answer yes to the question before load leaves this machine')
    .option('-q, --quiet', 'no announcement, no progress')
    .addHelpText(
      'after',
      '\nExit codes:\n  0 READY · 1 NOT READY · 3 CAN\'T TELL; others as of perf run\n\nExamples:\n  perf ready --expect "50k users in 10 min"\n  perf ready --expect 500/s --from latest',
    )
    .action(async (flags) => done(await (await import('../ready.ts')).ready(flags, io)))
}
