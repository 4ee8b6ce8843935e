/**
 * The simulator beside a real autoscaler: instances that are processes behind nginx, started by the same policy, under a spike of `perf run`.
 * How near it comes is measured by bench/autoscaler.mjs; here only what no slow machine changes.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { simulate } from '../../../../budgets/advice/scaling/simulate.ts'
import { targetTracking } from '../../../../budgets/advice/scaling/target-tracking.ts'
import { arrivalsDue } from '../../../../scenarios/shape.ts'
import { spike } from '../../../../scenarios/spike.ts'
import type { PerSecond } from '../../../../scenarios/units.ts'
import { startLocalAutoscaler } from '../../../support/local-autoscaler.ts'
import { nginxProgram } from '../../../support/nginx.ts'
import { perf } from '../../../support/perf.ts'

const program = fileURLToPath(new URL('../../../targets/one-at-a-time.mjs', import.meta.url))
const fleet = { instances: 2, capacity: 10 }
const policy = targetTracking({ metric: 'requests', target: 6, minimum: 2, maximum: 8, period: 2, publication: 0, cooldownOut: 10, cooldownIn: 60 })
const load = { rate: 8 as PerSecond, peak: 40 as PerSecond, duration: 22 }

test.skipIf(nginxProgram === undefined)(
  'a spike that is played for real asks for the instances that were predicted, and waits as long as its backlog takes',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-autoscaler-'))
    const autoscaler = await startLocalAutoscaler({ ...fleet, program, boot: 1, policy, folder })
    try {
      const scenario = `import { journey, scenario } from 'scale-surgeon'
        export default scenario({ journeys: [journey('one', ({ http }) => http.get('/', { timeout: '60s' }))] })`
      await writeFile(join(folder, 'scenario.mjs'), scenario)
      const args = ['run', 'spike', '--engine', 'embedded', '--target', autoscaler.url, '--scenario', 'scenario.mjs', '--rate', '8/s', '--peak', '40/s']
      const { stdout, stderr } = await perf([...args, '--duration', '22s', '--users', '2000', '--out', 'runs', '--quiet', '--json'], { cwd: folder })
      expect(stderr).toBe('')
      const run = JSON.parse(await readFile(join(folder, 'runs', JSON.parse(stdout).id, 'run.json'), 'utf8'))

      const shape = spike.shape(load)
      const offered = Array.from({ length: 60 }, (_, second) => arrivalsDue(shape, second, second + 1))
      const predicted = simulate(offered, { ...fleet, startUp: 1.5, lines: 'per-instance' }, policy)
      const longest = Math.max(...predicted.waits)
      // 40/s wait at two instances that do 20/s, for 3 points of 2 s and the start: between 6 and 10 s of backlog.
      expect(longest).toBeGreaterThan(3)

      // One instance is 6/s: a second in which the machine is slow may count so many requests less, or more.
      expect(autoscaler.steps[0]?.from).toBe(2)
      expect(Math.abs((autoscaler.steps[0]?.to ?? 0) - (predicted.steps[0]?.to ?? Number.NaN))).toBeLessThanOrEqual(1)
      const measured = Math.max(...run.endpoints.map(({ responseTime }: { responseTime: { max: number } }) => responseTime.max)) / 1000
      expect(measured).toBeGreaterThan(0.5 * longest)
      expect(measured).toBeLessThan(2 * longest + 2)
      // A reload of nginx may meet a request on its way; no more than that is lost.
      expect(run.load.failed).toBeLessThan(0.05 * run.load.completed)
    } finally {
      await autoscaler.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
)
