/** What probes watch goes away, comes back, is replaced or locks them out while load runs: the run ends as it would have, and its caveats say when and what. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Run } from '../../runner/run.ts'
import { freePort } from '../support/free-port.ts'
import { nginxProgram, startNginx } from '../support/nginx.ts'
import { perf } from '../support/perf.ts'
import { hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis.ts'
import { untilAnswering } from '../support/until-answering.ts'

const seconds = 24
/** Seconds of load after which each thing happens. */
const when = { restart: 4, killed: 6, lockOut: 9, back: 11 } as const
/** A reading a second, on a machine that has other things to do. */
const leeway = 4

const cwd = mkdtempSync(join(tmpdir(), 'perf-failing-'))
const children = new Set<ChildProcess>()
const serve = async (port: number): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['-e', `require('http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')`], {
    stdio: 'ignore',
  })
  children.add(child)
  await untilAnswering(`http://127.0.0.1:${port}`, once(child, 'exit'))
  return child
}
const kill = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  children.delete(child)
}
/** Too little for the rule that ends a load nobody listens to: twenty requests in three seconds. */
const scenario = (duration: number): void =>
  writeFileSync(
    join(cwd, 'scenario.mjs'),
    `import { constant, journey, scenario } from 'scale-surgeon'
     export default scenario({ shape: constant({ rate: '5/s', duration: '${duration}s' }), journeys: [journey('one', ({ http }) => http.get('/'))] })`,
  )
const run = (target: string) => perf(['run', '--scenario', 'scenario.mjs', '--engine', 'embedded', '--target', target, '--json'], { cwd })
const savedRun = (): Run => JSON.parse(readFileSync(join(cwd, 'perf-results/latest/run.json'), 'utf8'))
/** Resolves with the load's first second, which the run's folder shows. */
const begun = async (): Promise<void> => {
  const file = join(cwd, 'perf-results/latest/run.partial.json')
  for (;;) {
    try {
      const { startedAt } = JSON.parse(readFileSync(file, 'utf8')) as Run
      await pause(Math.max(0, Date.parse(startedAt) - Date.now()))
      return
    } catch {
      await pause(50)
    }
  }
}

afterAll(async () => {
  for (const child of children) await kill(child)
  rmSync(cwd, { recursive: true, force: true })
})

