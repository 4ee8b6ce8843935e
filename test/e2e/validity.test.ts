/**
 * Each rule of validity, met by a real cause: a generator without a core, without sockets, without memory; a target that is slow, stands
 * still, or becomes another one. A saturated generator is told apart from a slow target in both directions.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { RunRecord } from '../../runner/run.ts'
import { k6 } from '../support/k6.ts'
import { perf } from '../support/perf.ts'
import { startConstantDelay, startFreezable } from '../targets/delays.ts'
import { serve, type Target } from '../targets/target.ts'

const base = mkdtempSync(join(tmpdir(), 'perf-validity-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const targets: Pick<Target, 'stop'>[] = []
afterEach(async () => {
  for (const target of targets.splice(0)) await target.stop()
})
const start = async <T extends Pick<Target, 'stop'>>(starting: Promise<T>): Promise<T> => {
  const target = await starting
  targets.push(target)
  return target
}

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args, { stdio: 'ignore' }).status === 0
const engines = ['embedded', ...(k6 ? ['k6'] : [])]

type Load = {
  readonly rate: string
  readonly duration: string
  readonly engine?: string /** The journey's function. */
  readonly run?: string /** Above it. */
  readonly before?: string
}

const get = "async ({ http }) => { await http.get('/') }"

/** A folder with a scenario of one journey in it, at a constant rate. */
const folderFor = ({ rate, duration, run = get, before = '' }: Load): string => {
  const cwd = mkdtempSync(join(base, 'run-'))
  const scenario = `import { constant, journey, scenario } from 'scale-surgeon'
${before}
export default scenario({ shape: constant({ rate: '${rate}', duration: '${duration}' }), journeys: [{ weight: 1, journey: journey('visit', ${run}) }] })`
  writeFileSync(join(cwd, 'scenario.ts'), scenario)
  return cwd
}

const argumentsFor = ({ engine = 'embedded' }: Load, ...more: readonly string[]): string[] => [
  'run',
  '--scenario',
  'scenario.ts',
  '--engine',
  engine,
  '--quiet',
  ...more,
]

const runIn = (cwd: string): RunRecord => JSON.parse(readFileSync(join(cwd, 'perf-results', 'latest', 'run.json'), 'utf8')) as RunRecord
const codesOf = ({ validity }: RunRecord): string[] => validity.reasons.map(({ code }) => code)
const readings = ({ probes }: RunRecord, name: string): number[] =>
  (probes.find((series) => series.name === name)?.values ?? []).filter((value) => value !== null)

/** The load has begun once the run keeps a journal. */
const untilLoad = async (cwd: string): Promise<void> => {
  const results = join(cwd, 'perf-results')
  const hasBegun = (): boolean => existsSync(results) && readdirSync(results).some((run) => existsSync(join(results, run, 'run.partial.json')))
  for (let tries = 0; tries < 600 && !hasBegun(); tries++) await wait(50)
}

/** Programs that want the whole of one core for a while. */
const burn = async (core: number, programs: number, seconds: number): Promise<void> => {
  // Each in a session of its own: a system that shares its cores among sessions first would give all of them the share of one.
  const burning = Array.from({ length: programs }, () =>
    spawn('taskset', ['-c', String(core), process.execPath, '-e', 'for (;;);'], { stdio: 'ignore', detached: true }),
  )
  await wait(seconds * 1000)
  for (const each of burning) each.kill('SIGKILL')
}

const canPin = availableParallelism() > 1 && has('taskset', '-c', '0', 'true')
const unpinned = canPin ? '' : ' (skipped: it needs taskset and two cores)'

describe('a saturated generator is told apart from a slow target', () => {
  test.skipIf(!canPin).each(engines)(
    `with %s: on a fast target, a generator that gets next to nothing of its core makes an INVALID run${unpinned}`,
    async (engine) => {
      const target = await start(startConstantDelay(0))
      const load = { engine, rate: '1000/s', duration: '6s' }
      const cwd = folderFor(load)
      // At one priority a system favours who sleeps much, and a generator at 300/s keeps its time beside eight programs that burn.
      const running = perf(argumentsFor(load, '--target', target.url, '--users', '200'), { cwd, under: ['nice', '-n', '19', 'taskset', '-c', '1'] })
      await untilLoad(cwd)
      await burn(1, 4, 4)
      const { exitCode } = await running
      const run = runIn(cwd)
      expect(run.validity.state, JSON.stringify([run.validity, run.lag.max, readings(run, 'generator.waiting'), readings(run, 'generator.cpu')])).toBe(
        'INVALID',
      )
      expect(
        codesOf(run).filter((code) => ['generator-late', 'offered-otherwise'].includes(code)),
        JSON.stringify(run.validity),
      ).not.toEqual([])
      expect(codesOf(run)).not.toContain('users-too-few')
      expect(run.probes.find(({ name }) => name === 'generator.cpu')?.limit).toBe(1) // one core by affinity, whatever the machine has
      expect(exitCode).toBe(3)
    },
  )

  // A machine on which others work is no idle generator, so a busy moment of it gets another chance.
  test.each(engines)('with %s: on a slow target, an idle generator makes a VALID run', { retry: 2 }, async (engine) => {
    const target = await start(startConstantDelay(500))
    const load = { engine, rate: '20/s', duration: '8s' }
    const cwd = folderFor(load)
    await perf(argumentsFor(load, '--target', target.url, '--users', '100'), { cwd })
    const run = runIn(cwd)
    expect(run.validity).toEqual({ state: 'VALID', reasons: [] })
    expect(run.load).toMatchObject({ planned: 160, started: 160, dropped: 0 })
  })
})

