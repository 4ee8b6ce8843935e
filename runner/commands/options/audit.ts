/** The words of `perf audit`. */
import type { AddCommand } from './add-command.ts'

export const addAudit: AddCommand = (program, io, done) => {
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
    .action(async (url: string | undefined, flags) => done(await (await import('../audit.ts')).audit(url, flags, io)))
}
