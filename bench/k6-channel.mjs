/**
 * How much of bare k6's load is left when this package's k6 engine sends the same requests, and what does the harness beside it take?
 * Closed loop at full speed on one core, the variants in turns: bare `k6 run` · an existing script · journeys of the authoring API.
 *
 *   npm run build && node bench/k6-channel.mjs [--seconds 10] [--rounds 3] [--users 10]
 *
 * Linux: `taskset` keeps k6 on the first core, and everything else on the second.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findK6 } from '../dist/runner/engines/k6/find.js'
import { k6Engine } from '../dist/runner/engines/k6/k6.js'
import { Timeline } from '../dist/runner/timeline.js'
import { constant } from '../dist/scenarios/shapes.js'

/** A server that costs next to nothing, so that k6 is what is measured: answers each head with the same bytes. */
const server = `
  const answer = Buffer.from('HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok')
  let count = 0
  process.on('message', () => { process.send({ count }); count = 0 })
  require('node:net').createServer((socket) => { socket.setNoDelay(); socket.on('error', () => {}); socket.on('data', () => { count += 1; socket.write(answer) }) })
    .listen(0, '127.0.0.1', function () { process.send({ port: this.address().port }) })`

const startServer = async () => {
  const child = spawn('taskset', ['-c', '1', process.execPath, '-e', server], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const told = () => new Promise((resolve) => child.once('message', resolve))
  const { port } = await told()
  const counted = async () => {
    const answer = told()
    child.send('count')
    return (await answer).count
  }
  return { target: `http://127.0.0.1:${port}`, counted, stop: () => child.kill() }
}

const steps = ['/', '/search', '/item', '/cart', '/done']

/** The same five requests with a check each, for k6 as it is and for the authoring API. */
const sources = (target, { seconds, users }) => {
  const options = `export const options = { vus: ${users}, duration: '${seconds}s' }\n`
  const scenario = (journey) => `import { journey, scenario } from 'scale-surgeon'\nexport default scenario({ journeys: [journey('one', ${journey})] })\n`
  return {
    'script.js': `import http from 'k6/http'\n${options}export default function () { http.get('${target}/') }\n`,
    'steps.js': `import http from 'k6/http'\nimport { check } from 'k6'\n${options}export default function () {\n${steps
      .map((path) => `  check(http.get('${target}${path}'), { 'is there': (r) => r.status === 200 })\n`)
      .join('')}}\n`,
    'synchronous.mjs': scenario(`({ http }) => http.get('/')`),
    'awaited.mjs': scenario(`async ({ http }) => { await http.get('/') }`),
    'uncompiled.mjs': scenario(`async ({ http }) => { await http.get('/'); await null }`),
    'steps.mjs': scenario(
      `async ({ http, check }) => {\n${steps.map((path) => `  check(await http.get('${path}'), { 'is there': (r) => r.status === 200 })\n`).join('')}}`,
    ),
  }
}

/** CPU seconds of this program's children that have ended, in steps of 10 ms. */
const childrenTime = () => {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}

const planOf = (source, target, { seconds, users }) => ({
  ...{ id: 'bench', test: 'custom', source, journeys: [{ name: 'one', weight: 1 }] },
  ...{ target: { url: target, hostname: '127.0.0.1', addresses: ['127.0.0.1'] }, boundary: { hosts: [] } },
  ...{ shape: constant({ rate: '1/s', duration: `${seconds}s` }), planned: seconds, engine: { name: 'k6', because: 'bench' } },
  ...{ seed: 1, workers: 1, users, gracefulStop: 5, env: {}, secretNames: [], headers: {}, keepCookies: false, insecure: false },
})

const bench = async ({ k6, folder, target, seconds, users }) => {
  const pinned = join(folder, 'k6')
  writeFileSync(pinned, `#!/bin/sh\nexec taskset -c 0 ${k6.path} "$@"\n`)
  chmodSync(pinned, 0o755)
  for (const [name, text] of Object.entries(sources(target, { seconds, users }))) writeFileSync(join(folder, name), text)

  const bare = (script) => async () => {
    const env = { PATH: process.env.PATH, HOME: folder, K6_NO_USAGE_REPORT: 'true' }
    await promisify(execFile)(pinned, ['run', '--quiet', '--address', '', join(folder, script)], { env })
    return {}
  }
  /** The engine makes open load only; for this comparison its options are exchanged for a closed loop of the same code. */
  const closed = (file) => {
    const options = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...options, scenarios: { load: { executor: 'constant-vus', exec: 'arrive', vus: users, duration: `${seconds}s` } } }))
  }
  const engine = (source) => async () => {
    const workshop = join(folder, 'job')
    mkdirSync(workshop)
    const timeline = new Timeline()
    let requests = 0
    const second = (part) => {
      timeline.add(part)
      for (const { count } of part.cells ?? []) requests += count
    }
    const job = await k6Engine({ path: pinned, version: k6.version }).prepare(planOf(source, target, { seconds, users }), {
      ...{ folder: workshop, secrets: {}, feeds: [], log: () => {} },
    })
    if (source.kind === 'scenario') closed(join(workshop, 'options.json'))
    const never = new AbortController().signal
    const [cpu, from] = [process.cpuUsage(), performance.now()]
    await job.run({ started: () => {}, second }, { stop: never, kill: never })
    const { user, system } = process.cpuUsage(cpu)
    rmSync(workshop, { recursive: true })
    return { requests, harness: (user + system) / 1000 / (performance.now() - from) }
  }
  const journey = (file) => engine({ kind: 'scenario', file: join(folder, file), k6Modules: [] })
  return [
    { name: 'bare k6', against: 'bare k6', run: bare('script.js') },
    { name: 'existing script', against: 'bare k6', run: engine({ kind: 'script', file: join(folder, 'script.js'), keepOptions: true }) },
    { name: 'synchronous journey', against: 'bare k6', run: journey('synchronous.mjs') },
    { name: 'awaited journey', against: 'bare k6', run: journey('awaited.mjs') },
    { name: 'awaited, not compiled', against: 'bare k6', run: journey('uncompiled.mjs') },
    { name: 'bare k6, five steps', against: 'bare k6, five steps', run: bare('steps.js') },
    { name: 'five steps with checks', against: 'bare k6, five steps', run: journey('steps.mjs') },
  ]
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/**
 * @returns a row for each variant: medians over the rounds. `lost` counts requests that the server saw and the channel did not tell.
 */
