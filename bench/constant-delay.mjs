/**
 * Do the engines measure what is so? Each against servers that answer after 5, 50 and 500 ms, held beside how long the server
 * really held its answers, and beside a bare client: forty lines of node:http at the same rate, counted from the due time.
 * What lies between the server and the bare client is the machine's (loopback, waking up two processes); it is in every client's
 * figure, so an engine is held to the bare client, and the server's own clock stands beside it.
 *
 *   npm run build && node bench/constant-delay.mjs [--seconds 10] [--rate 100]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const [seconds, rate] = [flag('seconds', 10), flag('rate', 100)]
const file = (path) => fileURLToPath(new URL(path, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'perf-bench-'))
// Thirty requests at once when a connection is slow would measure the queue in front of one core: the rate falls with the delay.
writeFileSync(
  join(folder, 'scenario.mjs'),
  `import { constant, journey, scenario } from 'scale-surgeon'
   export default scenario({ shape: constant({ rate: '${rate}/s', duration: '${seconds}s' }), journeys: [journey('one', ({ http }) => http.get('/'))] })`,
)

const startServer = async (delay) => {
  const child = fork(file('../test/targets/child.mjs'), [JSON.stringify({ service: { constant: delay } })], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ port }] = await once(child, 'message')
  const ask = async () => {
    const answer = once(child, 'message')
    child.send({ id: 1 })
    return (await answer)[0]
  }
  return { url: `http://127.0.0.1:${port}`, ask, stop: () => child.disconnect() }
}

const quantileOf = (sorted, p) => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]

/** Open model like the engines': timers set from the schedule, answers awaited by nobody. */
const bareClient = async (url) => {
  const agent = new Agent({ keepAlive: true })
  const times = []
  const start = performance.now() + 100
  let open = seconds * rate
  await new Promise((resolve) => {
    const send = (due) =>
      get(url, { agent }, (response) => {
        response.resume()
        response.on('end', () => {
          times.push(performance.now() - due)
          open -= 1
          if (open === 0) resolve()
        })
      })
    for (let n = 0; n < seconds * rate; n++) {
      const due = start + ((n + 0.5) * 1000) / rate
      setTimeout(send, due - performance.now(), due)
    }
  })
  agent.destroy()
  const sorted = times.toSorted((a, b) => a - b)
  return { p50: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95) }
}

const milliseconds = (value) => value.toFixed(2).padStart(8)
console.log('delay   engine    quantile  server held  bare client    engine  difference  allowed (2 ms + 2 %)  requests: server, run')
for (const delay of [5, 50, 500]) {
  for (const engine of ['embedded', 'k6']) {
    const server = await startServer(delay)
    const before = await bareClient(server.url)
    const seen = (await server.ask()).requests
    const { stdout } = await execa(
      'node',
      [file('../dist/runner/cli.js'), 'run', '--scenario', 'scenario.mjs', '--engine', engine, '--target', server.url, '--json', '--quiet'],
      { cwd: folder, reject: false },
    )
    const { responseTime, load } = JSON.parse(stdout)
    const truth = await server.ask()
    const after = await bareClient(server.url)
    server.stop()
    for (const quantile of ['p50', 'p95']) {
      const bare = (before[quantile] + after[quantile]) / 2 // one before, one after: the machine's pace drifts
      const difference = responseTime[quantile] - bare
      const allowed = 2 + bare * 0.02
      console.log(
        `${String(delay).padStart(3)} ms  ${engine.padEnd(9)} ${quantile}       ${milliseconds(truth.held[quantile])}     ${milliseconds(bare)}  ${milliseconds(responseTime[quantile])}    ${milliseconds(difference)}      ${milliseconds(allowed)} ${Math.abs(difference) <= allowed ? 'within' : 'BEYOND'}  ${truth.requests - seen - 1} + 1 before the load, ${load.completed}`,
      )
    }
  }
}
rmSync(folder, { recursive: true, force: true })
