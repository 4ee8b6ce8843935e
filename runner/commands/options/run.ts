/** The words of `perf run`: tests, flags, exit codes, examples. */
import { Option } from 'commander'
import { type TestType, testTypes } from '../../../scenarios/journey.ts'
import { tests } from '../../../scenarios/tests.ts'
import { type AddCommand, collect, exitCodes } from './add-command.ts'

const questions = testTypes.map((type) => `  ${type.padEnd(11)} ${tests[type].question}`).join('\n')

export const addRun: AddCommand = (program, io, done) => {
  program
    .command('run')
    .summary('make load, judge it, write a report')
    .description(
      `Make load on a target, judge the result against budgets, write a report.\n\nTests:\n${questions}\n\nWithout a test, --scenario FILE runs the shape that the file declares.`,
    )
    .argument('[test]', testTypes.join(', '))
    .option('-t, --target <url>', 'what to test; loopback, or a host that the configuration allows\n(default: the built-in demo shop)')
    .option('-s, --scenario <file>', 'TypeScript scenario: what users do')
    .option('--script <file>', 'an existing k6 script in its place')
    .option('--keep-options', "with --script: keep the script's own load options")
    .option('--engine <name>', 'auto, embedded, k6 or replay (default: auto)')
    .option('--from <run>', 'with --engine replay: the saved run to play')
    .option('-r, --rate <rate>', 'ordinary rate of arrivals, such as 50/s or 3000/m')
    .option('--peak <rate>', 'highest rate of a stress, spike or breakpoint test')
    .option('-d, --duration <time>', 'length of the whole test, such as 30s, 5m, 1h30m')
    .option('--rise <time>', 'spike only: from the ordinary rate to the height, 0s for at once, at most 40 % of the whole (default: 3 % of it)')
    .option('--sweep', 'stress only: a closed loop of 1, 2, 4 … connections in place of\narrivals; finds where throughput levels off')
    .addOption(
      new Option('--request <request>', 'with --sweep: what to send, such as "GET /search?q=tea"; may be\nrepeated (default: GET of the target)').argParser(
        collect,
      ),
    )
    .option('--hold <time>', 'with --sweep: length of each level (default: 5s)')
    .option('--max-connections <number>', 'with --sweep: the last level (default: 1024)')
    .option(
      '--objective <text>',
      'breakpoint only: what a step must hold, such as "p99 < 300ms" (default: p95 within 200 ms, or 3 times that of its calmest step)',
    )
    .option(
      '--refine [hold]',
      'breakpoint only: afterwards halve the interval between the last rate that held and the first that did not until it is 5 % wide; each step a run of its own (default: 60s each, 5m with --poisson)',
    )
    .option('--instances <number>', 'breakpoint only: how many serve, fixed for the whole run; capacity is told for each')
    .option('--elastic', 'breakpoint only: an autoscaler is at work; steps are held until it can have reacted, and the load goes on as long as it keeps up')
    .option('--metric-period <time>', 'with --elastic: between two points of its metric (default: 60s)')
    .option('--start-up <time>', 'with --elastic: until an instance that was asked for serves (default: 90s)')
    .option('--poisson', 'arrivals independent of each other (embedded engine)')
    .addOption(new Option('-b, --budget <file>', 'budgets in place of the shipped ones; may be repeated').argParser(collect))
    .option('-c, --config <file>', 'configuration (default: perf.config.ts, .mjs or .json)')
    .option('--env <name>', "one of the configuration's environments")
    .addOption(new Option('-e, --variable <NAME=value>', 'a value for the scenario; may be repeated').argParser(collect))
    .option('--users <number>', 'most virtual users at once (default: by peak rate and, with k6, a pilot)')
    .option('--connections <number>', 'most connections at once; requests wait in line for one,\nand the wait counts (embedded engine; default: no limit)')
    .option('--workers <number>', 'threads of the embedded engine (default: 1)')
    .option('--seed <number>', 'repeats arrival times and data rows of a run')
    .option('--warm-up <time>', 'leave the first seconds out of every figure; they are kept\nin the run, and the report says what was cut (default: 0s)')
    .option('--graceful-stop <time>', 'time for journeys under way at the end (default: 30s)')
    .option('-k, --insecure', 'accept any TLS certificate')
    .option('--production', 'confirms that a production target is meant')
    .option('-o, --out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document (the summary) on stdout')
    .option('--dry-run', 'print the plan, send nothing')
    .option('-y, --yes', 'answer yes to the question before load leaves this machine')
    .option('-q, --quiet', 'no announcement, no progress')
    .addHelpText(
      'after',
      `\n${exitCodes}\n\nExamples:\n  perf run smoke\n  perf run spike --target http://127.0.0.1:3000 --rate 20/s --peak 200/s -d 90s\n  perf run baseline --scenario scenarios/shop.ts --budget budgets/shop.json\n  perf run stress --sweep --target http://127.0.0.1:3000 --request /search?q=tea`,
    )
    .action(async (test: string | undefined, flags) => {
      const { UsageError } = await import('../../errors/usage-error.ts')
      const type = testTypes.find((name) => name === test)
      if (test !== undefined && type === undefined)
        throw new UsageError(`Test "${test}" is not known. The tests are ${testTypes.join(', ')}. Write perf run baseline.`)
      if (test === undefined && flags.scenario === undefined && flags.script === undefined && flags.engine !== 'replay')
        throw new UsageError(`No test was named. A run is one of ${testTypes.join(', ')}, or a scenario with a shape of its own. Write perf run smoke.`)
      const { run } = await import('../run.ts')
      done(await run(type as TestType | undefined, flags, io))
    })
}
