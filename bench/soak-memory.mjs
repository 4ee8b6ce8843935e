/**
 * What memory does a long run take, and does it grow? Runs the built command line at a constant rate and reads the resident memory
 * of it and its children every second; prints it after 1, 5, 10 … minutes, each the median of the ten seconds before.
 *
 *   npm run build && node bench/soak-memory.mjs [--engine embedded] [--rate 20000] [--minutes 10] [--endpoints 1]
 *
 * For k6 choose a rate that one core of it holds, such as --engine k6 --rate 5000.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cores } from './machine.mjs'
import { median } from './median.mjs'
import { startTarget } from './target.mjs'
import { familyOf, usedBy } from './usage.mjs'

const { values: flags } = parseArgs({
  options: {
    engine: { type: 'string', default: 'embedded' },
    rate: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '10' },
    endpoints: { type: 'string', default: '1' },
  },
})
const minutes = Number(flags.minutes)
execFileSync('taskset', ['-acp', cores.target, String(process.pid)])

const target = await startTarget()
const folder = mkdtempSync(join(tmpdir(), 'perf-bench-soak-'))
const file = (path) => fileURLToPath(new URL(path, import.meta.url))
writeFileSync(
  join(folder, 'scenario.mjs'),
  `import { constant, scenario } from 'scale-surgeon'
   import { journeys } from ${JSON.stringify(file('journeys/endpoints.mjs'))}
   export default scenario({ shape: constant({ rate: '${flags.rate}/s', duration: '${minutes * 60}s' }), journeys })`,
)
const command = [file('../dist/runner/cli.js'), 'run', '--engine', flags.engine, '--scenario', 'scenario.mjs', '--target', target.url, '--quiet', '--json']
const child = spawn('taskset', ['-c', cores.generator, process.execPath, ...command, '-e', `ENDPOINTS=${flags.endpoints}`], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
})
const started = Date.now()
const samples = []
const marks = [0.5, 1, 2, 5, 10, 20, 30, 60].filter((mark) => mark <= minutes)
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`
const look = setInterval(() => {
  samples.push(familyOf(child.pid).reduce((sum, pid) => sum + usedBy(pid).residentBytes, 0))
  if (marks.length === 0 || (Date.now() - started) / 60_000 < marks[0]) return
  console.log(`${String(marks.shift()).padStart(4)} min  ${megabytes(median(samples.slice(-10)))} resident`)
}, 1000)
const code = await new Promise((resolve) => child.on('exit', resolve))
clearInterval(look)
target.stop()
const { load, lag } = JSON.parse(readFileSync(join(folder, 'perf-results', 'latest', 'run.json'), 'utf8'))
console.log(
  ` whole  ${megabytes(Math.max(...samples))} at most, the report included; exit code ${code}, ${load.completed} requests, ${load.dropped} dropped, longest lag ${lag.max.toFixed(0)} ms`,
)
rmSync(folder, { recursive: true, force: true })
