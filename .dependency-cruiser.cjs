/**
 * The import law: stages are folders, each owns the noun it emits, later stages import earlier ones.
 * Every rule carries its reason; test/import-law.test.ts plants an offender for each.
 */
const adapters = '^runner/(engines|placements|probes|stores|deployments)/'
/** What adapters of a kind may share: the interface, for engines what every scripted one does alike for its virtual users, for probes what several of them read alike. */
const shared =
  '((engine|placement|probe|deployment|alarm|source|packages|kind|counters|answer|connection|statements|query-times|statement-history|starts|neighbours|late-series|store)[.]ts$|virtual-user/)'
const outside = '^(node:)?(fs|net|tls|http|https|http2|dgram|dns|child_process|cluster|worker_threads|inspector|process|repl)(/|$)'
const outsidePackages = 'node_modules/(undici|execa|autocannon|ws|got|axios|pg|ioredis|mysql2|@aws-sdk|@kubernetes|playwright-core)/'

module.exports = {
  forbidden: [
    {
      name: 'scenarios-import-only-scenarios',
      comment: 'The same journey runs inside k6, where neither Node nor a package exists.',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: { pathNot: '^scenarios/' },
    },
    {
      name: 'runner-knows-no-judgement',
      comment: 'What happened must not depend on what it means: a run is saved before anything judges or draws it. The command line puts both together.',
      severity: 'error',
      from: { path: '^runner/', pathNot: '^runner/(cli[.]ts$|commands/)' },
      to: { path: '^(budgets|reports)/' },
    },
    {
      name: 'budgets-know-no-report',
      comment: 'A verdict is the same however it is told.',
      severity: 'error',
      from: { path: '^budgets/' },
      to: { path: '^reports/' },
    },
    {
      name: 'nobody-imports-the-command-line',
      comment: 'cli.ts and commands/ put the pieces together. A piece that needs one of them is a piece in the wrong place.',
      severity: 'error',
      from: { pathNot: '^(runner/(cli[.]ts$|commands/)|test/)' },
      to: { path: '^runner/(cli[.]ts$|commands/)' },
    },
    {
      name: 'adapters-know-no-sibling',
      comment:
        'Each engine, placement, probe, store and platform of deployments can be read, changed and removed alone. What two of them share belongs beside the interface or in a folder of its own.',
      severity: 'error',
      from: { path: `${adapters}([^/.]+)`, pathNot: `${adapters}index[.]ts$` },
      to: { path: '^runner/$1/', pathNot: `^runner/$1/($2[/.]|${shared})` },
    },
    {
      name: 'judging-touches-nothing-outside',
      comment:
        'Judging, drawing and statistics are functions of the run: the same run gives the same answer tomorrow, on any machine. budgets/read.ts alone reads files, and the page reads its chart library.',
      severity: 'error',
      from: { path: '^(budgets|reports|runner/stats)/', pathNot: '^(budgets/read|reports/html/chart-library)[.]ts$' },
      to: { path: [outside, outsidePackages] },
    },
    {
      name: 'ship-what-is-imported',
      // k6's modules resolve to their types here; k6 brings them itself. Peers are loaded where a probe needs them, and named when absent.
      comment: 'A development dependency is absent where the package is installed.',
      severity: 'error',
      from: { path: '^(scenarios|runner|budgets|reports)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-circles',
      comment:
        'Of two files that need each other neither can be read first, nor changed alone: what both need is a noun with a file of its own. A connection of the embedded engine and the exchange on it hold each other, because each may end the other.',
      severity: 'error',
      from: { path: '^(scenarios|runner|budgets|reports)/', pathNot: '^runner/engines/embedded/(connections?|exchange)[.]ts$' },
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      comment: 'No other rule sees an import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no API that dependency-cruiser can parse with: without swc it finds 0 modules and passes.
    parser: 'swc',
    // Type imports count: a type is knowledge too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|perf-results)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
