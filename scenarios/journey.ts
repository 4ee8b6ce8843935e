/**
 * The authoring API: what a scenario file may say. Types and data only; each engine brings the virtual user that acts.
 * A journey gets everything it may use from its one argument, so the same function runs in Node and inside k6.
 */
import type { Shape } from './shape.ts'
import type { Duration } from './units.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
export type Primitive = string | number | boolean
export type Json = null | Primitive | readonly Json[] | { readonly [key: string]: Json }

/** A part of a multipart body that is a file. `content` is text, or bytes. */
export type FilePart = { readonly filename: string; readonly content: string | Uint8Array; readonly type?: string }

export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>>
  /** Added to the URL, encoded; `undefined` values are left out. */
  readonly query?: Readonly<Record<string, Primitive | undefined>>
  /** Name of the endpoint in budgets and reports. @default method and path, ids replaced by `:id` */
  readonly endpoint?: string
  /** Limit of the whole request, set-up included; reaching it is a failure of kind `timeout`. @default '60s' */
  readonly timeout?: Duration
  /** Redirects followed; each hop is a request of its own. 0 returns the redirect itself. @default 10 */
  readonly redirects?: number
  /** Statuses that are no failure. @default 200 to 399 */
  readonly expect?: number | readonly number[]
  /** Kept with the run: numbers of requests per tag value. Few values, please: never an id. */
  readonly tags?: Readonly<Record<string, string>>
} & (
  | { readonly body?: string | Uint8Array; readonly json?: never; readonly form?: never; readonly multipart?: never }
  /** Sent as JSON, with its content type. */
  | { readonly json: Json | object; readonly body?: never; readonly form?: never; readonly multipart?: never }
  /** Sent URL-encoded, with its content type. */
  | { readonly form: Readonly<Record<string, Primitive>>; readonly body?: never; readonly json?: never; readonly multipart?: never }
  /** Sent as multipart/form-data, with a boundary of its own. */
  | { readonly multipart: Readonly<Record<string, Primitive | FilePart>>; readonly body?: never; readonly json?: never; readonly form?: never }
)

export type HttpResponse = {
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** Names in lower case; several values of one header joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** URL of the last hop. */
  readonly url: string
  /** True when the request counts as a success: an answer came, with an expected status. */
  readonly ok: boolean
  /** Kind of failure when no answer came: `timeout`, `refused`, `reset`, `dns`, `tls`, `blocked` …; else undefined. */
  readonly error: string | undefined
  /** Milliseconds from sending to the last byte. */
  readonly serviceTime: number
  /** @throws {SyntaxError} when the body is no JSON */
  json<T = unknown>(): T
}

export type BatchRequest = readonly [method: Method, url: string, options?: RequestOptions]

/** Paths are relative to the target; an absolute URL must be on the allow-list. A failed request is a response too: nothing is thrown. */
export type Http = {
  get(url: string, options?: RequestOptions): Promise<HttpResponse>
  head(url: string, options?: RequestOptions): Promise<HttpResponse>
  post(url: string, options?: RequestOptions): Promise<HttpResponse>
  put(url: string, options?: RequestOptions): Promise<HttpResponse>
  patch(url: string, options?: RequestOptions): Promise<HttpResponse>
  delete(url: string, options?: RequestOptions): Promise<HttpResponse>
  options(url: string, options?: RequestOptions): Promise<HttpResponse>
  request(method: Method, url: string, options?: RequestOptions): Promise<HttpResponse>
  /** Several requests at once, as a browser fetches a page's assets; answers in the order asked. */
  batch(requests: readonly BatchRequest[]): Promise<HttpResponse[]>
}

/** Rows of a CSV or JSON file, handed out by `take`. The file's path is relative to the scenario file. */
export type Feed<Row> = {
  readonly kind: 'feed'
  readonly path: string
  readonly format: 'csv' | 'json'
  readonly scope: 'shared' | 'user'
  readonly order: 'sequential' | 'random'
  /** Carries the row's type; never present at run time. */
  readonly row?: Row
}

