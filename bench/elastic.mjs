/**
 * Does `perf run breakpoint --elastic` see an autoscaler as it is? A load in three steps on instances behind nginx that an autoscaler on
 * this machine starts and stops (test/support/local-autoscaler.ts, as in autoscaler.mjs); beside what perf says stands what the autoscaler
 * itself noted: when it acted, and when the instance served. Takes a minute and a half; prints a table in Markdown.
 *
 *   npm run build && node bench/elastic.mjs [--stuck]
 *
 * `--stuck`: it may start no instance, so that it can't keep up.
 */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { loadTests } from './faults/load-tests.mjs'

const isStuck = process.argv.includes('--stuck')
const command = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url))
const program = fileURLToPath(new URL('../test/targets/one-at-a-time.mjs', import.meta.url))
const [instances, hold, boot] = [4, 29, 6] // at first · seconds of a step · seconds until an instance listens
const metric = { period: 4, publication: 1 }

const { targetTracking } = await loadTests('../bench/autoscaler/simulation')
const { startLocalAutoscaler } = await loadTests('support/local-autoscaler')
const policy = targetTracking({ metric: 'use', target: 0.6, ...metric, minimum: instances, maximum: isStuck ? instances : 16, cooldownOut: 20, cooldownIn: 20 })

const scenario = `import { constant, sequence, journey, scenario } from 'scale-surgeon'
const held = (rate) => constant({ rate, duration: '${hold}s' })
export default scenario({
  tests: { breakpoint: sequence(held('15/s'), held('35/s'), held('60/s')) },
  journeys: [journey('one', ({ http }) => http.get('/', { timeout: '60s' }))],
})
`

const folder = await mkdtemp(join(tmpdir(), 'perf-elastic-'))
const autoscaler = await startLocalAutoscaler({ program, capacity: 10, boot, instances, phase: 0, policy, folder })
const counter = createServer((_, response) => response.end(`instances ${autoscaler.points.at(-1)?.instances ?? instances}\n`)).listen(0, '127.0.0.1')
await once(counter, 'listening')
try {
  const probe = { kind: 'command', name: 'shop', command: ['curl', '-s', `http://127.0.0.1:${counter.address().port}/`], every: 1 }
  await writeFile(join(folder, 'perf.config.json'), JSON.stringify({ probes: [probe] }))
  await writeFile(join(folder, 'scenario.mjs'), scenario)
  const args = ['--engine', 'embedded', '--target', autoscaler.url, '--scenario', 'scenario.mjs', '--objective', 'p95 < 1s', '--quiet']
  const elastic = ['--elastic', '--metric-period', `${metric.period}s`, '--start-up', `${boot + 1}s`, '--graceful-stop', '30s']
  const { exitCode, stderr } = await execa('node', [command, 'run', 'breakpoint', ...args, ...elastic], { cwd: folder, reject: false })
  if (![0, 1, 3].includes(exitCode)) throw new Error(stderr)
  const told = JSON.parse((await execa('node', [command, 'capacity', 'latest', '--json'], { cwd: folder })).stdout).elastic
  process.stdout.write(
    `${told.because}\n\n| step | instances | capacity came, s | the autoscaler asked at, s | late, s | kept up |\n| --- | --- | ---: | ---: | ---: | --- |\n`,
  )
  for (const { rate, from, before, most, end, lag, late, keptUp } of told.steps ?? []) {
    const asked = autoscaler.steps.find(({ at }) => at >= from && at < from + hold)
    process.stdout.write(
      `| ${rate}/s at ${from} | ${before}, most ${most}, end ${end} | ${lag ?? '–'} | ${asked === undefined ? '–' : asked.at - from} | ${late} | ${keptUp} |\n`,
    )
  }
  process.stdout.write(
    `\nstart-ups: ${autoscaler.startUps.map((time) => time.toFixed(1)).join(', ')} s; the series is as fresh as its points, ${metric.period} s\n`,
  )
} finally {
  counter.close()
  await autoscaler.stop()
  await rm(folder, { recursive: true, force: true })
}
