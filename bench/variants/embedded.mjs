/** The embedded engine: its users in a closed loop, and the built command line with an open load. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { quantile } from '../../dist/runner/stats/quantile.js'
import { generate } from '../generator.mjs'

const file = (path) => fileURLToPath(new URL(path, import.meta.url))

/** @returns requests as the engine counts them, beside what it cost */
export const closedLoop = async ({ url, seconds, users = 20, journey = 'one-request', workers = 1, env = {} }) => {
  const used = await generate([process.execPath, file('../closed-loop.mjs'), JSON.stringify({ url, seconds, users, journey, workers, env })])
  return { ...used, ...JSON.parse(used.stdout) }
}

/** `perf run` at a constant rate, as a user runs it: report, journal and all. @returns what its run.json says, beside what it cost */
export const openLoop = async ({ url, seconds, rate, workers = 1 }) => {
  const folder = mkdtempSync(join(tmpdir(), 'perf-bench-run-'))
  const scenario = join(folder, 'scenario.mjs')
  writeFileSync(
    scenario,
    `import { constant, journey, scenario } from 'scale-surgeon'
     export default scenario({ shape: constant({ rate: '${rate}/s', duration: '${seconds}s' }), journeys: [journey('one request', ({ http }) => http.get('/'))] })`,
  )
  const command = [process.execPath, file('../../dist/runner/cli.js'), 'run', '--engine', 'embedded', '--scenario', scenario, '--target', url]
  const used = await generate([...command, '--workers', String(workers), '--quiet', '--json'], { cwd: folder, mayFail: true })
  const { load, lag, iterations, validity } = JSON.parse(readFileSync(join(folder, 'perf-results', 'latest', 'run.json'), 'utf8'))
  rmSync(folder, { recursive: true, force: true })
  return { ...used, load, iterations, validity, lag: { p50: quantile(lag, 0.5), p99: quantile(lag, 0.99), max: lag.max } }
}
