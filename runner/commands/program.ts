/** The command line: words and flags in, an exit code out. Each command's code is loaded when it is typed, so that --help is quick. */
import { Command, CommanderError, Option } from 'commander'
import { type TestType, testTypes } from '../../scenarios/journey.ts'
import { tests } from '../../scenarios/tests.ts'
import { type ExitCode, PerfError } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import { ownVersion } from '../version.ts'

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

const questions = testTypes.map((type) => `  ${type.padEnd(11)} ${tests[type].question}`).join('\n')

const exitCodes = `Exit codes:
  0 pass · 1 a budget exceeded · 2 bad usage or configuration · 3 no verdict
  4 refused for safety · 5 engine failed · 130 interrupted (a report is kept)`

const addRun = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
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
      'breakpoint only: afterwards halve the interval between the last rate that held and the first that did not until it is 5 % wide; each step a run of its own (default: 60s each)',
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
      const { UsageError } = await import('../errors/usage-error.ts')
      const type = testTypes.find((name) => name === test)
      if (test !== undefined && type === undefined)
        throw new UsageError(`Test "${test}" is not known. The tests are ${testTypes.join(', ')}. Write perf run baseline.`)
      if (test === undefined && flags.scenario === undefined && flags.script === undefined && flags.engine !== 'replay')
        throw new UsageError(`No test was named. A run is one of ${testTypes.join(', ')}, or a scenario with a shape of its own. Write perf run smoke.`)
      const { run } = await import('./run.ts')
      done(await run(type as TestType | undefined, flags, io))
    })
}

const addReport = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('report')
    .summary('draw a saved run again')
    .description('Draw a saved run again, judged anew; sends no load and exits 0 whatever the verdict.')
    .argument('<run>', "a run's id, its folder, or latest")
    .option('-f, --format <name>', 'html, text, markdown, json or junit (default: text)')
    .option('-o, --output <file>', 'write to a file in place of stdout')
    .addOption(new Option('-b, --budget <file>', 'judge by these budgets; may be repeated').argParser(collect))
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .addHelpText('after', '\nExamples:\n  perf report latest\n  perf report latest --format markdown\n  perf report latest -o report.html')
    .action(async (name: string, flags) => done(await (await import('./report.ts')).report(name, flags, io)))
  program
    .command('list')
    .summary('list saved runs')
    .description('List the saved runs, oldest first.')
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print them as JSON')
    .action(async (flags) => done(await (await import('./list.ts')).list(flags, io)))
}

const addWhy = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('why')
    .summary('say what broke first in a saved run, and what it means')
    .description('Say what broke first in a saved run, with the figures, and what to do about it. A question narrows it to a moment, an endpoint or a metric.')
    .argument('<run>', "a run's id, its folder, or latest")
    .argument('[question]', 'such as "why did latency spike at 15:02?"')
    .addOption(new Option('-b, --budget <file>', 'judge by these budgets; may be repeated').argParser(collect))
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  perf why latest\n  perf why latest "why did GET /search get slow at 0:45?"')
    .action(async (name: string, question: string | undefined, flags) => done(await (await import('./why.ts')).why(name, question, flags, io)))
}

const addReady = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('ready')
    .summary('say whether a target is ready for a launch')
    .description(
      "Say whether a target is ready for what is expected: READY, NOT READY or CAN'T TELL, with what bounds it, how long it needs to recover, and what would change the answer. Makes a smoke, a breakpoint and a spike test, up to 1.3 times the expected height (13 min, or three times --duration), or takes runs that exist with --from.",
    )
    .option(
      '--expect <text>',
      'such as "50k users in 10 min", "2M requests in 1 h", "500/s", "500/s within 2 min", "hacker news", "product hunt"; with --rate also "3x" and "viral"',
    )
    .option('--access-log <file>', 'expect what this log of a past rush shows (common, combined or JSON lines; .gz too)')
    .option('--size <vcpu/GB>', 'of an instance on Fargate, as 0.5/1: tells what more of them cost')
    .addOption(new Option('--from <run>', 'a run to answer from, in place of making any; may be repeated').argParser(collect))
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
    .action(async (flags) => done(await (await import('./ready.ts')).ready(flags, io)))
}

