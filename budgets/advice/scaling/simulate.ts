/**
 * What a scaling policy would have made of an offered load: backlog, waits, instance-hours. A fluid in steps of one second, so it knows the
 * lag of a policy and its overshoot, and not the chance that two requests come at once (budgets/capacity/queue.ts does).
 * The order within a second is science.md §12's, whose figures the tests repeat: instances that are ready join, the policy is asked with
 * the points published by then, requests arrive and are served, a metric period may end.
 */
import type { MetricPoint, ScalingPolicy } from './policy.ts'

export type Fleet = {
  /** Instances in service at the start. */
  readonly instances: number
  /** Requests per second that one serves when it is busy all the time. */
  readonly capacity: number
  /** From asking for an instance until it is in service, s: image, start, health check, warm-up. */
  readonly startUp: number
}

export type SimulatedSecond = {
  readonly offered: number
  readonly served: number
  readonly backlog: number
  readonly running: number
  readonly pending: number
}
export type ScalingStep = { readonly at: number; readonly from: number; readonly to: number }

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
  /** Wait in seconds of the arrivals of each second, one shared line, first come, first served; Infinity where the simulation ends before. */
  readonly waits: readonly number[]
}

type Starting = { readonly at: number; readonly count: number }

/** For each second, how long the last of its arrivals waits until as many are served as had come by then. */
const waitsOf = (seconds: readonly SimulatedSecond[]): number[] => {
  const waits: number[] = []
  let [arrived, servedBefore, at] = [0, 0, 0]
  for (const [now, { offered }] of seconds.entries()) {
    arrived += offered
    while (at < seconds.length && servedBefore + (seconds[at] as SimulatedSecond).served < arrived - 1e-6) {
      servedBefore += (seconds[at] as SimulatedSecond).served
      at += 1
    }
    const second = seconds[at]
    // Within the second in which the last of them is served, at an even pace.
    const share = second === undefined || second.served === 0 ? 0 : (arrived - servedBefore) / second.served
    waits.push(second === undefined ? Infinity : Math.max(0, at + share - (now + 1)))
  }
  return waits
}

/**
 * @param offered arrivals of each second
 * @example simulate(Array(1800).fill(2000), { instances: 17, capacity: 100, startUp: 30 }, targetTracking({ metric: 'use', target: 0.6, minimum: 17, maximum: 100 })).steps
 * // [{ at: 210, from: 17, to: 29 }, { at: 330, from: 29, to: 49 }]
 */
export const simulate = (offered: readonly number[], { instances, capacity, startUp }: Fleet, policy: ScalingPolicy): Simulation => {
  const decide = policy.start()
  const points: MetricPoint[] = []
  const seconds: SimulatedSecond[] = []
  const steps: ScalingStep[] = []
  let starting: Starting[] = []
  let [running, backlog, published, paidSeconds, instanceSeconds] = [instances, 0, 0, 0, 0]
  let inPeriod = { use: 0, requests: 0 }
  const join = (now: number): void => {
    running += starting.filter(({ at }) => at <= now).reduce((sum, { count }) => sum + count, 0)
    starting = starting.filter(({ at }) => at > now)
  }
  for (const [now, arrivals] of offered.entries()) {
    join(now)
    const pendingBefore = starting.reduce((sum, { count }) => sum + count, 0)
    while (published < points.length && (points[published] as MetricPoint).end + policy.publication <= now) published += 1
    const there = running + pendingBefore
    const wanted = decide({ now, points: points.slice(0, published), running, pending: pendingBefore }) ?? there
    if (wanted > there) starting.push({ at: now + startUp, count: wanted - there })
    // What is starting is given up first; who serves goes at once.
    else if (wanted < there) {
      starting = wanted <= running ? [] : starting
      running = Math.min(running, Math.max(1, wanted))
    }
    if (wanted !== there) steps.push({ at: now, from: there, to: wanted })
    join(now)
    const pending = starting.reduce((sum, { count }) => sum + count, 0)
    const served = Math.min(backlog + arrivals, running * capacity)
    backlog += arrivals - served
    seconds.push({ offered: arrivals, served, backlog, running, pending })
    paidSeconds += running + pending
    instanceSeconds += running
    inPeriod = { use: inPeriod.use + served / (running * capacity), requests: inPeriod.requests + arrivals / running }
    if ((now + 1) % policy.period === 0) {
      points.push({ end: now + 1, instances: running, use: inPeriod.use / policy.period, requests: inPeriod.requests / policy.period, backlog })
      inPeriod = { use: 0, requests: 0 }
    }
  }
  const largest = seconds.reduce((best, second, at) => (second.backlog > (seconds[best] as SimulatedSecond).backlog + 1e-9 ? at : best), 0)
  const requests = seconds[largest]?.backlog ?? 0
  const empty = seconds.findIndex((second, at) => at >= largest && second.backlog < 1e-6)
  return {
    seconds,
    steps,
    paidSeconds,
    instanceSeconds,
    largestBacklog: { requests, at: largest + 1 },
    emptyAt: requests === 0 ? 0 : empty < 0 ? null : empty + 1,
    waits: waitsOf(seconds),
  }
}

/** Arrivals that waited longer than allowed. @param longest s */
export const violatedRequests = ({ seconds, waits }: Simulation, longest: number): number =>
  waits.reduce((sum, wait, at) => sum + (wait > longest ? (seconds[at] as SimulatedSecond).offered : 0), 0)

/** Wait in seconds below which the share p of the arrivals lies. */
export const waitQuantile = ({ seconds, waits }: Simulation, p: number): number => {
  const sorted = waits.map((wait, at) => ({ wait, count: (seconds[at] as SimulatedSecond).offered })).sort((a, b) => a.wait - b.wait)
  const all = sorted.reduce((sum, { count }) => sum + count, 0)
  let upTo = 0
  for (const { wait, count } of sorted) {
    upTo += count
    if (upTo >= p * all - 1e-9) return wait
  }
  return 0
}