test.skipIf(!k6 || !canPin)(`k6 with a journey that needs all of its core makes an INVALID run${unpinned}`, async () => {
  const target = await start(startConstantDelay(0))
  const load = {
    engine: 'k6',
    rate: '40/s',
    duration: '6s',
    run: "async ({ http }) => { await http.get('/'); let sum = 0; for (let i = 0; i < 1_500_000; i++) sum += i }",
  }
  const cwd = folderFor(load)
  await perf(argumentsFor(load, '--target', target.url, '--users', '50'), { cwd, under: ['taskset', '-c', '1'] })
  const run = runIn(cwd)
  expect(codesOf(run)).toContain('generator-cpu')
  expect(run.validity.state).toBe('INVALID')
})

test('a generator that stood still for three seconds offered another load than the one planned', async () => {
  const target = await start(startConstantDelay(1))
  const load = { rate: '50/s', duration: '8s' }
  const cwd = folderFor(load)
  const running = perf(argumentsFor(load, '--target', target.url), { cwd })
  await untilLoad(cwd)
  await wait(2000)
  running.kill('SIGSTOP')
  await wait(3000)
  running.kill('SIGCONT')
  await running
  const run = runIn(cwd)
  expect(run.validity.state).toBe('INVALID')
  expect(codesOf(run)).toEqual(expect.arrayContaining(['generator-late', 'offered-otherwise']))
  expect(run.load.started).toBe(400) // nothing was left out; it came at another time
  expect(run.probes.find(({ name }) => name === 'generator.cpu')?.values).toContain(null) // and nobody knows what it used meanwhile
})

const canLimit = has('prlimit', '--nofile=100:100', 'true')

test.skipIf(!canLimit)('a generator that runs out of sockets makes an INVALID run, and says that the failures are its own', async () => {
  const target = await start(startConstantDelay(2000))
  // Node alone opens a hundred files at once while it loads modules; the load wants four hundred sockets.
  const load = { rate: '200/s', duration: '5s' }
  const cwd = folderFor(load)
  await perf(argumentsFor(load, '--target', target.url), { cwd, under: ['prlimit', '--nofile=256:256'] })
  const run = runIn(cwd)
  expect(run.validity.state).toBe('INVALID')
  expect(codesOf(run), JSON.stringify(readings(run, 'generator.files'))).toEqual(expect.arrayContaining(['generator-files', 'generator-short']))
  expect(run.probes.find(({ name }) => name === 'generator.files')).toMatchObject({ limit: 256 })
})

const canNamespace = has('unshare', '-rn', 'sh', '-c', 'ip link set lo up')

test.skipIf(!canNamespace)('a generator that runs out of ports makes an INVALID run', async () => {
  const load = { rate: '40/s', duration: '6s' }
  const cwd = folderFor(load)
  const script = `ip link set lo up && echo "40000 40063" > /proc/sys/net/ipv4/ip_local_port_range
${process.execPath} -e 'require("node:http").createServer((_, answer) => setTimeout(() => answer.end("ok"), 3000)).listen(8080, "127.0.0.1")' & server=$!
sleep 0.5; "$@"; kill $server`
  await perf(argumentsFor(load, '--target', 'http://127.0.0.1:8080'), { cwd, under: ['unshare', '-rn', 'sh', '-c', script, 'sh'] })
  const run = runIn(cwd)
  expect(codesOf(run)).toContain('generator-ports')
  expect(run.validity.state).toBe('INVALID')
  expect(run.probes.find(({ name }) => name === 'generator.ports')).toMatchObject({ limit: 64 })
})

const heapOf = `import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8'
const hoard: unknown[] = []
const used = () => getHeapSpaceStatistics().reduce((sum, space) => sum + (space.space_name.startsWith('new_') ? 0 : space.space_used_size), 0)`