/** A number of your own: a `counter` adds up, a `trend` keeps the distribution (milliseconds or any unit). */
export type Metric = { readonly kind: 'counter' | 'trend'; readonly name: string }

/** What one virtual user can do. `Setup` is what the scenario's `setup` returned. */
export type VirtualUser<Setup = unknown> = {
  readonly http: Http
  /** Counts each named condition as passed or failed; returns whether all passed. A failed check fails no request. */
  check<T>(subject: T, conditions: Readonly<Record<string, (subject: T) => boolean>>): boolean
  /** Waits as a person does; a pair draws evenly between both. Think time is in no response or journey time. */
  think(duration: Duration, until?: Duration): Promise<void>
  /** Names a part of the journey; its time is kept as `group_time`. Groups nest. */
  group<T>(name: string, part: () => T | Promise<T>): Promise<T>
  /** This arrival's row: the same one however often it is taken within an iteration. */
  take<Row>(feed: Feed<Row>): Row
  add(metric: Metric, value?: number): void
  readonly setup: Setup
  /** Values given by `-e NAME=value` or the configuration's `env`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /**
   * A secret named in the configuration, or given as PERF_SECRET_<NAME>. Redacted wherever it would be written.
   * @throws {Error} when there is none of that name
   */
  secret(name: string): string
  /** Number of this virtual user, from 1. */
  readonly user: number
  /** Number of this arrival in the run, from 0. */
  readonly arrival: number
  /** Next number in [0, 1), drawn from the run's seed and this arrival: repeats with the seed. */
  random(): number
}

export type Journey<Setup = unknown> = {
  readonly kind: 'journey'
  readonly name: string
  readonly run: (user: VirtualUser<Setup>) => unknown
  /** Its awaits were compiled away, for an engine whose API has its answers at once; `run` takes them for promises no more. */
  readonly isSynchronous?: true
}

export type Scenario<Setup = unknown> = {
  readonly kind: 'scenario'
  readonly shape?: Shape
  /** A shape for a test type, used by `perf run <type>` in place of the type's own. */
  readonly tests?: Readonly<Partial<Record<TestType, Shape>>>
  readonly journeys: readonly { readonly weight: number; readonly journey: Journey<Setup> }[]
  readonly setup?: (user: VirtualUser<undefined>) => Setup | Promise<Setup>
  readonly teardown?: (user: VirtualUser<Setup>) => unknown
  readonly keepCookies: boolean
  /** Headers sent with every request. */
  readonly headers: Readonly<Record<string, string>>
}

export const testTypes = ['smoke', 'baseline', 'stress', 'spike', 'soak', 'breakpoint'] as const
export type TestType = (typeof testTypes)[number]

/**
 * Feeds and metrics of the scenario being loaded. An engine must open files and create metrics before load starts,
 * and these calls stand at the top of a module, so they leave their declarations here.
 */
export const declared: { readonly feeds: Feed<unknown>[]; readonly metrics: Metric[] } = { feeds: [], metrics: [] }

/**
 * What a virtual user does in one iteration.
 * @example
 * const browse = journey('browse', async ({ http, check, think }) => {
 *   const page = await http.get('/')
 *   check(page, { 'the shop answers': (response) => response.status === 200 })
 *   await think('1s', '3s')
 * })
 */
export const journey = <Setup = unknown>(name: string, run: (user: VirtualUser<Setup>) => unknown): Journey<Setup> => ({ kind: 'journey', name, run })

/** What the bundle for k6 calls in place of `journey`, where it compiled a journey's awaits away. */
export const synchronousJourney = <Setup = unknown>(name: string, run: (user: VirtualUser<Setup>) => unknown): Journey<Setup> => ({
  kind: 'journey',
  name,
  run,
  isSynchronous: true,
})

