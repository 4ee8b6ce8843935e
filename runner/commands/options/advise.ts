/** The words of `perf advise`, in groups: there are many. */
import { Option } from 'commander'
import { type AddCommand, collect } from './add-command.ts'

export const addAdvise: AddCommand = (program, io, done) => {
  program
    .command('advise')
    .summary('say what to deploy: autoscaler, size, cost')
    .description(
      'Say what to deploy, from saved runs of one instance: the settings of an autoscaler that meet what is expected at the least cost (each is played through the traffic), the size and number of instances, and what they cost. What the runs do not tell is declined, with the reason. Nothing is changed, and nothing is sent unless --prove asks for it.',
    )
    .argument('<run...>', 'runs of one instance: perf run breakpoint, and a long one near its ordinary rate')
    .optionsGroup('What is expected:')
    .option('--expect <text>', 'as of perf ready: "50k users in 10 min", "500/s within 2 min", "3x", "viral", "hacker news", "product hunt"')
    .option('--access-log <file>', 'expect what this log of a past rush shows (common, combined or JSON lines; .gz too)')
    .option('-r, --rate <rate>', 'ordinary rate of arrivals, such as 20/s')
    .option('--history <file>', 'requests of the past, to forecast what --rate and --expect leave out: an access log, or CSV or NDJSON of hours')
    .option('--at <moment>', 'when the launch begins, such as 2026-12-01T18:00Z: instances that must be there before it are scheduled (default: always there)')
    .option('--longest-wait <time>', 'that still meets the objective (default: 500ms)')
    .optionsGroup('How it is deployed:')
    .option('--start-up <time>', 'from asking for an instance until it serves, such as 90s')
    .option('--zones <number>', 'availability zones, such as 3, of which one may be lost without missing the objective (default: none may)')
    .option('--policy <name>', 'ecs, ecs-20s (its high resolution), hpa or keda (default: ecs)')
    .option('--architecture <name>', 'x86 or arm, as it was measured (default: x86)')
    .option('--prices <file>', 'prices in place of the shipped ones (perf schema prices)')
    .option('--ecs <cluster/service>', 'where it is deployed on AWS; it is read, and not changed')
    .option('--region <name>', "with --ecs: of AWS (default: AWS_REGION, or the profile's)")
    .option('--profile <name>', 'with --ecs: of ~/.aws/config (default: AWS_PROFILE)')
    .option('--role-arn <arn>', 'with --ecs: a role to take on for reading')
    .option('--kubernetes <namespace/name>', 'the Deployment; it is read, and not changed')
    .option('--context <name>', 'with --kubernetes: of the kubeconfig (default: its current one)')
    .optionsGroup('Files that deploy it:')
    .option(
      '--as <format>',
      'write them, checked before they are printed: terraform, cloudformation, cdk, aws-cli, hpa, keda, prometheus-rules, cloudwatch-alarms or grafana',
    )
    .option('-o, --output <path>', 'a file, or a folder for several, in place of stdout')
    .optionsGroup('Proof (all with --prove):')
    .option(
      '--prove',
      'run the objective of the first run at the recommended size and at the next smaller one, in control groups of this machine (Linux; needs root, or groups delegated to you)',
    )
    .option('--start <command>', 'what starts the service, which is told its port as PORT and {port} (default: the demo shop, if that was tested)')
    .option('-t, --target <url>', 'a service that has the recommended size already')
    .option('--smaller-target <url>', 'one of the next smaller size')
    .option('--size <vcpu/GB>', 'a size in place of the recommended one, as 0.5/1')
    .option('--instances <number>', 'so many share the height (default: as advised, or 1)')
    .option('-d, --duration <time>', 'length of each attempt (default: 60s, or as long as a p95 takes)')
    .addOption(new Option('-b, --budget <file>', "budgets in place of the run's own; may be repeated").argParser(collect))
    .option('--env <name>', "one of the configuration's environments")
    .option('--production', 'confirms that a production target is meant')
    .option('-y, --yes', 'answer yes before load leaves this machine')
    .optionsGroup('Input and output:')
    .option('-c, --config <file>', 'configuration, for its prices; with --prove of its runs')
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document')
    .helpOption('-h, --help', 'display help for command')
    .addHelpText(
      'after',
      '\nExit codes:\n  0 advice was given; with --prove: proved · 1 with --prove: not proved\n  2 bad usage · 3 with --as: nothing to write; with --prove: unknown\n  5 with --as: a validator refused, so nothing is printed\n\nExamples:\n  perf advise latest --rate 20/s --expect "50k users in 10 min" --start-up 90s\n  perf advise latest --rate 20/s --expect 500/s --as terraform -o infra/\n  perf advise latest --rate 20/s --expect 500/s --ecs shop/web\n  perf advise latest --rate 20/s --expect 500/s --kubernetes shop/web\n  perf advise latest --rate 20/s --expect 60/s --prove --start "node server.js"',
    )
    .action(async (names: readonly string[], flags) => done(await (await import('../advise.ts')).advise(names, flags, io)))
}
