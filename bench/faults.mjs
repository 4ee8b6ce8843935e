/**
 * Does perf name the right cause? Faults put into a real small application (bench/faults/app.mjs) on a private PostgreSQL, and healthy
 * runs of the same, told by `perf why --json` afterwards. Prints a table; every miss is a row with what was said in its place.
 *
 *   npm run build && node bench/faults.mjs [--repeat 3] [--first 1] [--only word,word] [--runs FOLDER] [--again]
 *
 * `--runs` keeps the runs in a folder; `--again` judges those that are there, and makes no load.
 */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { faults, healthy } from './faults/cases.mjs'
import { loadTests } from './faults/load-tests.mjs'
import { startApp } from './faults/server.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const only = flag('only', '').split(',')
const home = flag('runs', mkdtempSync(join(tmpdir(), 'perf-faults-')))
const command = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url))
const cases = [...faults, ...healthy].filter(({ name }) => only.some((word) => name.includes(word)))
const folderOf = ({ name }, repetition) => join(home, `${name.replace(/\W+/g, '-').toLowerCase()}-${repetition}`)

const budgets = { 'API response p95': 'p95 < 200ms', 'error rate': { metric: 'error_rate', at_most: '0.1%' } }

/** One run of one case, kept in its folder. */
const makeRun = async (each, repetition, postgres) => {
  const folder = folderOf(each, repetition)
  mkdirSync(folder, { recursive: true })
  await postgres.sql('select pg_stat_statements_reset()')
  const app = await startApp(each, postgres.url)
  try {
    const probes = [{ kind: 'postgres', url: postgres.url }, ...(each.group ? [{ kind: 'cgroup', name: 'app', pid: app.pid }] : [])]
    writeFileSync(join(folder, 'perf.config.json'), JSON.stringify({ probes }))
    writeFileSync(join(folder, 'budgets.json'), JSON.stringify(budgets))
    writeFileSync(
      join(folder, 'scenario.mjs'),
      `import { constant, step, journey, scenario } from 'scale-surgeon'
       export default scenario({ shape: ${each.shape}, journeys: [journey('one', ({ http }) => http.get('${each.path}', { timeout: '10s' }))] })`,
    )
    const args = [
      'run',
      '--scenario',
      'scenario.mjs',
      '--engine',
      'embedded',
      '--target',
      app.url,
      '--budget',
      'budgets.json',
      '--graceful-stop',
      '5s',
      '--quiet',
    ]
    const { exitCode, stderr } = await execa('node', [command, ...args], { cwd: folder, reject: false })
    if (![0, 1, 3].includes(exitCode)) throw new Error(`${each.name}: ${stderr}`)
  } finally {
    await app.stop()
  }
}

/** What perf says of it. */
const why = async (each, repetition) => {
  const { stdout, stderr } = await execa('node', [command, 'why', 'latest', '--json'], { cwd: folderOf(each, repetition), reject: false })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

const judge = ({ illness, first }, { attribution, illnesses }) => {
  const named = illnesses.map((each) => each.illness)
  const cause = attribution.state === 'named' ? attribution.cause.name : attribution.state
  const isRight =
    illness === undefined ? attribution.state !== 'named' && named.length === 0 : named[0] === illness && (first === undefined || first.test(cause))
  return { isRight, named: named.join(', ') || 'none', cause, at: attribution.breach?.at }
}

const repetitions = Array.from({ length: Number(flag('repeat', '3')) }, (_, index) => index + Number(flag('first', '1')))
if (!process.argv.includes('--again')) {
  const { startPostgres } = await loadTests('support/postgres')
  const postgres = await startPostgres({
    shared_preload_libraries: 'pg_stat_statements',
    max_connections: '60',
    max_parallel_workers_per_gather: '0',
    jit: 'off',
  })
  try {
    await postgres.sql(`
      create extension pg_stat_statements;
      create table orders (id serial primary key, customer_id int, total int);
      insert into orders (customer_id, total) select n % 50000, n from generate_series(1, 300000) n;
      create table items (id serial primary key, order_id int, name text);
      insert into items (order_id, name) select n, 'item ' || n from generate_series(1, 100000) n;
      create index on items (order_id);
      create table stock (shop int primary key, left_over int);
      insert into stock values (1, 1000000);
      analyze;`)
    for (const repetition of repetitions) {
      for (const each of cases) {
        process.stderr.write(`${each.name}, ${repetition} of ${repetitions.length}\n`)
        await makeRun(each, repetition, postgres)
      }
    }
  } finally {
    await postgres.stop()
  }
}

const isThere = (each, repetition) => {
  try {
    return readdirSync(join(folderOf(each, repetition), 'perf-results')).length > 0
  } catch {
    return false
  }
}
const rows = []
for (const each of cases) {
  for (const repetition of repetitions.filter((number) => isThere(each, number))) {
    const { isRight, cause, named, at } = judge(each, await why(each, repetition))
    rows.push([each.name, String(repetition), each.illness ?? 'none', isRight ? 'right' : 'MISS', named, at === undefined ? '–' : `${at} s`, cause])
  }
}
const lines = [['fault', 'run', 'expected', 'verdict', 'illnesses named', 'left its normal', 'broke first'], ...rows]
const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)))
process.stdout.write(
  `${lines
    .map((line) =>
      line
        .map((text, at) => text.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`,
)
const right = rows.filter(([, , , verdict]) => verdict === 'right').length
process.stdout.write(`\n${right} of ${rows.length} right; runs in ${home}\n`)
