/** What goes wrong for users, each with the sentence they read and the exit code their pipeline gets. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { k6 } from '../support/k6.ts'
import { cli, perf } from '../support/perf.ts'
import { startTls } from '../targets/answers.ts'
import { startConstantDelay, startDying } from '../targets/delays.ts'
import { startRefused } from '../targets/faults.ts'

const base = mkdtempSync(join(tmpdir(), 'perf-bad-input-'))
let target: Awaited<ReturnType<typeof startConstantDelay>>
beforeAll(async () => {
  target = await startConstantDelay(2)
})
afterAll(async () => {
  await target.stop()
  rmSync(base, { recursive: true, force: true })
})

let number = 0
/** An empty folder with these files in it. */
const folder = (files: Readonly<Record<string, string>> = {}): string => {
  const cwd = join(base, String(++number))
  mkdirSync(cwd)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content)
  return cwd
}
/** Most cases never get as far as load; these few seconds are for those that do. */
const short = ['--rate', '20/s', '--duration', '3s']
const scenario = (journey: string, before = ''): string =>
  `import { journey, scenario } from 'scale-surgeon'\n${before}\nexport default scenario({ journeys: [journey('only', ${journey})] })\n`

type Case = {
  readonly what: string
  readonly args: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly says: string | RegExp
  readonly exitCode: number
}

