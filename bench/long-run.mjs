/**
 * What a long run costs: memory while it goes on, and time from the end of its load to the end of its report.
 * A made-up load tells an hour of seconds as fast as they are taken, so no second is waited for and no target is needed.
 *
 *   npm run build && node bench/long-run.mjs [--hours 1] [--endpoints 50] [--each 20] [--series 200]
 *
 * `--each`: requests of each endpoint in each second. `--series`: probes' series, one reading a second; from three quarters of the run on
 * answers then take three times as long, so that what broke first is looked for in all of them. Then `perf list`, `perf report` and a replay are timed on the run's folder.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readDefaultBudgets } from '../dist/budgets/read.js'
import { stopRulesFor } from '../dist/budgets/stop-rules.js'
import { reportOn, writeReports } from '../dist/runner/commands/write-results.js'
import { execute } from '../dist/runner/execute.js'
import { HistogramRecorder } from '../dist/runner/stats/histogram.js'
import { fileStore } from '../dist/runner/stores/files/file-store.js'
import { journalIn } from '../dist/runner/stores/files/journal.js'
import { constant } from '../dist/scenarios/shapes.js'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const [hours, endpoints, each, series] = [flag('hours', 1), flag('endpoints', 50), flag('each', 20), flag('series', 0)]
const length = Math.round(hours * 3600)

/** Mulberry32: the same load every time. */
let state = 1
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}
/** Log-normal around a median, as answers of web servers roughly are. */
const timeAround = (median) => median * Math.exp(0.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))

const [responses, services, setups] = [new HistogramRecorder(), new HistogramRecorder(), new HistogramRecorder()]
const cellOf = (endpoint, outcome, count, median) => {
  for (let request = 0; request < count; request++) {
    const time = timeAround(median)
    responses.add(time + random() * 0.2)
    services.add(time)
    setups.add(random() < 0.01 ? 1.5 : 0)
  }
  const isSuccess = outcome === 'success'
  return {
    endpoint: `GET /section-${endpoint}/page`,
    outcome,
    count,
    statuses: { [isSuccess ? 200 : 503]: count },
    errors: isSuccess ? {} : { 'HTTP 503': count },
    responseTime: responses.take(),
    serviceTime: services.take(),
    setupTime: setups.take(),
  }
}
const histogramAround = (count, median) => {
  for (let sample = 0; sample < count; sample++) responses.add(timeAround(median))
  return responses.take()
}
const secondOf = (second) => {
  const journeys = Math.round((endpoints * each) / 5)
  const cells = Array.from({ length: endpoints }, (_, endpoint) => [
    cellOf(endpoint, 'success', each, (20 + endpoint) * (isBroken(second) ? 3 : 1)),
    ...(random() < 0.0005 * each ? [cellOf(endpoint, 'failure', 1, 5)] : []),
  ]).flat()
  return {
    second,
    planned: journeys,
    started: journeys,
    dropped: 0,
    iterations: { completed: journeys, failed: 0, interrupted: 0, unavailable: 0 },
    users: 200,
    lag: histogramAround(journeys, 0.2),
    journeyTime: { browse: histogramAround(journeys / 2, 300), buy: histogramAround(journeys / 2, 700) },
    cells,
    checks: { 'has a price': { passed: journeys, failed: 0 } },
    groups: { checkout: histogramAround(journeys / 10, 90) },
    metrics: {},
    bytesReceived: 1000 * journeys,
    bytesSent: 200 * journeys,
  }
}

const isBroken = (second) => series > 0 && second >= 0.75 * length
/** Half of them with a limit, each at a level of its own, none of them full. */
const seriesAt = (number) => ({
  name: `service-${number % 20}.reading_${number}`,
  unit: 'count',
  limit: number % 2 === 0 ? 1000 : null,
  at: Array.from({ length }, (_, second) => second),
  values: Array.from({ length }, (_, second) => Math.round((100 + number) * (1 + 0.1 * random()) * (isBroken(second) && number % 10 === 0 ? 2 : 1))),
})

