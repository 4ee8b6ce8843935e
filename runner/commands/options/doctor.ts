/** The words of `perf doctor`. */
import type { AddCommand } from './add-command.ts'

export const addDoctor: AddCommand = (program, io, done) => {
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
    .action(async (flags) => done(await (await import('../doctor.ts')).doctor(flags, io)))
}
