/**
 * What does watching cost? `perf run` with and without probes of a second's pace (postgres, redis, nginx, node, process, cgroup, host), in
 * turn, with hardly any load and with an even one: CPU of perf, of the application and of each server, as the kernel counts it in
 * nanoseconds, over five seconds in the middle of each run. Prints medians over rounds with their range, in percent of a core.
 *
 *   npm run build && node bench/watching.mjs [--rounds 3] [--only idle] [--keep FILE]
 *
 * `--keep` adds this call's rounds to those in a file and prints all of them, for a machine that is free only now and then.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { familyOf, processesOn } from '../dist/runner/machine/listeners.js'
import { loadTests } from './faults/load-tests.mjs'
import { median } from './median.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const command = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url))
const health = fileURLToPath(new URL('../dist/runner/probes/node/health.js', import.meta.url))
const seconds = { before: 1.5, counted: 5, after: 0.5 }
const all = { idle: '1/s', 'even load': '100/s' }
const loads = Object.fromEntries(Object.entries(all).filter(([load]) => load.includes(flag('only', ''))))

/** Nanoseconds on a core so far, of each thread of some processes and their children. */
const ranOf = (pids) => {
  const threads = new Map()
  for (const pid of familyOf(pids)) {
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`))
        threads.set(thread, Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    } catch {
      // It has just ended.
    }
  }
  return threads
}

/** Seconds between two looks; a thread that ended in between takes its last moments with it. */
const ranBetween = (before, after) => [...after].reduce((sum, [thread, ran]) => sum + ran - (before.get(thread) ?? 0), 0) / 1e9

/** Resolves as the load of the run that was started in this folder begins. */
const begun = async (home, since) => {
  for (;;) {
    try {
      const { startedAt } = JSON.parse(readFileSync(join(home, 'perf-results', 'latest', 'run.partial.json'), 'utf8'))
      if (Date.parse(startedAt) >= since) return
    } catch {
      // Not yet there, or half written.
    }
    await pause(20)
  }
}

const startApp = async (environment) => {
  const file = fileURLToPath(new URL('watching/app.mjs', import.meta.url))
  const app = spawn(process.execPath, ['--import', health, file], {
    env: { ...process.env, ...environment, PERF_HEALTH_PORT: '19465' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = await once(app.stdout.setEncoding('utf8'), 'data')
  const stop = async () => {
    app.kill('SIGKILL')
    await once(app, 'exit')
  }
  return { url: `http://127.0.0.1:${port.trim()}`, pid: app.pid, stop }
}

/** A target on this machine is watched without being asked for; a probe of its name that is read once takes its place. */
const none = [{ kind: 'command', name: 'target', command: ['true'], every: 3600 }]

/** CPU of perf and of each watched process, in shares of a core, over the middle of one run. */
const measure = async (probes, rate, target, watched, home) => {
  writeFileSync(join(home, 'perf.config.json'), JSON.stringify({ probes }))
  const duration = seconds.before + seconds.counted + seconds.after
  const args = ['run', '--scenario', 'scenario.mjs', '--engine', 'embedded', '--target', target, '--quiet']
  writeFileSync(
    join(home, 'scenario.mjs'),
    `import { constant, journey, scenario } from 'scale-surgeon'
     export default scenario({ shape: constant({ rate: '${rate}', duration: '${duration}s' }), journeys: [journey('one', ({ http }) => http.get('/'))] })`,
  )
  const since = Date.now()
  const perf = spawn(process.execPath, [command, ...args], { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  perf.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const ended = once(perf, 'exit')
  await Promise.race([begun(home, since), ended])
  await pause(seconds.before * 1000)
  const counted = { perf: [perf.pid], ...watched }
  const look = () => Object.fromEntries(Object.entries(counted).map(([name, pids]) => [name, ranOf(pids)]))
  const [from, before] = [performance.now(), look()]
  await pause(seconds.counted * 1000)
  const [until, after] = [performance.now(), look()]
  const [code] = await ended
  if (code !== 0 && code !== 1 && code !== 3) throw new Error(`perf ended with ${code}: ${said}`)
  return Object.fromEntries(Object.keys(counted).map((name) => [name, (ranBetween(before[name], after[name]) * 1000) / (until - from)]))
}

const keep = flag('keep', undefined)
const rounds = keep !== undefined && existsSync(keep) ? JSON.parse(readFileSync(keep, 'utf8')) : []
const [{ startPostgres }, { startRedis }, { startNginx }] = await Promise.all(['support/postgres', 'support/redis', 'support/nginx'].map(loadTests))
const home = mkdtempSync(join(tmpdir(), 'perf-watching-'))
const postgres = await startPostgres({ shared_preload_libraries: 'pg_stat_statements' })
const redis = await startRedis()
const nginx = await startNginx()
const app = await startApp({ DATABASE_URL: postgres.url, CACHE_URL: redis.url })
try {
  await postgres.sql(`create extension pg_stat_statements; create table items (id int primary key, name text);
    insert into items select n, 'item ' || n from generate_series(1, 1000) n; analyze;`)
  const everything = [
    { kind: 'postgres', url: postgres.url },
    { kind: 'redis', url: redis.url },
    { kind: 'nginx', url: `${nginx.url}/nginx-status` },
    { kind: 'node', url: 'http://127.0.0.1:19465/perf-health' },
    { kind: 'process', name: 'target', pid: app.pid },
    { kind: 'cgroup', pid: app.pid },
    { kind: 'host' },
  ]
  const portOf = (url) => Number(new URL(url).port)
  const watched = { application: [app.pid], PostgreSQL: processesOn(postgres.port), Redis: processesOn(redis.port), nginx: processesOn(portOf(nginx.url)) }
  await measure(none, all['even load'], app.url, watched, home) // compilers and caches are warm afterwards
  for (let round = 0; round < Number(flag('rounds', '3')); round++) {
    for (const [load, rate] of Object.entries(loads)) {
      // Which one comes first changes, so that neither always follows the other.
      const order = (rounds.length / Object.keys(loads).length) % 2 < 1 ? [false, true] : [true, false]
      const found = {}
      for (const isWatching of order) found[isWatching ? 'with' : 'without'] = await measure(isWatching ? everything : none, rate, app.url, watched, home)
      rounds.push({ load, ...found })
      process.stderr.write(`${load}: ${JSON.stringify(found)}\n`)
      if (keep !== undefined) writeFileSync(keep, JSON.stringify(rounds))
    }
  }
} finally {
  await app.stop()
  await Promise.all([postgres.stop(), redis.stop(), nginx.stop()])
  rmSync(home, { recursive: true, force: true })
}

const percent = (share) => `${(share * 100).toFixed(2)} %`
const range = (values) => `${percent(median(values))} (${percent(Math.min(...values))} to ${percent(Math.max(...values))})`
const lines = [['load', 'process', 'rounds', 'without probes', 'with probes', 'difference, of a core']]
for (const load of Object.keys(loads)) {
  const own = rounds.filter((round) => round.load === load)
  for (const name of Object.keys(own[0]?.with ?? {}))
    lines.push([
      load,
      name,
      String(own.length),
      percent(median(own.map((round) => round.without[name]))),
      percent(median(own.map((round) => round.with[name]))),
      range(own.map((round) => round.with[name] - round.without[name])),
    ])
}
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
