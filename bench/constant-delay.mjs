/**
 * Do the engines measure what is so? Each against servers that answer after 5, 50 and 500 ms, held beside how long the server
 * really held its answers.
 *
 *   npm run build && node bench/constant-delay.mjs [--seconds 10] [--rate 100]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  const child = fork(file('../test/targets/child.mjs'), [JSON.stringify({ delay })], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ port }] = await once(child, 'message')
  const ask = async () => {
    const answer = once(child, 'message')
    child.send({ id: 1 })
    return (await answer)[0]
  }
  return { url: `http://127.0.0.1:${port}`, ask, stop: () => child.disconnect() }
}

const milliseconds = (value) => value.toFixed(2).padStart(8)
console.log('engine    delay  quantile      truth  measured  difference  allowed (2 ms + 2 %)   requests: server, run')
for (const engine of ['embedded', 'k6']) {
  for (const delay of [5, 50, 500]) {
    const server = await startServer(delay)
    const { stdout } = await execa(
      'node',
      [file('../dist/runner/cli.js'), 'run', '--scenario', 'scenario.mjs', '--engine', engine, '--target', server.url, '--json', '--quiet'],
      { cwd: folder, reject: false },
    )
    const { responseTime, load } = JSON.parse(stdout)
    const truth = await server.ask()
    server.stop()
    for (const quantile of ['p50', 'p95']) {
      const difference = responseTime[quantile] - truth.held[quantile]
      const allowed = 2 + truth.held[quantile] * 0.02
      console.log(
        `${engine.padEnd(9)}${String(delay).padStart(4)} ms  ${quantile.padEnd(8)} ${milliseconds(truth.held[quantile])}  ${milliseconds(responseTime[quantile])}    ${milliseconds(difference)}  ${milliseconds(allowed)}  ${Math.abs(difference) <= allowed ? 'within' : 'BEYOND'}   ${truth.requests - 1} + 1 before the load, ${load.completed}`,
      )
    }
  }
}
rmSync(folder, { recursive: true, force: true })
