/** The plan of a closed-loop sweep: which requests, how many connections, for how long; and the shape that stands for it in a run. */
import type { Shape } from '../scenarios/shape.ts'
import type { PerSecond, Seconds } from '../scenarios/units.ts'
import type { Sweep } from './run.ts'

export type SweepRequest = {
  readonly method: string
  /** With its query; starts with a slash. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

export type SweepPlan = Pick<Sweep, 'planned' | 'hold' | 'warmUp' | 'leadIn' | 'pause' | 'batch'> & {
  /** Each connection asks for these in turn. */
  readonly requests: readonly SweepRequest[]
  /** Seconds after which an answer counts as a timeout. */
  readonly timeout: Seconds
  /** Most requests in any second, by the target's entry in the allow-list: a closed loop has no rate to plan, so it is watched. */
  readonly ceiling: number | undefined
}

export const sweepDefaults = { hold: 5, connections: 1024 } as const
/** A second is what it takes until N connections are open and the target's own queues have filled. The first level warms up two programs. */
const times = { warmUp: 1, leadIn: 2, pause: 1, batch: 0.2, timeout: 10 } as const

/** 1, 2, 4 … and the most itself. @example doublingsTo(100) // [1, 2, 4, 8, 16, 32, 64, 100] */
const doublingsTo = (most: number): number[] => {
  const levels = Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, power) => 2 ** power)
  return levels.at(-1) === most ? levels : [...levels, most]
}

export const planSweep = (asked: {
  readonly requests: readonly SweepRequest[]
  readonly hold: Seconds
  readonly connections: number
  readonly ceiling: number | undefined
}): SweepPlan => ({
  requests: asked.requests,
  planned: doublingsTo(asked.connections),
  hold: asked.hold,
  ...times,
  ceiling: asked.ceiling,
})

/** The levels as lengths of time. Their rate is what the target makes of it, so the shape has none. */
export const shapeOfSweep = ({ planned, hold, leadIn, pause }: Pick<SweepPlan, 'planned' | 'hold' | 'leadIn' | 'pause'>): Shape => ({
  name: 'sweep',
  arrivals: 'uniform',
  segments: planned.map((connections, index) => ({
    kind: 'linear',
    label: `N = ${connections}`,
    duration: hold + (index === 0 ? leadIn : 0) + (index < planned.length - 1 ? pause : 0),
    from: 0 as PerSecond,
    to: 0 as PerSecond,
  })),
})

export const nameOf = ({ method, path }: SweepRequest): string => `${method} ${path}`

/** The plan that a recorded sweep had, for playing it back. */
export const planOfRecorded = ({ levels: _levels, stopped: _stopped, requests, ...plan }: Sweep): SweepPlan => ({
  ...plan,
  requests: requests.map((request) => ({ method: request.split(' ', 1)[0] ?? 'GET', path: request.slice(request.indexOf(' ') + 1) })),
  timeout: times.timeout,
  ceiling: undefined,
})

/** The sweep as a run keeps it, before its first level. */
export const sweepBegun = ({ requests, planned, hold, warmUp, leadIn, pause, batch }: SweepPlan): Sweep => ({
  requests: requests.map(nameOf),
  planned,
  hold,
  warmUp,
  leadIn,
  pause,
  batch,
  levels: [],
  stopped: '',
})