const megabytes = (bytes) => Math.round(bytes / 1e6)
const memory = []
let [made, ended] = [0, 0]
let used = process.cpuUsage()
const load = {
  name: 'replay', // settles a second as soon as it is told
  prepare: async () => ({
    run: async (watcher) => {
      watcher.started(Date.now())
      for (let second = 0; second < length; second++) {
        const from = performance.now()
        const told = secondOf(second)
        made += performance.now() - from
        watcher.second(told)
        await watcher.caughtUp?.()
        await breathe()
        if ((second + 1) % Math.round(length / 6) === 0) {
          globalThis.gc?.()
          const { rss, heapUsed, external } = process.memoryUsage()
          memory.push({ minute: (second + 1) / 60, 'RSS MB': megabytes(rss), 'heap MB': megabytes(heapUsed), 'external MB': megabytes(external) })
        }
      }
      ended = performance.now()
      used = process.cpuUsage()
      return { state: 'completed', because: '', version: '1', exitCode: 0, caveats: [] }
    },
  }),
}

const out = mkdtempSync(join(tmpdir(), 'perf-long-run-'))
const store = fileStore(out, process.cwd())
const plan = {
  id: 'long-run',
  test: 'soak',
  target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] },
  engine: { name: 'replay', because: 'a bench' },
  users: 200,
  journeys: [
    { name: 'browse', weight: 1 },
    { name: 'buy', weight: 1 },
  ],
  shape: constant({ rate: `${Math.round((endpoints * each) / 5)}/s`, duration: `${length}s` }),
}
const provenance = {
  version: '0',
  node: process.version,
  platform: process.platform,
  cpus: { model: 'any', count: 2 },
  memoryBytes: 0,
  gitCommit: null,
  seed: 1,
  command: ['bench'],
  configuration: {},
}

const watched = Array.from({ length: series }, (_, number) => seriesAt(number))
const folder = await store.open(plan.id)
const journal = journalIn(folder)
const began = performance.now()
const signal = new AbortController().signal
const { run: measured } = await execute({
  plan,
  engine: load,
  secrets: {},
  feeds: [],
  probes: [],
  stopRules: stopRulesFor(plan),
  provenance,
  scenarioFile: null,
  log: () => {},
  journal,
  redact: (text) => text,
  onSecond: () => {},
  signals: { stop: signal, kill: signal },
})
const run = { ...measured, probes: [...measured.probes, ...watched] }
const steps = { 'totals and validity': performance.now() }
const isTimelineKept = await journal.close()
steps['last seconds on disk'] = performance.now()
await store.save(run, folder, isTimelineKept)
steps['run saved'] = performance.now()
let judging = process.cpuUsage()
const report = reportOn(run, await readDefaultBudgets())
steps['judged and composed'] = performance.now()
judging = process.cpuUsage(judging)
await writeReports(report, folder)
steps['reports written'] = performance.now()
const { user, system } = process.cpuUsage(used)

console.log(`${length} s × ${endpoints} endpoints × ${each} requests: ${run.load.completed} requests`)
console.table(memory)
console.log(`packed: ${(run.timeline.packedBytes / length / 1000).toFixed(1)} kB a second of load`)
console.log(`peak RSS ${megabytes(process.resourceUsage().maxRSS * 1024)} MB`)
console.log(`taking in: ${((ended - began - made) / length).toFixed(2)} ms a second of load`)
let before = ended
for (const [step, at] of Object.entries(steps)) {
  console.log(`  ${step.padEnd(22)} ${Math.round(at - before)} ms`)
  before = at
}
console.log(`judged and composed: ${((judging.user + judging.system) / 1e6).toFixed(2)} s of CPU; what broke first: ${report.findings?.attribution.because}`)
console.log(`end of load to all reports: ${((before - ended) / 1000).toFixed(2)} s, of which ${((user + system) / 1e6).toFixed(2)} s of CPU`)
for (const file of readdirSync(folder)) console.log(`  ${file.padEnd(22)} ${(statSync(join(folder, file)).size / 1e6).toFixed(2)} MB`)

const perf = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url))
for (const args of [
  ['list'],
  ['report', 'long-run'],
  ['report', 'long-run', '--format', 'html', '-o', join(out, 'again.html')],
  ['run', '--engine', 'replay', '--from', 'long-run'],
]) {
  const from = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [perf, ...args, '--out', out], { cwd: out, encoding: 'utf8' })
  console.log(
    `perf ${args.slice(0, 3).join(' ').padEnd(32)} ${((performance.now() - from) / 1000).toFixed(2)} s, exit code ${status}${status > 3 ? stderr : ''}`,
  )
}
if (process.argv.includes('--keep')) console.log(out)
else rmSync(out, { recursive: true })
