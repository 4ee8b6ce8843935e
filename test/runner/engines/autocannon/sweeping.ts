/** Sweeps a target through the engine itself, and puts together what it told. */
import { sweepEngine } from '../../../../runner/engines/autocannon/autocannon.ts'
import type { Ending } from '../../../../runner/engines/engine.ts'
import type { Plan } from '../../../../runner/plan.ts'
import type { SweepLevel, TimelineSecond } from '../../../../runner/run.ts'
import { planSweep, type SweepPlan, shapeOfSweep } from '../../../../runner/sweep.ts'
import { Timeline, totalOf } from '../../../../runner/timeline.ts'

export type Swept = {
  readonly ending: Ending
  readonly levels: readonly SweepLevel[]
  readonly timeline: readonly TimelineSecond[]
  readonly total: TimelineSecond
}

export type Sweeping = Partial<SweepPlan> & {
  readonly url: string
  readonly stopAfter?: number
  readonly killAfter?: number
  readonly insecure?: boolean
  readonly addresses?: readonly string[]
  readonly onLevel?: (level: SweepLevel) => string | undefined
}

const sweepPlanOf = ({ url, insecure = false, addresses = ['127.0.0.1'], ...changes }: Sweeping): Plan => {
  const sweep = {
    ...planSweep({ requests: [{ method: 'GET', path: '/' }], hold: 1.2, connections: 4, ceiling: undefined }),
    warmUp: 0.2,
    leadIn: 0,
    pause: 0.05,
    ...changes,
  }
  return {
    id: 'test-sweep',
    test: 'stress',
    source: { kind: 'scenario', file: '', k6Modules: [] },
    journeys: [],
    target: { url, hostname: new URL(url).hostname, addresses },
    boundary: { hosts: [] },
    shape: shapeOfSweep(sweep),
    planned: 0,
    engine: { name: 'autocannon', because: 'the test asks for it' },
    seed: 1,
    workers: 1,
    users: 4,
    gracefulStop: 1,
    env: {},
    secretNames: [],
    headers: {},
    keepCookies: false,
    insecure,
    sweep,
  }
}

export const sweep = async (given: Sweeping): Promise<Swept> => {
  const { stopAfter, killAfter, onLevel, ...rest } = given
  const stop = new AbortController()
  const kill = new AbortController()
  const timeline = new Timeline()
  const levels: SweepLevel[] = []
  const job = await sweepEngine.prepare(sweepPlanOf(rest), { folder: '', secrets: {}, feeds: [], log: () => {} })
  const timers = [
    ...(stopAfter === undefined ? [] : [setTimeout(() => stop.abort(), stopAfter * 1000)]),
    ...(killAfter === undefined ? [] : [setTimeout(() => kill.abort(), killAfter * 1000)]),
  ]
  const ending = await job.run(
    {
      started: () => {},
      second: (part) => timeline.add(part),
      level: (level) => {
        levels.push(level)
        return onLevel?.(level)
      },
    },
    { stop: stop.signal, kill: kill.signal },
  )
  for (const timer of timers) clearTimeout(timer)
  const seconds = timeline.seconds()
  return { ending, levels, timeline: seconds, total: totalOf(seconds) }
}
