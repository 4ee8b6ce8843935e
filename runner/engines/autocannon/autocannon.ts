/** The sweep engine: autocannon in a closed loop, one level of concurrency after the other. Never its rate mode; engines.md says why. */
import { createRequire } from 'node:module'
import { UsageError } from '../../errors/usage-error.ts'
import type { Plan } from '../../plan.ts'
import type { Caveat } from '../../run.ts'
import type { SweepPlan } from '../../sweep.ts'
import { userAgentOf } from '../../user-agent.ts'
import { ownVersion } from '../../version.ts'
import type { Ending, Engine, Job, Watcher, Workplace } from '../engine.ts'
import { mergeHeaders } from '../virtual-user/request.ts'
import { addressOf } from './address.ts'
import { type Bench, holdLevel, pause } from './level.ts'
import { Recorder } from './recorder.ts'

const version = (): string => (createRequire(import.meta.url)('autocannon/package.json') as { version: string }).version

const caveatsOf = (sentAgain: number, shortages: ReadonlyMap<string, number>): Caveat[] => [
  ...(sentAgain > 0
    ? [
        {
          code: 'sent-again',
          text: `${sentAgain} requests followed an answer that ended its connection, and were sent again on a new one, where their time begins. Let the target keep its connections open to have this out of the figures.`,
        },
      ]
    : []),
  ...[...shortages].map(([code, count]) => ({
    code: 'generator-short',
    text: `This machine ran out of what a connection needs ${count === 1 ? 'once' : `${count} times`} (${code}). Those requests failed through the generator, not the target. Raise its limit of open files or ports, or lower --max-connections.`,
  })),
]

const runSweep = async (plan: Plan, sweep: SweepPlan, { log }: Workplace, watcher: Watcher, signals: Parameters<Job['run']>[1]): Promise<Ending> => {
  const { default: autocannon } = await import('autocannon')
  const target = new URL(plan.target.url)
  const url = (await addressOf(plan)).origin
  const shortages = new Map<string, number>()
  let sentAgain = 0
  const start = performance.now()
  watcher.started(Date.now())
  const recorder = new Recorder(start, watcher.second)
  const turning = setInterval(() => recorder.turn(performance.now()), 200)
  const bench: Bench = {
    plan,
    sweep,
    url,
    headers: mergeHeaders({ host: target.host, 'user-agent': userAgentOf(ownVersion(), plan.id) }, plan.headers),
    recorder,
    start,
    sentAgain: () => {
      sentAgain += 1
    },
    short: (code) => shortages.set(code, (shortages.get(code) ?? 0) + 1),
    autocannon,
  }
  const ending = (state: Ending['state'], because: string): Ending => ({
    state,
    because,
    version: version(),
    exitCode: null,
    caveats: caveatsOf(sentAgain, shortages),
  })
  const either = AbortSignal.any([signals.stop, signals.kill])
  try {
    for (const [index, connections] of sweep.planned.entries()) {
      if (index > 0) await pause(sweep.pause * 1000, either)
      if (either.aborted) return ending('stopped', `stopped before N = ${connections}`)
      const lead = sweep.warmUp + (index === 0 ? sweep.leadIn : 0)
      const { level, because } = await holdLevel(bench, connections, { lead, seconds: sweep.hold - sweep.warmUp }, signals)
      log(`N = ${connections}: ${level === undefined ? 'not held to its end' : `${level.completed} requests in ${level.seconds} s, ${level.failed} failed`}`)
      if (because !== undefined) return ending('completed', because)
      if (level === undefined) return ending('stopped', `stopped at N = ${connections}`)
      const enough = watcher.level?.(level)
      if (enough !== undefined) return ending('completed', enough)
    }
    return ending('completed', `N = ${sweep.planned.at(-1)} was the last level planned`)
  } finally {
    clearInterval(turning)
  }
}

const prepare = async (plan: Plan, workplace: Workplace): Promise<Job> => {
  const { sweep } = plan
  if (sweep === undefined)
    throw new UsageError('autocannon was asked for without a sweep. It holds connections and keeps no rate. Add --sweep, or choose another engine.')
  return { run: (watcher, signals) => runSweep(plan, sweep, workplace, watcher, signals) }
}

export const sweepEngine: Engine = { name: 'autocannon', prepare }
