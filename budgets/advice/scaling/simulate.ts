/**
 * What a scaling policy would have made of an offered load: backlog, waits, instance-hours. A fluid in steps of one second, so it knows the
 * lag of a policy and its overshoot, and not the chance that two requests come at once (budgets/capacity/queue.ts does).
 * The order within a second: instances that are ready join, the policy is asked with
 * the points published by then, requests arrive and are served, a metric period may end.
 */
import type { Lines } from './headroom.ts'
import { openLines, type Waited } from './lines.ts'
import { openPeriods } from './metric-periods.ts'
import type { ScalingPolicy, ScalingStep } from './policy.ts'
import { openInstances } from './starting-instances.ts'

export type Fleet = {
  /** Instances in service at the start. */
  readonly instances: number
  /** Requests per second that one serves when it is busy all the time. */
  readonly capacity: number
  /** From asking for an instance until it is in service, s: image, start, health check, warm-up. */
  readonly startUp: number
  /** @default 'shared' */
  readonly lines?: Lines
  /** Seconds of a metric period that were over when the load began. @default 0 */
  readonly phase?: number
  /** s of an answer that did not wait. @default 0 */
  readonly serviceTime?: number
}

export type SimulatedSecond = {
  readonly offered: number
  readonly served: number
  /** Most that could have been served. */
  readonly capacity: number
  readonly backlog: number
  readonly running: number
  readonly pending: number
}

export type Simulation = {
  readonly seconds: readonly SimulatedSecond[]
  readonly steps: readonly ScalingStep[]
  /** Seconds of instances, those that are starting included: they are paid for too. */
  readonly paidSeconds: number
  /** Seconds of instances in service. */
  readonly instanceSeconds: number
  readonly largestBacklog: { readonly requests: number; readonly at: number }
  /** First second after the largest backlog in which nothing waits; null when that does not come. */
  readonly emptyAt: number | null
  /** Longest wait in s among the arrivals of each second, first come, first served; Infinity where the simulation ends before. */
  readonly waits: readonly number[]
  /** The same of all arrivals, however many waited so long. */
  readonly waited: readonly Waited[]
}

const recoveryOf = (seconds: readonly SimulatedSecond[]): Pick<Simulation, 'largestBacklog' | 'emptyAt'> => {
  const largest = seconds.reduce((best, second, at) => (second.backlog > (seconds[best] as SimulatedSecond).backlog + 1e-9 ? at : best), 0)
  const requests = seconds[largest]?.backlog ?? 0
  const empty = seconds.findIndex((second, at) => at >= largest && second.backlog < 1e-6)
  return { largestBacklog: { requests, at: largest + 1 }, emptyAt: requests === 0 ? 0 : empty < 0 ? null : empty + 1 }
}

/** @param record told of each second, if anybody wants to know */
const play = (offered: readonly number[], fleet: Fleet, policy: ScalingPolicy, record?: (second: SimulatedSecond) => void) => {
  const { capacity, startUp, lines: kind = 'shared', phase = 0, serviceTime = 0 } = fleet
  const decide = policy.start()
  const lines = openLines(kind, capacity)
  const periods = openPeriods(policy, phase, serviceTime)
  const instances = openInstances(fleet.instances, startUp)
  for (let now = 0; now < offered.length; now++) {
    const arrivals = offered[now] as number
    instances.join(now)
    instances.ask(now, decide(instances.moment(now, periods.published(now))))
    instances.join(now)
    const { running, pending } = instances.state()
    lines.resize(running, now)
    const { served, backlog, use, waited } = lines.pass(arrivals)
    record?.({ offered: arrivals, served, capacity: running * capacity, backlog, running, pending })
    periods.record(now, { running, use, arrivals, served, backlog, waited })
  }
  return { lines, steps: instances.steps }
}

/**
 * @param offered arrivals of each second
 * @example simulate(Array(1800).fill(2000), { instances: 17, capacity: 100, startUp: 30 }, targetTracking({ metric: 'use', target: 0.6, minimum: 17, maximum: 100 })).steps
 * // [{ at: 210, from: 17, to: 29 }, { at: 330, from: 29, to: 49 }]
 */
export const simulate = (offered: readonly number[], fleet: Fleet, policy: ScalingPolicy): Simulation => {
  const seconds: SimulatedSecond[] = []
  let [paidSeconds, instanceSeconds] = [0, 0]
  const { lines, steps } = play(offered, fleet, policy, (second) => {
    seconds.push(second)
    paidSeconds += second.running + second.pending
    instanceSeconds += second.running
  })
  const { waited, longest } = lines.waits(offered.length)
  return { seconds, steps, paidSeconds, instanceSeconds, ...recoveryOf(seconds), waits: longest, waited }
}

/** Share of the arrivals that wait longer than allowed: all that a search asks of most settings. @param longest s */
export const violatedShare = (offered: readonly number[], fleet: Fleet, policy: ScalingPolicy, longest: number): number => {
  const { lines } = play(offered, fleet, policy)
  return lines.violated(longest) / offered.reduce((sum, value) => sum + value, 0)
}

/** Arrivals that waited longer than allowed. @param longest s */
export const violatedRequests = ({ waited }: Pick<Simulation, 'waited'>, longest: number): number =>
  waited.reduce((sum, { wait, requests }) => sum + (wait > longest ? requests : 0), 0)

/** Wait in seconds below which the share p of the arrivals lies. */
export const waitQuantile = ({ waited }: Pick<Simulation, 'waited'>, p: number): number => {
  const sorted = waited.toSorted((a, b) => a.wait - b.wait)
  const all = sorted.reduce((sum, { requests }) => sum + requests, 0)
  let upTo = 0
  for (const { wait, requests } of sorted) {
    upTo += requests
    if (upTo >= p * all - 1e-9) return wait
  }
  return 0
}
