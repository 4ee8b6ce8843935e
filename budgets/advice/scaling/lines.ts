/**
 * Where requests wait. One line for all (a broker, pooled workers), or a line in front of each instance, which its requests can't leave: a
 * balancer that sends every instance its turn, as nginx, an ALB and a Kubernetes Service do unless told otherwise. The difference is large:
 * an instance that comes later helps those who are still to come, and not those who wait already.
 * A fluid in steps of one second. Instances that joined together have lines alike, so one stands for all of them.
 */
import type { Lines } from './headroom.ts'

type Line = {
  /** Second in which it began. */
  readonly since: number
  /** So many lines alike. */
  count: number
  /** Gets no more requests, and works off what it has. */
  isLeaving: boolean
  backlog: number
  /** Whether anybody ever waited in it. */
  hasWaited: boolean
  readonly arrived: number[]
  readonly served: number[]
  /** The request that is served next: the second in which it came, and how many had come before that second; how many are served. */
  readonly head: { at: number; before: number; served: number }
}

/** Requests that waited equally long, s. */
export type Waited = { readonly wait: number; readonly requests: number }

export type Passed = {
  readonly served: number
  readonly backlog: number
  /** Busy share of those in service, 0–1. */
  readonly use: number
  /** How long those who were served in this second had waited, if they had. */
  readonly waited: readonly Waited[]
}

const nothing = 1e-9
const nobody: readonly Waited[] = []

const lineOf = (since: number, count: number): Line => ({
  since,
  count,
  isLeaving: false,
  backlog: 0,
  hasWaited: false,
  arrived: [],
  served: [],
  head: { at: 0, before: 0, served: 0 },
})

/** @returns how long the last of those that are served in this second waited */
const serve = (line: Line, arrivals: number, capacity: number): number => {
  const served = Math.min(line.backlog + arrivals, capacity)
  line.backlog += arrivals - served
  line.arrived.push(arrivals)
  line.served.push(served)
  const { head } = line
  head.served += served
  const end = line.arrived.length
  while (head.at < end - 1 && head.before + (line.arrived[head.at] as number) <= head.served + nothing) {
    head.before += line.arrived[head.at] as number
    head.at += 1
  }
  if (line.backlog < nothing) return 0
  line.hasWaited = true
  const share = (head.served - head.before) / Math.max(nothing, line.arrived[head.at] as number)
  return Math.max(0, end - (head.at + Math.min(1, share)))
}

/** For each second, how long the last of its arrivals waits until as many are served as had come by then; Infinity where that isn't seen. */
const waitsIn = ({ arrived: arrivals, served }: Line): number[] => {
  const waits: number[] = []
  let [arrived, servedBefore, at] = [0, 0, 0]
  for (const [now, offered] of arrivals.entries()) {
    arrived += offered
    while (at < served.length && servedBefore + (served[at] as number) < arrived - 1e-6) {
      servedBefore += served[at] as number
      at += 1
    }
    const second = served[at]
    // Within the second in which the last of them is served, at an even pace.
    const share = second === undefined || second === 0 ? 0 : (arrived - servedBefore) / second
    waits.push(second === undefined ? Number.POSITIVE_INFINITY : Math.max(0, at + share - (now + 1)))
  }
  return waits
}

/** @param capacity requests per second of one instance */
export const openLines = (kind: Lines, capacity: number) => {
  const lines: Line[] = kind === 'shared' ? [lineOf(0, 1)] : []
  let instances = 0
  const split = (line: Line, leaving: number): void => {
    if (leaving < line.count) {
      lines.push({ ...line, count: line.count - leaving, arrived: [...line.arrived], served: [...line.served], head: { ...line.head } })
      line.count = leaving
    }
    line.isLeaving = true
  }
  const leave = (count: number): void => {
    let left = count
    // Those that came last go first.
    for (const line of lines.filter(({ isLeaving }) => !isLeaving).sort((a, b) => b.since - a.since)) {
      if (left === 0) return
      const leaving = Math.min(left, line.count)
      split(line, leaving)
      left -= leaving
    }
  }
  return {
    /** From this second on so many are in service. */
    resize: (to: number, now: number): void => {
      if (kind === 'per-instance' && to > instances) lines.push(lineOf(now, to - instances))
      if (kind === 'per-instance' && to < instances) leave(instances - to)
      instances = to
    },
    /** One second's arrivals come, and some are served. */
    pass: (arrivals: number): Passed => {
      let waited = nobody
      let served = 0
      let backlog = 0
      let busy = 0
      for (const line of lines) {
        if (line.isLeaving && line.backlog < nothing) continue
        const wait = serve(
          line,
          line.isLeaving ? 0 : kind === 'shared' ? arrivals : arrivals / Math.max(1, instances),
          kind === 'shared' ? instances * capacity : capacity,
        )
        const done = line.count * (line.served.at(-1) as number)
        served += done
        backlog += line.count * line.backlog
        if (!line.isLeaving) busy += done
        if (wait > 0) waited = [...waited, { wait, requests: done }]
      }
      return { served, backlog, use: instances === 0 ? 0 : busy / (instances * capacity), waited }
    },
    /** Requests that waited longer than so many seconds. */
    violated: (longest: number): number => {
      let violated = 0
      for (const line of lines) {
        if (!line.hasWaited) continue
        for (const [at, wait] of waitsIn(line).entries()) if (wait > longest) violated += line.count * (line.arrived[at] as number)
      }
      return violated
    },
    /** Waits of all that came, and the longest of each second's arrivals. */
    waits: (seconds: number): { readonly waited: readonly Waited[]; readonly longest: readonly number[] } => {
      const waited: Waited[] = []
      const longest = Array<number>(seconds).fill(0)
      for (const line of lines)
        for (const [at, wait] of waitsIn(line).entries()) {
          const requests = line.count * (line.arrived[at] as number)
          if (requests === 0) continue
          waited.push({ wait, requests })
          longest[line.since + at] = Math.max(longest[line.since + at] as number, wait)
        }
      return { waited, longest }
    },
  }
}