const addAdvise = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('advise')
    .summary('say what to deploy: autoscaler, size, cost')
    .description(
      'Say what to deploy, from saved runs of one instance: the settings of an autoscaler that meet what is expected at the least cost (each is played through the traffic), the size and number of instances, and what they cost. What the runs do not tell is declined, with the reason. Nothing is changed, and nothing is sent unless --prove asks for it.',
    )
    .argument('<run...>', 'runs of one instance: perf run breakpoint, and a long one near its\nordinary rate')
    .option('--expect <text>', 'such as "50k users in 10 min", "500/s" or "3x"')
    .option('-r, --rate <rate>', 'ordinary rate of arrivals, such as 20/s')
    .option('--history <file>', 'requests of the past, to forecast what --rate and --expect leave out: an access log, or CSV or NDJSON of hours')
    .option('--at <moment>', 'when the launch begins, such as 2026-12-01T18:00Z: instances that must be there before it are scheduled (default: always there)')
    .option('--start-up <time>', 'from asking for an instance until it serves, such as 90s')
    .option('--policy <name>', 'ecs, ecs-20s (its high resolution), hpa or keda (default: ecs)')
    .option('--longest-wait <time>', 'that still meets the objective (default: 500ms)')
    .option('--architecture <name>', 'x86 or arm, as it was measured (default: x86)')
    .option('--prices <file>', 'prices in place of the shipped ones (perf schema prices)')
    .option('--ecs <cluster/service>', 'where it is deployed on AWS; it is read, and not changed')
    .option('--region <name>', "with --ecs: of AWS (default: AWS_REGION, or the profile's)")
    .option('--profile <name>', 'with --ecs: of ~/.aws/config (default: AWS_PROFILE)')
    .option('--role-arn <arn>', 'with --ecs: a role to take on for reading')
    .option('--kubernetes <namespace/deployment>', 'where it is deployed; it is read, and not changed')
    .option('--context <name>', 'with --kubernetes: of the kubeconfig (default: its current one)')
    .option(
      '--as <format>',
      'write files that deploy it, checked before they are printed: terraform, cloudformation, cdk, aws-cli, hpa, keda, prometheus-rules, cloudwatch-alarms or grafana',
    )
    .option('-o, --output <path>', 'with --as: a file, or a folder for several, in place of stdout')
    .option(
      '--prove',
      'run the objective of the first run at the recommended size and at the next smaller one, in control groups of this machine (Linux; needs root, or groups delegated to you)',
    )
    .option(
      '--start <command>',
      'with --prove: what starts the service, which is told its port as PORT and {port} (default: the demo shop, if that was tested)',
    )
    .option('-t, --target <url>', 'with --prove: a service that has the recommended size already')
    .option('--smaller-target <url>', 'with --prove: one of the next smaller size')
    .option('--size <vcpu/GB>', 'with --prove: a size in place of the recommended one, as 0.5/1')
    .option('--instances <number>', 'with --prove: so many share the height (default: as advised, or 1)')
    .option('-d, --duration <time>', 'with --prove: length of each attempt (default: 60s, or as long as a p95 takes)')
    .addOption(new Option('-b, --budget <file>', "with --prove: budgets in place of the run's own; may be repeated").argParser(collect))
    .option('--env <name>', "with --prove: one of the configuration's environments")
    .option('--production', 'with --prove: confirms that a production target is meant')
    .option('-y, --yes', 'with --prove: answer yes before load leaves this machine')
    .option('-c, --config <file>', 'configuration, for its prices; with --prove of its runs')
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExit codes:\n  0 advice was given; with --prove: proved · 1 with --prove: not proved\n  2 bad usage · 3 with --as: nothing to write; with --prove: unknown\n  5 with --as: a validator refused, so nothing is printed\n\nExamples:\n  perf advise latest --rate 20/s --expect "50k users in 10 min" --start-up 90s\n  perf advise latest --rate 20/s --expect 500/s --start-up 90s --as terraform -o infra/\n  perf advise latest --rate 20/s --expect 500/s --ecs shop/web\n  perf advise latest --rate 20/s --expect 500/s --kubernetes shop/web\n  perf advise latest --rate 20/s --expect 60/s --prove --start "node server.js"',
    )
    .action(async (names: readonly string[], flags) => done(await (await import('./advise.ts')).advise(names, flags, io)))
}

const addApply = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
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
    .action(async (names: readonly string[], flags) => done(await (await import('./apply.ts')).apply(names, flags, io)))
}

