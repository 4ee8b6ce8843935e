/** The Plan: a scenario bound to everything that shapes its run, in one printable object without secrets. */
import type { TestType } from '../scenarios/journey.ts'
import type { Shape } from '../scenarios/shape.ts'
import type { Seconds } from '../scenarios/units.ts'
import type { BreakpointTest, WarmUp } from './run.ts'
import type { Sizing } from './sizing.ts'
import type { SweepPlan } from './sweep.ts'

export type Target = {
  /** Base URL of the scenario's relative paths, without a trailing slash. */
  readonly url: string
  readonly hostname: string
  /** Addresses the name stood for when it was checked; engines connect to these and no others. */
  readonly addresses: readonly string[]
}

/** Where load may go. Engines enforce it at each connection, redirects included. */
export type Boundary = {
  /** Host names besides loopback, each with the addresses that were checked. */
  readonly hosts: readonly { readonly hostname: string; readonly addresses: readonly string[] }[]
}

/** Where the virtual user's code is. */
export type Source =
  | { readonly kind: 'scenario'; readonly file: string /** k6's own modules that it imports, such as `k6/ws`. */; readonly k6Modules: readonly string[] }
  /** An existing k6 script. */
  | { readonly kind: 'script'; readonly file: string; readonly keepOptions: boolean }

export type JourneyShare = { readonly name: string; readonly weight: number }

export type LoadedFeed = { readonly path: string; readonly rows: readonly unknown[] }

export type Plan = {
  readonly id: string
  readonly test: TestType | 'custom'
  readonly source: Source
  readonly journeys: readonly JourneyShare[]
  readonly target: Target
  readonly boundary: Boundary
  readonly shape: Shape
  /** What will count in no figure. It is decided here and never after the load, when everybody knows which seconds look bad. */
  readonly warmUp?: WarmUp
  /** Arrivals the shape is going to make. */
  readonly planned: number
  readonly engine: { readonly name: EngineName; readonly because: string }
  readonly seed: number
  /** Worker threads of the embedded engine. */
  readonly workers: number
  /** Virtual users: how many may work at once. An arrival that finds none free is dropped. */
  readonly users: number
  /** Where the number of users comes from; absent where it is simply given. */
  readonly sizing?: Sizing
  /** Most connections to one origin at once (embedded engine); requests beyond them stand in line. Undefined: as many as it takes. */
  readonly connections?: number | undefined
  /** How long journeys may go on after the last arrival. */
  readonly gracefulStop: Seconds
  readonly env: Readonly<Record<string, string>>
  /** Names of secrets; their values travel apart, in {@link Workplace}. */
  readonly secretNames: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly keepCookies: boolean
  /** Accept any TLS certificate. */
  readonly insecure: boolean
  /** Makes the run a closed-loop sweep, in place of journeys and rates. */
  readonly sweep?: SweepPlan
  /** What a breakpoint test is asked to hold, and of how many instances. */
  readonly breakpoint?: BreakpointTest
}

export type EngineName = 'embedded' | 'k6' | 'autocannon' | 'replay'
