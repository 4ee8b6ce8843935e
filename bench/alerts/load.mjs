/** Loads of the experiment, each a run of perf, and when its users felt that the objective was missed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { execa } from 'execa'

const command = fileURLToPath(new URL('../../dist/runner/cli.js', import.meta.url))

/** @returns what perf printed */
export const perf = async (folder, ...args) => {
  const { stdout, stderr, exitCode } = await execa('node', [command, ...args], { cwd: folder, reject: false })
  if (![0, 1, 3].includes(exitCode)) throw new Error(`perf ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** @param shape of arrivals by chance, in words of scale-surgeon */
export const load = async (folder, url, test, shape) => {
  const file = `${test}.mjs`
  writeFileSync(
    join(folder, file),
    `import { constant, journey, poisson, ramp, scenario, sequence, staircase } from 'scale-surgeon'
     export default scenario({ tests: { ${test}: poisson(${shape}) }, journeys: [journey('one', ({ http }) => http.get('/', { timeout: '30s' }))] })`,
  )
  const flags = ['--engine', 'embedded', '--target', url, '--scenario', file, '--users', '8000', '--graceful-stop', '10s', '--quiet', '--json']
  const { id } = JSON.parse(await perf(folder, 'run', test, ...flags))
  const kept = join(folder, 'perf-results', id)
  const seconds = gunzipSync(readFileSync(join(kept, 'timeline.ndjson.gz')))
    .toString()
    .trim()
    .split('\n')
  return { ...JSON.parse(readFileSync(join(kept, 'run.json'), 'utf8')), timeline: seconds.map((second) => JSON.parse(second)) }
}

const midpoint = (bucket) => {
  if (bucket < 256) return bucket / 1000
  const shift = Math.floor(bucket / 128) - 1
  return ((2 * (bucket - 128 * shift) + 1) * 2 ** shift - 1) / 2000
}

/** p95 in ms of the answers of some seconds; undefined with fewer than 20. */
const p95Of = (seconds) => {
  const counts = new Map()
  let all = 0
  for (const { cells } of seconds)
    for (const { responseTime } of cells)
      for (let at = 0; at < responseTime.buckets.length; at += 2) {
        const count = responseTime.buckets[at + 1]
        counts.set(responseTime.buckets[at], (counts.get(responseTime.buckets[at]) ?? 0) + count)
        all += count
      }
  if (all < 20) return undefined
  let slower = all
  for (const bucket of [...counts.keys()].sort((a, b) => a - b)) {
    slower -= counts.get(bucket)
    if (slower <= 0.05 * all) return midpoint(bucket)
  }
  return undefined
}

/** Seconds of a mean that somebody would call slow: fewer are a hiccup. */
const window = 10

/**
 * The p95 that the users of a run had, ten seconds at a time, and since when two windows in a row were over the objective: that is when it is missed.
 * @returns `missed` in s since the run began, or undefined; `highest` p95, ms
 */
export const feltIn = ({ timeline }, objective) => {
  const windows = Array.from({ length: Math.floor(timeline.length / window) }, (_, at) => p95Of(timeline.slice(at * window, (at + 1) * window)) ?? 0)
  const first = windows.findIndex((p95, at) => p95 > objective && (windows[at + 1] ?? 0) > objective)
  return { missed: first < 0 ? undefined : first * window, highest: Math.max(...windows) }
}
