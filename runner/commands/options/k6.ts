/** The words of `perf k6`, which has two commands. */
import type { AddCommand } from './add-command.ts'

export const addK6: AddCommand = (program, io, done) => {
  const k6 = program.command('k6').summary('install k6, or say which one is used').description('The k6 that runs scenarios: install one, or say which is used.')
  k6.command('install')
    .description("Provide a k6: one on PATH if it is supported, else built once into the user's cache (needs xk6 or Go).")
    .option('-c, --config <file>', 'configuration, for the extensions it names')
    .action(async (flags) => done(await (await import('../k6.ts')).installCommand(flags, io)))
  k6.command('which')
    .description('Say which k6 a run would use, and why.')
    .option('-c, --config <file>', 'configuration')
    .action(async (flags) => done(await (await import('../k6.ts')).whichCommand(flags, io)))
}