const addAudit = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('audit')
    .summary('say how a page is served: compression, caching, TLS, images …')
    .description(
      'Visit one page and the assets that its markup names, one request at a time and without load, and say what could be better about how they are served: what it would gain, and the configuration line that does it.',
    )
    .argument('[url]', "the page; loopback, or a host that the configuration allows\n(default: the configuration's target, else the built-in demo shop)")
    .option('--fail-on <severity>', 'critical or warning: exit 1 when there is such a finding\n(default: findings fail nothing)')
    .option('--max-files <number>', 'most files that are read (default: 100)')
    .option('--max-megabytes <number>', 'most megabytes that are read (default: 50)')
    .option('-k, --insecure', 'read what a server sends whose certificate proves nothing')
    .option('-c, --config <file>', 'configuration, for the hosts it allows and the headers it sends')
    .option('--env <name>', "one of the configuration's environments")
    .option('--production', 'confirms that a production target is meant')
    .option('--json', 'print one JSON document (its schema: perf schema audit)')
    .addHelpText(
      'after',
      '\nExit codes:\n  0 the page was read · 1 a finding that --fail-on names · 2 bad usage\n  3 no page, or with --fail-on not all of it read · 4 refused for safety\n\nExamples:\n  perf audit http://127.0.0.1:3000\n  perf audit https://staging.example.com --fail-on critical\n  perf audit https://localhost:8443 --insecure --json',
    )
    .action(async (url: string | undefined, flags) => done(await (await import('./audit.ts')).audit(url, flags, io)))
}

const addCapacity = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('capacity')
    .summary('say how much load a target can serve, from saved runs of it')
    .description(
      'Say how much load the target of saved runs can serve: its breakpoint (perf run breakpoint), the scalability law of a closed loop (perf run stress\n--sweep), and which resource that a probe watched bounds it. What the runs do not tell is declined, with the reason.',
    )
    .argument('<run...>', 'runs of one target: ids, folders, or latest')
    .option('--objective <text>', 'what a rate must hold, such as "p99 < 300ms" (default: what the run was made with)')
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  perf capacity latest\n  perf capacity latest --objective "p99 < 300ms"')
    .action(async (names: readonly string[], flags) => done(await (await import('./capacity.ts')).capacity(names, flags, io)))
}

const addValidate = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
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
    .action(async (flags) => done(await (await import('./validate.ts')).validate(flags, io)))
}

const addDoctor = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('doctor')
    .summary('check this machine, or say what could watch a target')
    .description(
      'Check this machine and its configuration: what is ok, what is weak, what is missing, and what to do.\nWith --target: which probes work on it now, and what each other one needs. Makes no load.\nConfigured probes are read where the configuration says; nothing else is asked but the target and this machine.',
    )
    .option('-t, --target [url]', 'what to watch; loopback, or a host that the configuration allows\n(default: the target of the configuration)')
    .option('-c, --config <file>', 'configuration (default: perf.config.ts, .mjs or .json)')
    .option('--env <name>', "one of the configuration's environments")
    .option('-k, --insecure', 'accept any TLS certificate')
    .option('--production', 'confirms that a production target is meant')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      "\nExit codes:\n  0 a run can start · 2 bad configuration, or a configured probe can't be read\n  3 the target gives no answer · 4 refused for safety · 5 no engine can run\n\nExamples:\n  perf doctor\n  perf doctor --target http://127.0.0.1:3000",
    )
    .action(async (flags) => done(await (await import('./doctor.ts')).doctor(flags, io)))
}

const addSchema = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  program
    .command('schema')
    .summary('print the JSON Schema of a file')
    .description('Print the JSON Schema of a file that perf writes or reads.')
    .argument('<file>', 'run (run.json), summary (summary.json), budgets (a budget file), audit (perf audit --json) or prices (perf advise --prices)')
    .action(async (name: string) => done(await (await import('./schema.ts')).schema(name, io)))
}

const addK6 = (program: Command, io: Io, done: (code: ExitCode) => void): void => {
  const k6 = program.command('k6').summary('install k6, or say which one is used').description('The k6 that runs scenarios: install one, or say which is used.')
  k6.command('install')
    .description("Provide a k6: one on PATH if it is supported, else built once into the user's cache (needs xk6 or Go).")
    .option('-c, --config <file>', 'configuration, for the extensions it names')
    .action(async (flags) => done(await (await import('./k6.ts')).installCommand(flags, io)))
  k6.command('which')
    .description('Say which k6 a run would use, and why.')
    .option('-c, --config <file>', 'configuration')
    .action(async (flags) => done(await (await import('./k6.ts')).whichCommand(flags, io)))
}

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
  addRun(program, io, done)
  addReport(program, io, done)
  addWhy(program, io, done)
  addAudit(program, io, done)
  addCapacity(program, io, done)
  addReady(program, io, done)
  addAdvise(program, io, done)
  addApply(program, io, done)
  addValidate(program, io, done)
  addDoctor(program, io, done)
  addSchema(program, io, done)
  addK6(program, io, done)
  // Subcommands inherit how errors end only when they are told so themselves.
  const inherit = (command: Command): void => {
    for (const child of command.commands) {
      child.exitOverride().copyInheritedSettings(command)
      inherit(child)
    }
  }
  inherit(program)
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
