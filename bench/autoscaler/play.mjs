/** One spike, predicted and then played: `perf run spike` against instances that the local autoscaler starts and stops. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const command = fileURLToPath(new URL('../../dist/runner/cli.js', import.meta.url))
const drain = 120 // s after the load, in which nothing comes and what waits is served

/** Arrivals of each second, and none while the rest is worked off. */
const offeredBy = (simulation, { spike: { rate, peak }, duration }) => {
  const shape = simulation.spike.shape({ rate, peak, duration })
  return Array.from({ length: duration + drain }, (_, second) => simulation.arrivalsDue(shape, second, second + 1))
}

const longest = (waits) => waits.reduce((most, wait) => Math.max(most, wait), 0)

/** Longest wait in s, where the instances have lines of their own and where they would share one. */
export const predict = (simulation, each, startUp) => {
  const { instances, capacity, phase, policy } = each
  const play = (lines) => simulation.simulate(offeredBy(simulation, each), { instances, capacity, startUp, phase, lines }, policy)
  const [own, shared] = [play('per-instance'), play('shared')]
  return { wait: longest(own.waits), shared: longest(shared.waits), steps: own.steps, backlog: own.largestBacklog.requests }
}

/** Longest wait in s of all requests: the longest response time, less the turn that one takes itself. */
const waitIn = (run, capacity) => {
  const most = Math.max(...run.endpoints.map(({ responseTime }) => responseTime.max))
  return most / 1000 - 1 / capacity
}

export const play = async (startLocalAutoscaler, each, program) => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-autoscaler-'))
  const {
    capacity,
    boot,
    instances,
    phase,
    policy,
    spike: { rate, peak },
    duration,
  } = each
  const autoscaler = await startLocalAutoscaler({ program, capacity, boot, instances, phase, policy, folder })
  try {
    await writeFile(
      join(folder, 'scenario.mjs'),
      `import { journey, scenario } from 'scale-surgeon'
       export default scenario({ journeys: [journey('one', ({ http }) => http.get('/', { timeout: '110s' }))] })`,
    )
    const args = ['--engine', 'embedded', '--target', autoscaler.url, '--scenario', 'scenario.mjs', '--rate', `${rate}/s`, '--peak', `${peak}/s`]
    const rest = ['--duration', `${duration}s`, '--users', '8000', '--graceful-stop', '110s', '--quiet', '--json', '--out', 'runs']
    const { stdout, stderr } = await execa('node', [command, 'run', 'spike', ...args, ...rest], { cwd: folder, reject: false })
    if (stdout === '') throw new Error(stderr)
    const run = JSON.parse(await readFile(join(folder, 'runs', JSON.parse(stdout).id, 'run.json'), 'utf8'))
    return {
      wait: waitIn(run, capacity),
      backlog: Math.max(...autoscaler.points.map(({ backlog }) => backlog)),
      steps: [...autoscaler.steps],
      startUps: [...autoscaler.startUps],
      requests: run.load.completed,
      failed: run.load.failed,
    }
  } finally {
    await autoscaler.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
