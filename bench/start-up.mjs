/**
 * How long a person waits: `perf --help`, and from Enter to the first request of the load at the target, beside bare `k6 run`.
 * The variants take turns. k6's load begins with a whole second of the wall clock, so the rounds begin at even steps through a second.
 *
 *   npm run build && node bench/start-up.mjs [--rounds 10]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findK6 } from '../dist/runner/engines/k6/find.js'
import { median } from './median.mjs'

/** A target that notes when it was first asked, by whom. */
const startTarget = async () => {
  let first = {}
  const server = createServer((request, response) => {
    first[/; (preflight|pilot)\)$/.exec(request.headers['user-agent'] ?? '')?.[1] ?? 'load'] ??= performance.now()
    response.end('ok')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Moments by phase: preflight, pilot, load; those before are forgotten. */
    taken: () => {
      const moments = first
      first = {}
      return moments
    },
    stop: () => server.close(),
  }
}

/** Milliseconds until the process ended, and until the target's first request of each phase. */
const timed = async (target, command, parameters, options) => {
  target.taken()
  const from = performance.now()
  const child = spawn(command, parameters, { stdio: 'ignore', ...options })
  await once(child, 'exit')
  const ended = performance.now() - from
  return { ended, ...Object.fromEntries(Object.entries(target.taken()).map(([phase, at]) => [phase, at - from])) }
}

const scriptOf = (url, rate, users) => `import http from 'k6/http'
export const options = { discardResponseBodies: true, scenarios: { load: {
  executor: 'constant-arrival-rate', rate: ${rate}, timeUnit: '1s', duration: '1s', gracefulStop: '1s', preAllocatedVUs: ${users}, maxVUs: ${users} } } }
export default function () { http.get('${url}/') }
`

/** @returns rows of {figure, unit, median, values, because}; k6's are left out where there is no k6 */
export const run = async ({ rounds = 10, cli = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url)) } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'perf-start-up-'))
  const target = await startTarget()
  const scenario = join(folder, 'scenario.mjs')
  writeFileSync(
    scenario,
    `import { constant, journey, scenario } from 'scale-surgeon'\nexport default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/') })] })\n`,
  )
  const found = await findK6({ env: process.env })
  const perf = (...parameters) => timed(target, process.execPath, [cli, ...parameters], { cwd: folder })
  const load = (engine, rate) => perf('run', 'smoke', '--engine', engine, '--target', target.url, '--scenario', scenario, '--rate', `${rate}/s`, '-d', '1s')
  const bare = async (rate, users) => {
    const script = join(folder, 'script.js')
    writeFileSync(script, scriptOf(target.url, rate, users))
    return timed(target, found.path, ['run', '--quiet', '--address', '', script], { cwd: folder, env: { HOME: folder, K6_NO_USAGE_REPORT: 'true' } })
  }
  const variants = {
    'node itself': { take: () => timed(target, process.execPath, ['-e', '0'], {}), of: 'ended' },
    'perf --help': { take: () => perf('--help'), of: 'ended' },
    'embedded, 20/s': { take: () => load('embedded', 20), of: 'load' },
    'embedded, 1,000/s, rehearsed': { take: () => load('embedded', 1000), of: 'load' },
    ...(found.kind === 'found' && {
      'k6, 20/s, 80 users and a pilot': { take: () => load('k6', 20), of: 'load' },
      'bare k6, 20/s, 80 users': { take: () => bare(20, 80), of: 'load' },
      'k6, 200/s, 800 users and a pilot': { take: () => load('k6', 200), of: 'load' },
      'bare k6, 200/s, 800 users': { take: () => bare(200, 800), of: 'load' },
    }),
  }
  const values = Object.fromEntries(Object.keys(variants).map((name) => [name, []]))
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, { take, of }] of Object.entries(variants)) {
        const phase = (1000 * (round + 0.5)) / rounds
        await wait((phase - (Date.now() % 1000) + 1000) % 1000)
        const value = (await take())[of]
        if (value === undefined) throw new Error(`${name} sent no load. It should have sent a request to ${target.url}. Run it by hand.`)
        values[name].push(value)
      }
    }
  } finally {
    target.stop()
    rmSync(folder, { recursive: true })
  }
  return Object.entries(values).map(([figure, times]) => ({ figure, unit: 'ms', median: median(times), values: times }))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flag = (name) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined)
  const rows = await run({ rounds: Number(flag('rounds') ?? 10), ...(flag('cli') && { cli: flag('cli') }) })
  console.log(`${'from Enter, in ms'.padEnd(34)} median   least    most`)
  for (const { figure, median: middle, values } of rows)
    console.log(`${figure.padEnd(34)}${[middle, Math.min(...values), Math.max(...values)].map((value) => value.toFixed(0).padStart(7)).join(' ')}`)
}
