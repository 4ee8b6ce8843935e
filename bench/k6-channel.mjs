/**
 * How much of bare k6's load is left when this package's k6 engine runs the same request, and does its channel lose any?
 * Closed loop at full speed on one core, the variants in turns: bare `k6 run` · an existing script · a journey of the authoring API.
 *
 *   npm run build && node bench/k6-channel.mjs [--seconds 10] [--rounds 3] [--users 10]
 *
 * Linux: `taskset` keeps k6 on the first core, and everything else on the second.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findK6 } from '../dist/runner/engines/k6/find.js'
import { k6Engine } from '../dist/runner/engines/k6/k6.js'
import { constant } from '../dist/scenarios/shapes.js'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
// This program receives k6's pushes; on k6's core it would take from what is measured.
execFileSync('taskset', ['-acp', '1', String(process.pid)])

const [seconds, rounds, users] = [flag('seconds', 10), flag('rounds', 3), flag('users', 10)]

/** A server that costs next to nothing, so that k6 is what is measured: answers each head with the same bytes. */
const server = `
  const answer = Buffer.from('HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok')
  let count = 0
  process.on('message', () => { process.send({ count }); count = 0 })
  require('node:net').createServer((socket) => { socket.setNoDelay(); socket.on('error', () => {}); socket.on('data', () => { count += 1; socket.write(answer) }) })
    .listen(0, '127.0.0.1', function () { process.send({ port: this.address().port }) })`

const found = await findK6({ env: process.env })
if (found.kind !== 'found') throw found.error
const folder = mkdtempSync(join(tmpdir(), 'perf-bench-'))
const pinned = join(folder, 'k6')
writeFileSync(pinned, `#!/bin/sh\nexec taskset -c 0 ${found.path} "$@"\n`)
chmodSync(pinned, 0o755)

const child = spawn('taskset', ['-c', '1', process.execPath, '-e', server], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
const told = () => new Promise((resolve) => child.once('message', resolve))
const { port } = await told()
const counted = async () => {
  const answer = told()
  child.send('count')
  return (await answer).count
}
const target = `http://127.0.0.1:${port}`

const script = join(folder, 'script.js')
writeFileSync(
  script,
  `import http from 'k6/http'\nexport const options = { vus: ${users}, duration: '${seconds}s' }\nexport default function () { http.get('${target}/') }\n`,
)
const scenario = join(folder, 'scenario.mjs')
writeFileSync(
  scenario,
  `import { journey, scenario } from 'scale-surgeon'\nexport default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/') })] })\n`,
)

const bare = async () => {
  await promisify(execFile)(pinned, ['run', '--quiet', '--address', '', script], { env: { PATH: process.env.PATH, HOME: folder, K6_NO_USAGE_REPORT: 'true' } })
  return undefined
}

const engine = async (source, change) => {
  const workshop = join(folder, 'job')
  mkdirSync(workshop)
  const shape = constant({ rate: '1/s', duration: `${seconds}s` })
  const plan = {
    ...{
      id: 'bench',
      test: 'custom',
      source,
      journeys: [{ name: 'one', weight: 1 }],
      target: { url: target, hostname: '127.0.0.1', addresses: ['127.0.0.1'] },
    },
    ...{ boundary: { hosts: [] }, shape, planned: seconds, engine: { name: 'k6', because: 'bench' }, seed: 1, workers: 1, users, gracefulStop: 5 },
    ...{ env: {}, secretNames: [], headers: {}, keepCookies: false, insecure: false },
  }
  let requests = 0
  const job = await k6Engine({ path: pinned, version: found.version }).prepare(plan, { folder: workshop, secrets: {}, feeds: [], log: () => {} })
  change?.(join(workshop, 'options.json'))
  const never = new AbortController().signal
  const second = ({ cells = [] }) => {
    for (const { count } of cells) requests += count
  }
  await job.run({ started: () => {}, second }, { stop: never, kill: never })
  rmSync(workshop, { recursive: true })
  return requests
}

/** The engine makes open load only; for this comparison its options are exchanged for a closed loop of the same code. */
const closed = (file) => {
  const options = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...options, scenarios: { load: { executor: 'constant-vus', exec: 'arrive', vus: users, duration: `${seconds}s` } } }))
}
const variants = {
  'bare k6': bare,
  'existing script': () => engine({ kind: 'script', file: script, keepOptions: true }),
  journey: () => engine({ kind: 'scenario', file: scenario, k6Modules: [] }, closed),
}

const totals = Object.fromEntries(Object.keys(variants).map((name) => [name, 0]))
for (let round = 1; round <= rounds; round += 1) {
  for (const [name, run] of Object.entries(variants)) {
    await counted()
    const requests = await run()
    const seen = await counted()
    totals[name] += seen
    console.log(
      `round ${round}  ${name.padEnd(16)} ${String(seen).padStart(8)} requests at the server${requests === undefined ? '' : `, ${requests} by the channel`}`,
    )
  }
}
for (const [name, total] of Object.entries(totals)) console.log(`${name.padEnd(16)} ${(total / totals['bare k6']).toFixed(3)} of bare k6`)
child.kill()
rmSync(folder, { recursive: true })
