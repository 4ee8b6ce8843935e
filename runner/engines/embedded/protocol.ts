/** What the engine and its worker threads say to each other. */
import type { Plan } from '../../plan.ts'
import type { SecondPart } from '../../timeline.ts'
import type { ThreadHealth } from '../engine.ts'

/** Handed over when the thread starts, in memory alone: it holds the secrets. */
export type Assignment = {
  readonly plan: Plan
  /** From 0. */
  readonly worker: number
  readonly workers: number
  /** Rows by feed, in the order of their declaration. */
  readonly rows: readonly (readonly unknown[])[]
  readonly secrets: Readonly<Record<string, string>>
  readonly version: string
}

export type Order =
  /** Run the scenario's `setup`. */
  | { readonly type: 'setup' }
  /** Make everything ready. `setup`: what `setup` returned, as JSON; undefined when there was nothing. */
  | { readonly type: 'prepare'; readonly setup: string | undefined }
  /** Load begins at this reading of the clock that all threads share ({@link sharedClock}). */
  | { readonly type: 'start'; readonly at: number }
  /** No new arrivals; journeys under way may go on for the plan's graceful stop. */
  | { readonly type: 'stop' }
  /** End at once, and tell what was measured. */
  | { readonly type: 'kill' }
  | { readonly type: 'teardown' }

/** A journey's error, and how often it was seen since it was last told. */
export type Thrown = { readonly message: string; readonly stack: string; readonly count: number }

export type Summary = {
  /** Requests that were sent twice, see client.ts. */
  readonly sentAgain: number
  /** Requests that waited for one of the connections that the plan allows. */
  readonly stoodInLine: number
  /** What the machine ran out of, such as EMFILE, and how often. */
  readonly shortages: Readonly<Record<string, number>>
  /** How many different endpoints are counted together, by what they are counted as. */
  readonly foldedEndpoints: Readonly<Record<string, number>>
  readonly outsideLoad: number
}

export type Report =
  | { readonly type: 'loaded' }
  | { readonly type: 'setup'; readonly setup: string | undefined }
  | { readonly type: 'ready' }
  | { readonly type: 'second'; readonly part: SecondPart }
  | { readonly type: 'thrown'; readonly thrown: Thrown }
  /** Each second of the load. */
  | { readonly type: 'health'; readonly health: ThreadHealth }
  /** The load is over in this thread; nothing is told after it but the end of teardown. */
  | { readonly type: 'done'; readonly summary: Summary }
  | { readonly type: 'teardown'; readonly requests: number }
  /** `setup` or `teardown` threw. */
  | { readonly type: 'broken'; readonly step: 'setup' | 'teardown'; readonly message: string; readonly stack: string }

/** Milliseconds on the system's monotonic clock: the one reading that is the same in every thread. */
export const sharedClock = (): number => {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
