/** The words of `perf capacity`. */
import type { AddCommand } from './add-command.ts'

export const addCapacity: AddCommand = (program, io, done) => {
  program
    .command('capacity')
    .summary('say how much load a target can serve, from saved runs of it')
    .description(
      'Say how much load the target of saved runs can serve: its breakpoint (perf run breakpoint), the scalability law of a closed loop (perf run stress\n--sweep), and which resource that a probe watched bounds it. What the runs do not tell is declined, with the reason.',
    )
    .argument('<run...>', 'runs of one target: ids, the ends of ids, folders, or latest')
    .option('--objective <text>', 'what a rate must hold, such as "p99 < 300ms" (default: what the run was made with)')
    .option('--out <folder>', 'where runs are kept (default: perf-results)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  perf capacity latest\n  perf capacity latest --objective "p99 < 300ms"')
    .action(async (names: readonly string[], flags) => done(await (await import('../capacity.ts')).capacity(names, flags, io)))
}