test('a journey that makes garbage among much that stays makes the collector stop the load', async () => {
  const target = await start(startConstantDelay(1))
  // Small objects in great number are what a collector has to walk through; a third of the memory is never near its end.
  const run = `async ({ http }) => {
    await http.get('/')
    const isEnough = used() > 200 * 2 ** 20
    hoard[isEnough ? Math.floor(Math.random() * hoard.length) : hoard.length] = Array.from({ length: 5000 }, (_, n) => ({ n, text: 'entry ' + n }))
  }`
  const load = { rate: '150/s', duration: '10s', run, before: heapOf }
  const cwd = folderFor(load)
  await perf(argumentsFor(load, '--target', target.url), { cwd, env: { NODE_OPTIONS: '--max-old-space-size=700' } })
  const told = runIn(cwd)
  expect(codesOf(told), JSON.stringify([told.ending, readings(told, 'generator.gc_pause')])).toContain('generator-gc')
})

test('a journey that hoards fills the memory of the generator, and the run says so or ends of it', async () => {
  const target = await start(startConstantDelay(1))
  // Long lists of numbers lie in a space of their own: they fill the memory without work for the collector.
  const run = `async ({ http }) => {
    await http.get('/')
    if (used() < 0.93 * getHeapStatistics().heap_size_limit - 2 ** 21) hoard.push(new Array(2 ** 17).fill(0.5))
  }`
  const load = { rate: '60/s', duration: '8s', run, before: heapOf }
  const cwd = folderFor(load)
  await perf(argumentsFor(load, '--target', target.url), { cwd, env: { NODE_OPTIONS: '--max-old-space-size=300' } })
  const told = runIn(cwd)
  // Near its limit Node may end the thread before another second is told: then that is the reason, and there is no verdict.
  const reasons = [...codesOf(told), ...(/memory limit/.test(told.ending.because) && told.validity.state === 'INVALID' ? ['ended for want of memory'] : [])]
  expect(reasons, JSON.stringify([told.ending, readings(told, 'generator.heap')])).toEqual(
    expect.arrayContaining([expect.stringMatching(/^(generator-heap|ended for want of memory)$/)]),
  )
})

test('a deploy in mid-run makes an INVALID run: its figures are a mixture', async () => {
  let version = '1.4.0'
  const target = await start(serve((_, response) => response.writeHead(200, { 'x-version': version }).end('ok')))
  const load = { rate: '10/s', duration: '12s' }
  const cwd = folderFor(load)
  const running = perf(argumentsFor(load, '--target', target.url), { cwd })
  await untilLoad(cwd)
  await wait(5000)
  version = '1.5.0'
  await running
  const run = runIn(cwd)
  expect(run.validity).toMatchObject({ state: 'INVALID' })
  expect(run.validity.reasons.find(({ code }) => code === 'target-changed')?.text).toContain('x-version was "1.4.0" and is "1.5.0"')
  expect(await target.requests()).toBe(run.load.completed + run.preflightRequests) // what was asked beside the load is counted
  expect(run.preflightRequests).toBe(2)
})

test('a clock that jumps in mid-run is told', async () => {
  const target = await start(startConstantDelay(1))
  const load = { rate: '20/s', duration: '7s' }
  const cwd = folderFor(load)
  // The machine's own clock can't be set for a test: here the process sees it jump, five seconds after its start.
  const jump = join(cwd, 'jump.mjs')
  writeFileSync(jump, 'const wall = Date.now; Date.now = () => wall() + (performance.now() > 5000 ? 3000 : 0)')
  await perf(argumentsFor(load, '--target', target.url), { cwd, env: { NODE_OPTIONS: `--import ${jump}` } })
  const run = runIn(cwd)
  expect(run.validity.reasons.find(({ code }) => code === 'clock-jumped')?.text).toMatch(/^This machine's clock jumped by 3 s at 0:0\d/)
})

describe('dropped arrivals', () => {
  test('for want of users that even a target at its best would need: INVALID', async () => {
    const target = await start(startConstantDelay(300))
    const load = { rate: '20/s', duration: '5s' }
    const cwd = folderFor(load)
    const { exitCode } = await perf(argumentsFor(load, '--target', target.url, '--users', '3'), { cwd })
    const run = runIn(cwd)
    expect(run.validity.reasons[0]).toMatchObject({ code: 'users-too-few' })
    expect(exitCode).toBe(3)
  })

  test('of a target that stood still are the target’s: they make the run SUSPECT, and its budgets are judged', async () => {
    const target = await start(startFreezable(1))
    const load = { rate: '50/s', duration: '7s' }
    const cwd = folderFor(load)
    const running = perf(argumentsFor(load, '--target', target.url, '--users', '20'), { cwd })
    await untilLoad(cwd)
    await wait(2000)
    await target.freeze(2500)
    const { exitCode } = await running
    const run = runIn(cwd)
    expect(run.load.dropped).toBeGreaterThan(50)
    expect(codesOf(run)).toContain('arrivals-dropped')
    expect(codesOf(run)).not.toContain('users-too-few')
    expect(run.validity.state).toBe('SUSPECT')
    expect(exitCode).toBe(1) // availability is below its limit, whatever the rest would have been
  })
})