export type ScenarioDefinition<Setup> = {
  readonly shape?: Shape
  readonly tests?: Readonly<Partial<Record<TestType, Shape>>>
  /** One journey, or several with weights; a weight is relative to the others. */
  readonly journeys: readonly [Weighted<Setup> | Journey<NoInfer<Setup>>, ...(Weighted<Setup> | Journey<NoInfer<Setup>>)[]]
  /** Runs once before the load; what it returns (JSON) is every journey's `setup`. */
  readonly setup?: (user: VirtualUser<undefined>) => Setup | Promise<Setup>
  /** Runs once after the load. */
  readonly teardown?: (user: VirtualUser<NoInfer<Setup>>) => unknown
  /** Keep a user's cookies from one iteration to the next. @default false: every arrival is a new visitor */
  readonly keepCookies?: boolean
  readonly headers?: Readonly<Record<string, string>>
}
type Weighted<Setup> = { readonly weight: number; readonly journey: Journey<NoInfer<Setup>> }

/**
 * The default export of a scenario file.
 * @throws {RangeError} when there is no journey, two share a name, or a weight is not above 0
 */
export const scenario = <Setup = unknown>(definition: ScenarioDefinition<Setup>): Scenario<Setup> => {
  const journeys = definition.journeys.map((entry) => ('weight' in entry ? entry : { weight: 1, journey: entry }))
  if (journeys.length === 0) throw new RangeError('The scenario has no journeys. A virtual user needs something to do. Add one: journeys: [journey(…)].')
  for (const { weight, journey } of journeys) {
    if (!(weight > 0 && Number.isFinite(weight)))
      throw new RangeError(`Journey "${journey.name}" has weight ${weight}. Weights are numbers above 0. Give it one, or leave the journey out.`)
    if (journeys.filter((other) => other.journey.name === journey.name).length > 1)
      throw new RangeError(`Two journeys are called "${journey.name}". Their figures could not be told apart. Rename one.`)
  }
  const { shape, tests, setup, teardown } = definition
  return {
    kind: 'scenario',
    journeys,
    keepCookies: definition.keepCookies ?? false,
    headers: definition.headers ?? {},
    ...(shape && { shape }),
    ...(tests && { tests }),
    ...(setup && { setup }),
    ...(teardown && { teardown }),
  }
}

type FeedOptions = {
  /** `shared`: arrival n takes row n. `user`: each user goes through the rows on its own. @default 'shared' */
  readonly scope?: 'shared' | 'user'
  /** `random` draws from the run's seed. After the last row a sequential feed starts again. @default 'sequential' */
  readonly order?: 'sequential' | 'random'
}

const feed = <Row>(path: string, format: 'csv' | 'json', { scope = 'shared', order = 'sequential' }: FeedOptions): Feed<Row> => {
  const declaration: Feed<Row> = { kind: 'feed', path, format, scope, order }
  declared.feeds.push(declaration)
  return declaration
}

/** Rows of a CSV file with a header line; every value is text. @example const accounts = csv<{ name: string }>('accounts.csv') */
export const csv = <Row = Readonly<Record<string, string>>>(path: string, options: FeedOptions = {}): Feed<Row> => feed(path, 'csv', options)

/** Rows of a JSON file that holds an array. */
export const json = <Row = Json>(path: string, options: FeedOptions = {}): Feed<Row> => feed(path, 'json', options)

const metric = (kind: Metric['kind'], name: string): Metric => {
  if (!/^[a-z][a-z0-9_]{1,60}$/.test(name))
    throw new RangeError(
      `Metric "${name}" can't be named so. Names are 2 to 61 lower-case letters, digits and underscores. Choose another, such as orders_placed.`,
    )
  const declaration: Metric = { kind, name }
  declared.metrics.push(declaration)
  return declaration
}

/** A sum of your own, added to by `add(orders)` or `add(revenue, 19.9)`. Declare it at the top of the file. */
export const counter = (name: string): Metric => metric('counter', name)

/** A distribution of your own, added to by `add(cartSize, 3)`. Values ≥ 0. Declare it at the top of the file. */
export const trend = (name: string): Metric => metric('trend', name)