const canRun = hasPostgres && hasRedis && nginxProgram !== undefined
describe.skipIf(!canRun)(`a run of ${seconds} s in which everything watched fails${canRun ? '' : ' (skipped: it needs PostgreSQL, Redis and nginx)'}`, () => {
  let postgres: Postgres
  let redis: RedisServer
  let saved: Run
  let exitCode: number | undefined
  let replacedPids: readonly (number | undefined)[]
  const textOf = (probe: string, code = 'probe-failed', begins = 'The probe'): string =>
    saved.caveats.find((caveat) => caveat.code === code && caveat.text.startsWith(`${begins} "${probe}"`))?.text ?? ''
  const momentsIn = (text: string): number[] => [...text.matchAll(/\b(\d+):(\d\d)\b/g)].map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest))
  const valuesOf = (name: string): readonly (number | null)[] => saved.probes.find((series) => series.name === name)?.values ?? []

  beforeAll(async () => {
    postgres = await startPostgres({ shared_preload_libraries: 'pg_stat_statements' })
    redis = await startRedis()
    const nginx = await startNginx()
    await postgres.sql(`create extension pg_stat_statements;
      create role watcher login; grant pg_monitor to watcher;
      create role weakened login; grant pg_monitor to weakened;
      create role locked_out login; grant pg_monitor to locked_out;
      grant connect on database postgres to watcher, weakened, locked_out; revoke connect on database postgres from public;`)
    await redis.cli('ACL', 'SETUSER', 'perf', 'on', '>watching', '-@all', '+info', '+slowlog|get', '+client|setname')
    const [port, otherPort] = [await freePort(), await freePort()]
    const [first, other] = [await serve(port), await serve(otherPort)]
    const as = (role: string): string => postgres.url.replace('postgres@', `${role}@`)
    const probes = [
      { kind: 'postgres', url: as('watcher') },
      { kind: 'postgres', name: 'weakened', url: as('weakened') },
      { kind: 'postgres', name: 'locked', url: as('locked_out') },
      { kind: 'redis', url: `redis://perf:watching@127.0.0.1:${redis.port}` },
      { kind: 'nginx', url: `${nginx.url}/nginx-status` },
      { kind: 'process', name: 'worker', pid: other.pid },
      { kind: 'process', name: 'app', port },
    ]
    writeFileSync(join(cwd, 'perf.config.json'), JSON.stringify({ probes }))
    scenario(seconds)
    const running = run(`http://127.0.0.1:${port}`)
    await begun()
    const start = performance.now()
    const at = (second: number): Promise<void> => pause(Math.max(0, second * 1000 - (performance.now() - start)))
    await at(when.restart)
    const restarted = postgres.restart(2500)
    await at(when.killed)
    await Promise.all([kill(first), kill(other), restarted])
    await at(when.lockOut)
    await Promise.all([
      postgres.sql(`revoke pg_monitor from weakened; revoke connect on database postgres from locked_out;
        select pg_terminate_backend(pid) from pg_stat_activity where usename = 'locked_out'`),
      redis.cli('ACL', 'SETUSER', 'perf', '-info'),
      nginx.closeStatus(),
    ])
    await at(when.back)
    const second = await serve(port)
    replacedPids = [first.pid, second.pid]
    ;({ exitCode } = await running)
    saved = savedRun()
    await nginx.stop()
  })
  afterAll(async () => {
    await Promise.all([postgres?.stop(), redis?.stop()])
  })

  test('ends with a verdict, whole and saved', () => {
    expect([1, 3]).toContain(exitCode) // requests failed while there was no target
    expect(saved.ending.state).toBe('completed')
    expect(saved.durationSeconds).toBeGreaterThanOrEqual(seconds - 1)
  })

  test('PostgreSQL that restarts is read again, with a gap and no count below 0', () => {
    const text = textOf('postgres')
    const [from = -1, until = from] = momentsIn(text)
    expect(from).toBeGreaterThanOrEqual(when.restart - 1)
    expect(until).toBeLessThan(when.restart + leeway + 3)
    expect(text).toMatch(/^The probe "postgres" missed \d+ of 2\d readings: /)
    const [restarted = -1] = momentsIn(textOf('postgres', 'postgres-restarted', 'The PostgreSQL of'))
    expect(restarted).toBeGreaterThanOrEqual(when.restart)
    expect(restarted).toBeLessThan(when.restart + leeway + 3)
    const commits = valuesOf('postgres.commits')
    expect(commits.slice(-5).every((value) => value !== null)).toBe(true)
    const told = saved.probes.filter(({ name }) => !name.startsWith('generator.')).flatMap(({ values }) => values.filter((value) => value !== null))
    expect(Math.min(...told)).toBeGreaterThanOrEqual(0)
  })

  test.each([
    ['locked', /permission denied for database/],
    ['redis', /NOPERM/],
    ['nginx', /answered \/nginx-status with status 403/],
  ])('%s tells since when it was locked out, until the end', (probe, reason) => {
    const text = textOf(probe)
    expect(text).toMatch(/until the end/)
    expect(text).toMatch(reason)
    const last = momentsIn(text).at(-1) ?? -1
    expect(last).toBeGreaterThanOrEqual(when.lockOut - 1)
    expect(last).toBeLessThanOrEqual(when.lockOut + leeway)
    expect(Number(/missed (\d+) of/.exec(text)?.[1])).toBeGreaterThanOrEqual(seconds - when.lockOut - leeway)
  })

  test('a role that may no longer see other sessions tells since when', () => {
    const text = textOf('weakened', 'postgres-role-too-weak', 'What sessions of')
    const [since = -1] = momentsIn(text)
    expect(since).toBeGreaterThanOrEqual(when.lockOut - 1)
    expect(since).toBeLessThanOrEqual(when.lockOut + leeway)
    expect(text).toMatch(/in \d+ readings/)
    expect(valuesOf('weakened.active').at(-1)).toBeNull()
  })

  test('a process that was killed has gaps from then on', () => {
    const text = textOf('worker')
    expect(text).toMatch(/from 0:0\d until the end \(the process \d+ is gone\)/)
    expect(momentsIn(text)[0]).toBeGreaterThanOrEqual(when.killed - 1)
  })

  test('a target that was killed and started again is followed by its port, and who came is told', () => {
    const [gone, come] = replacedPids
    expect(textOf('app', 'process-replaced', 'What listens on the port of')).toMatch(new RegExp(`by 0:1\\d the process ${gone} is gone and ${come} has come`))
    expect(textOf('app')).toMatch(/missed \d+ of 2\d readings: from 0:0\d to 0:1\d/)
    expect(valuesOf('app.memory').at(-1)).toBeGreaterThan(10_000_000)
  })

  test('how well each could read is kept', () => {
    const missed = Object.fromEntries((saved.watched ?? []).map(({ name, missed }) => [name, missed]))
    expect(missed.weakened).toBeLessThan(leeway + 4) // the restart only
    expect(missed.worker).toBeGreaterThan(seconds - when.killed - leeway)
  })
})

test('perf itself killed keeps what probes had read until then', async () => {
  const port = await freePort()
  const target = await serve(port)
  writeFileSync(join(cwd, 'perf.config.json'), JSON.stringify({ probes: [{ kind: 'process', name: 'app', pid: target.pid }] }))
  scenario(60)
  rmSync(join(cwd, 'perf-results'), { recursive: true, force: true })
  const running = run(`http://127.0.0.1:${port}`)
  await begun()
  await pause(7000)
  running.kill('SIGKILL')
  await running
  const { stdout } = await perf(['report', 'latest', '--format', 'json'], { cwd })
  const { caveats, saturation } = JSON.parse(stdout)
  expect(caveats.map(({ code }: { code: string }) => code)).toContain('incomplete')
  const memory = saturation.find(({ resource }: { resource: string }) => resource === 'app.memory')
  expect(memory.used).toBeGreaterThan(10_000_000)
  await kill(target)
})
