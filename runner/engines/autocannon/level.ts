/** Holds N connections for a while: one instance of autocannon, watched connection by connection. */
import { isIP } from 'node:net'
import type { Options } from 'autocannon'
import { endpointOf } from '../../../scenarios/endpoint.ts'
import type { Plan } from '../../plan.ts'
import type { SweepLevel } from '../../run.ts'
import type { SweepPlan } from '../../sweep.ts'
import { type Client, Connection } from './connection.ts'
import type { Ended, Recorder } from './recorder.ts'

/** Failures in a row without a single answer, from which the connections are given up: autocannon opens the next one at once, without end. */
const giveUpAfter = 100

export type Held = {
  /** Undefined when it was not held to its end. */
  readonly level: SweepLevel | undefined
  /** Why it ended early, and the sweep with it, as a clause. */
  readonly because: string | undefined
}

/** What one level needs besides its number of connections. */
export type Bench = {
  readonly plan: Plan
  readonly sweep: SweepPlan
  /** Where the connections go: one checked address, with the target's name in the Host header. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly recorder: Recorder
  /** Start of the run on the clock of `performance.now`. */
  readonly start: number
  readonly sentAgain: () => void
  readonly short: (code: string) => void
  readonly autocannon: (options: Options) => PromiseLike<unknown>
}

export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })

const optionsOf = ({ plan, sweep, url, headers }: Bench, connections: number, seconds: number, setupClient: (client: Client) => void): Options =>
  ({
    url,
    connections,
    pipelining: 1,
    // Its end is set by the connections, which leave one by one when they are told to.
    duration: Math.ceil(seconds) + 3600,
    sampleInt: 50,
    timeout: sweep.timeout,
    headers,
    requests: sweep.requests.map((request) => ({ ...request, headers: { ...request.headers }, endpoint: endpointOf(request.method, request.path) })),
    // The name that the certificate must bear; an address is its own.
    ...(isIP(plan.target.hostname) === 0 && { servername: plan.target.hostname }),
    skipAggregateResult: true,
    setupClient,
  }) as unknown as Options

/** @param lead seconds that are left out before counting begins */
export const holdLevel = async (
  bench: Bench,
  connections: number,
  { lead, seconds }: { readonly lead: number; readonly seconds: number },
  signals: { readonly stop: AbortSignal; readonly kill: AbortSignal },
): Promise<Held> => {
  const { plan, sweep, recorder } = bench
  const opened = new Set<Connection>()
  const over = new AbortController()
  let because: string | undefined
  let unanswered = 0
  const abandon = (reason: string): void => {
    because ??= reason
    over.abort()
    for (const connection of opened) connection.end()
  }
  const from = performance.now() + lead * 1000
  const until = from + seconds * 1000
  const counted = recorder.count(connections, from, until, sweep.batch * 1000)
  const observer = {
    started: (now: number): void => {
      const inSecond = recorder.started(now)
      if (sweep.ceiling !== undefined && inSecond > sweep.ceiling)
        abandon(`at N = ${connections} the target was asked ${inSecond} times in a second, and its entry in targets.allow permits ${sweep.ceiling}/s`)
    },
    ended: (request: Ended): void => {
      recorder.ended(request)
      unanswered = request.status > 0 ? 0 : unanswered + 1
      if (unanswered >= Math.max(giveUpAfter, 2 * connections))
        abandon(`at N = ${connections} ${unanswered} requests in a row got no answer, the last one by "${request.failure}"`)
    },
    interrupted: (now: number): void => recorder.interrupted(now),
    sentAgain: bench.sentAgain,
    short: (code: string): void => {
      bench.short(code)
      abandon(`at N = ${connections} this machine ran out of what a connection needs (${code})`)
    },
  }
  const ended = bench.autocannon(
    optionsOf(bench, connections, lead + seconds, (client) => {
      const connection = new Connection(client, observer, plan.insecure)
      opened.add(connection)
      // A later one must not open when the level was given up while the first ones did.
      if (over.signal.aborted) setImmediate(() => connection.end())
    }),
  )
  const early = AbortSignal.any([over.signal, signals.stop, signals.kill])
  await pause(from - performance.now(), early)
  const atFrom = performance.eventLoopUtilization()
  await pause(until - performance.now(), early)
  const { utilization: busy } = performance.eventLoopUtilization(atFrom)
  const isWhole = !early.aborted
  for (const connection of opened) connection.drain()
  const isLate = new AbortController()
  const patience = signals.stop.aborted ? Math.min(plan.gracefulStop, sweep.timeout) : sweep.timeout
  void pause(patience * 1000, AbortSignal.any([isLate.signal, over.signal, signals.kill])).then(() => {
    for (const connection of opened) connection.end()
  })
  await ended
  isLate.abort()
  recorder.flush()
  return { level: isWhole ? { connections, from: (from - bench.start) / 1000, busy, ...counted.take() } : undefined, because }
}