export const run = async ({ seconds = 10, rounds = 3, users = 10, log = () => {} } = {}) => {
  // This program receives k6's pushes; on k6's core it would take from what is measured.
  execFileSync('taskset', ['-acp', '1', String(process.pid)])
  const k6 = await findK6({ env: process.env })
  if (k6.kind !== 'found') throw k6.error
  const folder = mkdtempSync(join(tmpdir(), 'perf-bench-'))
  const { target, counted, stop } = await startServer()
  const variants = await bench({ k6, folder, target, seconds, users })
  const measured = new Map(variants.map(({ name }) => [name, []]))
  for (let round = 1; round <= rounds; round += 1) {
    for (const variant of variants) {
      await counted()
      const before = childrenTime()
      const { requests, harness } = await variant.run()
      const one = { requests: await counted(), told: requests, cpu: childrenTime() - before, harness }
      measured.get(variant.name).push(one)
      log(`round ${round}  ${variant.name.padEnd(24)} ${String(one.requests).padStart(8)} requests`)
    }
  }
  stop()
  rmSync(folder, { recursive: true })
  const of = (name, field) => median(measured.get(name).map(field))
  return variants.map(({ name, against }) => ({
    name,
    against,
    requests: of(name, ({ requests }) => requests),
    ratio: of(name, ({ requests }) => requests) / of(against, ({ requests }) => requests),
    cpuPerMillion: of(name, ({ cpu, requests }) => (cpu * 1e6) / requests),
    ...(measured.get(name)[0].told !== undefined && {
      lost: measured.get(name).reduce((sum, { requests, told }) => sum + requests - told, 0),
      harness: of(name, ({ harness }) => harness),
    }),
  }))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flag = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`)
    return at < 0 ? fallback : Number(process.argv[at + 1])
  }
  const rows = await run({ seconds: flag('seconds', 10), rounds: flag('rounds', 3), users: flag('users', 10), log: (line) => console.log(line) })
  for (const { name, requests, ratio, cpuPerMillion, lost, harness } of rows)
    console.log(
      `${name.padEnd(24)} ${ratio.toFixed(3)} of bare k6  ${String(requests).padStart(8)} requests  ${cpuPerMillion.toFixed(1).padStart(6)} CPU s/million${
        harness === undefined ? '' : `  harness ${(100 * harness).toFixed(1)} % of a core  ${lost} lost`
      }`,
    )
}