describe('bad usage and configuration end with 2, before any load', () => {
  const run = ['run', 'baseline', '--engine', 'embedded', ...short]
  const cases: readonly Case[] = [
    { what: 'an unknown command', args: ['rnu'], says: "unknown command 'rnu'", exitCode: 2 },
    { what: 'an unknown flag', args: ['run', 'smoke', '--ratte', '5/s'], says: "unknown option '--ratte'", exitCode: 2 },
    {
      what: 'an unknown test',
      args: ['run', 'sprint'],
      says: 'Test "sprint" is not known. The tests are smoke, baseline, stress, spike, soak, breakpoint.',
      exitCode: 2,
    },
    { what: 'no test and no scenario', args: ['run'], says: 'No test was named.', exitCode: 2 },
    {
      what: 'an unknown engine',
      args: ['run', 'smoke', '--engine', 'jmeter'],
      says: 'Engine "jmeter" is not known. The engines are auto, embedded, k6, replay.',
      exitCode: 2,
    },
    {
      what: 'a rate without a unit',
      args: ['run', 'smoke', '--rate', '50'],
      says: 'Rate "50" has no unit. Rates are arrivals per time, such as 50/s or 3000/m. Write --rate 50/s.',
      exitCode: 2,
    },
    {
      what: 'a duration without a unit',
      args: ['run', 'smoke', '--duration', '90'],
      says: 'Duration "90" has no unit that is known. Durations look like 30s, 5m or 1h30m. Write --duration 90s.',
      exitCode: 2,
    },
    {
      what: 'a warm-up that leaves nothing to judge',
      args: ['run', 'smoke', '--duration', '30s', '--warm-up', '30s'],
      says: 'A warm-up of 30 s (--warm-up) leaves nothing of a run of 30 s. What comes after the warm-up is judged. Shorten the warm-up, or lengthen the run with --duration.',
      exitCode: 2,
    },
    { what: 'a target that is no URL', args: ['run', 'smoke', '--target', 'shop'], says: 'Target "shop" is not a URL that can be tested.', exitCode: 2 },
    { what: 'a scenario that is not there', args: [...run, '--scenario', 'gone.ts'], says: "gone.ts can't be read (ENOENT)", exitCode: 2 },
    {
      what: 'a scenario that does not compile',
      args: [...run, '--scenario', 'a.ts'],
      files: { 'a.ts': 'export default {\n  a: ,\n}' },
      says: 'a.ts:2:6 does not compile: Unexpected ","',
      exitCode: 2,
    },
    {
      what: 'a scenario that throws while loading',
      args: [...run, '--scenario', 'a.ts'],
      files: { 'a.ts': scenario('() => {}', "\nthrow new Error('no mood')") },
      says: 'a.ts:3 throws while it loads: "no mood"',
      exitCode: 2,
    },
    {
      what: 'a scenario that exports something else',
      args: [...run, '--scenario', 'a.ts'],
      files: { 'a.ts': 'export default 1' },
      says: 'a.ts is no scenario: its default export is of type number',
      exitCode: 2,
    },
    {
      what: 'a data file that is not there',
      args: [...run, '--scenario', 'a.ts'],
      files: {
        'a.ts': `import { csv, journey, scenario } from 'scale-surgeon'\ncsv('rows.csv')\nexport default scenario({ journeys: [journey('a', () => {})] })`,
      },
      says: "Data file rows.csv of the scenario can't be read (ENOENT)",
      exitCode: 2,
    },
    { what: 'a budget file that is not there', args: [...run, '--budget', 'gone.json'], says: 'gone.json', exitCode: 2 },
    { what: 'a malformed budget file', args: [...run, '--budget', 'b.json'], files: { 'b.json': '{"p95": ' }, says: 'b.json', exitCode: 2 },
    {
      what: 'a budget without a limit',
      args: [...run, '--budget', 'b.json'],
      files: { 'b.json': '{"search p95":{"metric":"response_time","stat":"p95"}}' },
      says: '"search p95"',
      exitCode: 2,
    },
    {
      what: 'a budget on a probe that is not configured',
      args: [...run, '--budget', 'b.json'],
      files: { 'b.json': '{"queue depth":{"metric":"queue.depth","stat":"max","at_most":1000}}' },
      says: 'queue.depth',
      exitCode: 2,
    },
    {
      what: 'a configuration with an unknown key',
      args: run,
      files: { 'perf.config.json': '{"targt":"http://127.0.0.1"}' },
      says: 'perf.config.json as a whole is wrong: Unrecognized key: "targt"',
      exitCode: 2,
    },
    { what: 'a configuration that does not parse', args: run, files: { 'perf.config.json': '{' }, says: "perf.config.json can't be read", exitCode: 2 },
    { what: 'Poisson arrivals in k6', args: ['run', 'baseline', '--engine', 'k6', '--poisson', ...short], says: /Poisson.*embedded/s, exitCode: 2 },
    {
      what: "a scenario with k6's own modules in the embedded engine",
      args: [...run, '--scenario', 'a.ts'],
      files: { 'a.ts': scenario('() => { ws.connect("") }', "import ws from 'k6/ws'") },
      says: 'the scenario imports k6/ws',
      exitCode: 2,
    },
    { what: 'an output folder that is a file', args: [...run, '--out', 'taken'], files: { taken: '' }, says: "can't be written (", exitCode: 2 },
    {
      what: 'a report of a run that is not there',
      args: ['report', 'yesterday'],
      says: 'Run "yesterday" does not exist: there are no runs in perf-results.',
      exitCode: 2,
    },
    {
      what: 'a report in an unknown format',
      args: ['report', 'latest', '--format', 'docx'],
      says: 'Format "docx" is not known. A run is drawn as html, text, markdown, json, junit.',
      exitCode: 2,
    },
  ]
  test.each(cases)('$what', async ({ args, files, env, says, exitCode }) => {
    const cwd = folder(files)
    const withTarget = args[0] === 'run' && !args.includes('--target') ? [...args, '--target', target.url] : args
    const { exitCode: code, stderr, stdout } = await perf(withTarget, { cwd, ...(env && { env }) })
    expect(stderr).toEqual(says instanceof RegExp ? expect.stringMatching(says) : expect.stringContaining(says))
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
    expect(
      existsSync(join(cwd, 'perf-results'))
        ? readdirSync(join(cwd, 'perf-results')).filter((name) => existsSync(join(cwd, 'perf-results', name, 'run.json')))
        : [],
    ).toEqual([])
  })
})

describe('a mistake found only after the load costs no run', () => {
  test.each([
    {
      what: 'a budget on an endpoint that no request matched',
      budget: { 'search p95': { metric: 'response_time', endpoint: 'GET /serach', stat: 'p95', at_most: '200ms' } },
      says: '"GET /serach"',
    },
  ])('$what ends with 2, and the run can be judged again', async ({ budget, says }) => {
    const cwd = folder({ 'b.json': JSON.stringify(budget) })
    const { exitCode, stderr } = await perf(['run', 'baseline', '--engine', 'embedded', '--target', target.url, '--budget', 'b.json', ...short], { cwd })
    expect(stderr).toContain(says)
    expect(exitCode).toBe(2)
    expect((await perf(['report', 'latest'], { cwd })).exitCode).toBe(2) // judged by the budgets it was made with
    writeFileSync(join(cwd, 'b.json'), JSON.stringify({ errors: { metric: 'error_rate', at_most: '1%' } }))
    const again = await perf(['report', 'latest', '--budget', 'b.json'], { cwd })
    expect(again.stdout).toContain('PASS')
    expect(again.exitCode).toBe(0)
  })
})

