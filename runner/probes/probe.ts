/**
 * What watches a resource while load runs. A probe that fails never fails the run: what it could not read is a gap, and why is a
 * caveat. `watch.ts` keeps the time, the series and the failures, so that a probe only reads.
 */
import type { Seconds } from '../../scenarios/units.ts'
import type { Caveat, Observation, Series } from '../run.ts'

/** One value of one series. `value`: null when it is not known at this moment · `limit`: null when the resource has none. */
export type Sample = { readonly name: string; readonly unit: string; readonly limit: number | null; readonly value: number | null }

/** Makes samples of series that a probe's name begins. @example samplesOf('nginx')('waiting', 'count', 3).name // 'nginx.waiting' */
export const samplesOf =
  (probe: string) =>
  (what: string, unit: string, value: number | null, limit: number | null = null): Sample => ({ name: `${probe}.${what}`, unit, value, limit })

/** The same, and none of what the server does not tell, which is undefined. */
export const toldSamplesOf =
  (probe: string) =>
  (what: string, unit: string, value: number | null | undefined, limit?: number | null): Sample[] =>
    value === undefined ? [] : [samplesOf(probe)(what, unit, value, limit ?? null)]

/** What a probe leaves behind besides its series. */
export type Parting = {
  /** What a reader should know to believe its series, or the run. */
  readonly caveats?: readonly Caveat[]
  /** What it saw that is no series: the slowest queries, a table without an index. */
  readonly observations?: readonly Observation[]
  /** Series whose values have moments of their own, not those at which it was read. */
  readonly series?: readonly Series[]
  /** What is kept beside the run. */
  readonly files?: readonly KeptFile[]
}

/** `path`: within the run's folder, with / between its parts. */
export type KeptFile = { readonly path: string; readonly content: Uint8Array }

export type Probe = {
  readonly name: string
  /** As in the configuration; whoever makes it from there says so. Absent of those that watch perf itself. */
  readonly kind?: string
  /** How often it is read. */
  readonly every: Seconds
  /** Gets ready; the load does not wait for it. @throws {Error} whose message says what was missing: the probe is left out then */
  start(signal: AbortSignal): Promise<void>
  /** What it must see of a target without load, once it has started: the load waits for it, at most so long. */
  readonly beforeLoad?: { readonly most: Seconds; readonly look: (signal: AbortSignal) => Promise<void> }
  /** What it does that a user should know before the load, in one line. */
  readonly announcement?: string
  /** The load begins so many milliseconds from now: second 0 of the moments that it tells itself. */
  begin?(from: number): void
  /**
   * What there is to tell now.
   * @param at seconds since the start of the load, for what it says later
   * @throws {Error} whose message says what went wrong: a gap in all of its series
   */
  read(signal: AbortSignal, at?: Seconds): Promise<readonly Sample[]>
  /** Where its source tells of a moment only later: how long its stop may wait for that. Others let go within 5 s. */
  readonly waits?: { readonly most: Seconds; readonly what: string }
  /** Lets go of everything. @param hurry nobody wants to wait any longer: what is there by now is taken */
  stop(hurry?: AbortSignal): Promise<Parting>
}