describe('targets that can’t be tested end with 3 before the load', () => {
  test('nobody listens', async () => {
    const refused = await startRefused()
    const cwd = folder()
    const { exitCode, stderr } = await perf(['run', 'smoke', '--target', refused.url], { cwd })
    await refused.stop()
    expect(readdirSync(join(cwd, 'perf-results'))).toEqual([]) // no folder of a run that never was
    expect(stderr).toContain('gave no answer before the load: refused')
    expect(exitCode).toBe(3)
  })
  test('the name has no address', async () => {
    const { exitCode, stderr } = await perf(['run', 'smoke', '--target', 'http://nowhere.invalid'], { cwd: folder() })
    expect(stderr).toContain('nowhere.invalid has no address')
    expect(exitCode).toBe(3)
  })
  test('its certificate is nobody’s, unless that is accepted', async () => {
    const tls = await startTls()
    const args = ['run', 'smoke', '--engine', 'embedded', '--target', tls.url, '--duration', '2s']
    const refused = await perf(args, { cwd: folder() })
    expect(refused.stderr).toContain('gave no answer before the load: tls')
    expect(refused.exitCode).toBe(3)
    expect((await perf([...args, '--insecure'], { cwd: folder() })).exitCode).toBe(0)
    await tls.stop()
  })
})

describe('load that must not be is refused with 4', () => {
  test.each([
    { what: 'a host that is not listed', args: ['--target', 'http://203.0.113.7'], says: '203.0.113.7 is not in targets.allow of the configuration.' },
    { what: 'a private address that is not listed', args: ['--target', 'http://10.0.0.1'], says: '10.0.0.1 is not in targets.allow' },
    { what: 'a rate beyond the hard ceiling', args: ['--rate', '300000/s'], says: 'One machine offers at most 200000/s, and nothing lifts that.' },
    { what: 'a run beyond the hard ceiling', args: ['--duration', '100h'], says: 'A run lasts at most 72h, and nothing lifts that.' },
  ])('$what', async ({ args, says }) => {
    const { exitCode, stderr } = await perf(['run', 'baseline', ...(args.includes('--target') ? [] : ['--target', target.url]), ...args], { cwd: folder() })
    expect(stderr).toContain(says)
    expect(exitCode).toBe(4)
  })
  test('a listed host without a yes, where there is no terminal to ask at', async () => {
    const entry = { host: '203.0.113.7', owner: 'us', environment: 'test', maxRate: '10/s', maxDuration: '1m', expires: '2099-01-01' }
    const { exitCode, stderr } = await perf(['run', 'smoke', '--target', 'http://203.0.113.7'], {
      cwd: folder({ 'perf.config.json': JSON.stringify({ targets: { allow: [entry] } }) }),
    })
    expect(stderr).toContain('was not confirmed, and there is no terminal to ask at')
    expect(exitCode).toBe(4)
  })
})

/** Until the first line of progress, which tells of ten seconds. */
const untilTold = ({ stderr }: { readonly stderr: NodeJS.ReadableStream }): Promise<void> =>
  new Promise((resolve) => {
    stderr.on('data', (chunk: unknown) => {
      if (/ failed · /.test(String(chunk))) resolve()
    })
  })

const childrenOf = (pid: number | undefined): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`)

const engines = ['embedded', ...(k6 ? ['k6'] : [])]
describe.each(engines)('during the load, with %s', (engine) => {
  const args = ['run', 'baseline', '--engine', engine, ...short]

  test('a journey that throws on every iteration ends with 2 and its own line', async () => {
    const cwd = folder({
      'a.ts': scenario(
        'async ({ http }) => {\n  const page = await http.get("/")\n  const cart = undefined as unknown as { items: number }\n  return page.status + cart.items\n}',
      ),
    })
    const { exitCode, stderr } = await perf([...args, '--duration', '10s', '--target', target.url, '--scenario', 'a.ts'], { cwd })
    expect(stderr).toMatch(/a\.ts:6/)
    expect(stderr).toContain("Cannot read property 'items' of undefined".slice(0, 16))
    expect(exitCode).toBe(2)
  })

  test('a target that dies is a failed budget, and the load is stopped', async () => {
    const dying = await startDying(100)
    const cwd = folder()
    const { exitCode, stdout } = await perf(['run', 'baseline', '--engine', engine, '--rate', '40/s', '--duration', '60s', '--target', dying.url], {
      cwd,
      timeout: 100_000,
    })
    await dying.stop()
    expect(stdout).toMatch(/FAIL/)
    expect(exitCode).toBe(1)
    const run = JSON.parse(readFileSync(join(cwd, 'perf-results', 'latest', 'run.json'), 'utf8'))
    expect(run.ending.state).toBe('stopped')
    expect(run.durationSeconds).toBeLessThan(45)
    expect(run.load.planned).toBe(run.load.started + run.load.dropped)
  })

  test('a redirect that leaves the allow-list is not followed', async () => {
    const server = createServer((_, response) => response.writeHead(302, { location: 'http://203.0.113.7/elsewhere' }).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const cwd = folder()
    await perf([...args, '--target', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], { cwd })
    server.close()
    const summary = JSON.parse(readFileSync(join(cwd, 'perf-results', 'latest', 'summary.json'), 'utf8'))
    expect(summary.errors.map(({ kind }: { kind: string }) => kind)).toEqual(['blocked'])
  })

  test('Ctrl-C once keeps what was measured and ends with 130', async () => {
    const cwd = folder()
    const running = perf(['run', 'baseline', '--engine', engine, '--rate', '50/s', '--duration', '60s', '--target', target.url], { cwd })
    await wait(6000)
    running.kill('SIGINT')
    const { exitCode, stdout, stderr } = await running
    expect(stderr).toContain('Stopping the load; what was measured is kept.')
    expect(exitCode).toBe(130)
    expect(stdout).not.toBe('')
    const run = JSON.parse(readFileSync(join(cwd, 'perf-results', 'latest', 'run.json'), 'utf8'))
    expect(run.ending.state).toBe('interrupted')
    expect(run.load.completed).toBeGreaterThan(10)
    expect(run.load.planned).toBe(run.load.started + run.load.dropped)
    expect(existsSync(join(cwd, 'perf-results', 'latest', 'report.html'))).toBe(true)
  })

  test('Ctrl-C twice does not wait for journeys under way', async () => {
    const slow = await startConstantDelay(20_000)
    // The preflight waits for its answer too, so the target is asked through a page that is quick.
    const cwd = folder({ 'a.ts': scenario('async ({ http }) => { await http.get(slow) }', `const slow = '${slow.url}'`) })
    const running = perf(['run', 'baseline', '--engine', engine, '--rate', '20/s', '--duration', '60s', '--target', target.url, '--scenario', 'a.ts'], { cwd })
    await wait(5000)
    running.kill('SIGINT')
    await wait(1000)
    const before = Date.now()
    running.kill('SIGINT')
    const { exitCode } = await running
    await slow.stop()
    expect(Date.now() - before).toBeLessThan(10_000)
    expect(exitCode).toBe(130)
  })
})

// These wait for ten seconds to tell of, one of them for a patience of thirty besides, at a few requests per second: side by side.
test.concurrent.each(engines)(
  'perf itself killed in mid-run, with %s: the run is there as far as it went, marked incomplete',
  async (engine) => {
    const cwd = folder()
    const running = perf(['run', 'baseline', '--engine', engine, '--rate', '40/s', '--duration', '60s', '--target', target.url], { cwd, timeout: 100_000 })
    await untilTold(running)
    const begun = JSON.parse(readFileSync(join(cwd, 'perf-results', 'latest', 'run.partial.json'), 'utf8'))
    const told = (Date.now() - Date.parse(begun.startedAt)) / 1000
    const started = childrenOf(running.pid)
    running.kill('SIGKILL')
    await running
    const { stdout, exitCode } = await perf(['report', 'latest', '--format', 'json'], { cwd })
    expect(exitCode).toBe(0)
    const summary = JSON.parse(stdout)
    expect(summary.validity).not.toBe('VALID') // SUSPECT by the next line; a starved machine makes it INVALID besides
    expect(summary.caveats.map(({ code }: { code: string }) => code)).toContain('incomplete')
    expect(summary.load.planned).toBe(summary.load.started + summary.load.dropped)
    expect(summary.durationSeconds).toBeGreaterThanOrEqual(told - 10)
    // k6 loses the pipe it writes to with its parent, and ends when it has something to say about figures that nobody takes.
    await vi.waitFor(() => expect(started.filter(isAlive)).toEqual([]), { timeout: 30_000, interval: 100 })
  },
  120_000,
)

describe.skipIf(!k6).concurrent('k6 in mid-run', () => {
  /** Waits until the run's k6 has told of ten seconds, and hands its process id to `act`. */
  const whileK6Runs = async (cwd: string, act: (pid: number) => void) => {
    const running = perf(['run', 'baseline', '--engine', 'k6', '--rate', '40/s', '--duration', '60s', '--target', target.url], { cwd, timeout: 150_000 })
    await untilTold(running)
    const pid = childrenOf(running.pid).find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0')[0]?.endsWith('k6'))
    expect(pid).toBeGreaterThan(0)
    act(pid ?? 0)
    return running
  }

  test('killed: what was measured is kept, and it ends with 5', async () => {
    const cwd = folder()
    const { exitCode, stdout } = await whileK6Runs(cwd, (pid) => process.kill(pid, 'SIGKILL'))
    expect(exitCode).toBe(5)
    expect(stdout).toMatch(/NO VERDICT/)
    expect(JSON.parse(readFileSync(join(cwd, 'perf-results', 'latest', 'run.json'), 'utf8')).load.completed).toBeGreaterThan(20)
  })

  test('hanging: it is ended, what was measured is kept, and it ends with 5', async () => {
    const cwd = folder()
    const { exitCode } = await whileK6Runs(cwd, (pid) => process.kill(pid, 'SIGSTOP'))
    expect(exitCode).toBe(5)
    expect(JSON.parse(readFileSync(join(cwd, 'perf-results', 'latest', 'run.json'), 'utf8')).validity.state).toBe('INVALID')
  })
})

describe('k6 itself', () => {
  /** A program that calls itself k6 of some version. */
  const calledK6 = (version: string): string => {
    const path = join(folder(), 'k6')
    writeFileSync(path, `#!/bin/sh\necho '{"version":"${version}"}'\n`)
    chmodSync(path, 0o755)
    return path
  }

  test('missing: a clear sentence on how to get one', async () => {
    const { exitCode, stderr } = await perf(['run', 'smoke', '--engine', 'k6', '--target', target.url], {
      cwd: folder(),
      env: { PATH: '/nonexistent', XDG_CACHE_HOME: folder(), HOME: folder() },
    })
    expect(stderr).toMatch(/k6.*perf k6 install/s)
    expect(exitCode).toBe(5)
  })

  test('missing, with --engine auto: the embedded engine is taken, and that is said', async () => {
    const { exitCode, stderr } = await perf(['run', 'smoke', '--duration', '2s', '--target', target.url], {
      cwd: folder(),
      env: { PATH: '/nonexistent', XDG_CACHE_HOME: folder(), HOME: folder() },
    })
    expect(stderr).toMatch(/engine\s+embedded: no k6/)
    expect(exitCode).toBe(0)
  })

  test('too old: refused with its version', async () => {
    const { exitCode, stderr } = await perf(['run', 'smoke', '--engine', 'k6', '--target', target.url], {
      cwd: folder(),
      env: { PERF_K6: calledK6('v0.49.0') },
    })
    expect(stderr).toContain('0.49.0')
    expect(exitCode).toBe(5)
  })

  test.skipIf(!k6)('a port that is in use disturbs nobody: k6’s own default one', async () => {
    const server = createServer((_, response) => response.end('mine'))
    const free = await new Promise<boolean>((resolve) => server.once('error', () => resolve(false)).listen(6565, '127.0.0.1', () => resolve(true)))
    const { exitCode } = await perf(['run', 'smoke', '--engine', 'k6', '--duration', '3s', '--target', target.url], { cwd: folder() })
    if (free) server.close()
    expect(exitCode).toBe(0)
  })
})

test.skipIf(process.platform === 'win32')('a reader that leaves early, as head does, is no crash', async () => {
  const { stderr, stdout } = await execa('bash', ['-c', '"$0" "$1" --help | true; echo "code $PIPESTATUS"', process.execPath, cli])
  expect([stdout, stderr]).toEqual(['code 0', ''])
})
