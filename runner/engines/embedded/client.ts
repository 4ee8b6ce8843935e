/**
 * What `http.get` and its siblings do: sends, follows redirects hop by hop, keeps cookies, records each hop.
 *
 * A server may close an idle connection at the very moment a request is sent on it; the request then fails though nothing is wrong with
 * either. As Go's client (and so k6) does, GET, HEAD and OPTIONS are then sent once more on another connection, and count as one request:
 * the server never saw the first. Only after a second of idleness, because servers close what is idle for seconds: a connection cut
 * while in use is a failure of the target. If the second try is cut as well, both were real, and both count.
 */
import type { HttpResponse, Method, RequestOptions } from '../../../scenarios/journey.ts'
import { type Duration, seconds } from '../../../scenarios/units.ts'
import type { ErrorKind } from '../../run.ts'
import { defaultRedirects, isExpected, originOf } from '../virtual-user/request.ts'
import { Answer } from './answer.ts'
import { valuesOf } from './answer-head.ts'
import type { EndpointRecorder } from './cell-recorder.ts'
import type { ConnectionOptions, Traffic } from './connections.ts'
import type { Cookies } from './cookies.ts'
import { Deadlines } from './deadlines.ts'
import { Exchange } from './exchange.ts'
import { type BaseHeaders, firstHop, flat, type Hop, hasHeader, nextHop } from './hop.ts'
import type { Recorder } from './recorder.ts'
import { headOf } from './request-head.ts'
import { Routes } from './routes.ts'

/** The iteration that a request belongs to, as far as requests care. */
export type Visit = {
  /** Lag of the iteration when asked for the first time, 0 from then on. */
  takeLag(): number
  isUnavailable: boolean
  readonly cookies: Cookies
}

export type ClientOptions = ConnectionOptions & {
  readonly target: string
  /** Sent with every request that does not bring its own. */
  readonly headers: Readonly<Record<string, string>>
}

/** What the hops of one request have in common. */
type Errand = {
  readonly visit: Visit
  readonly tags: RequestOptions['tags']
  /** Moment at which every hop must be through. */
  readonly deadline: number
  endpoint: EndpointRecorder
  reachedAt: number
  lag: number
}

const defaultTimeout = 60_000 // milliseconds; k6's too
const idleEnough = 1000 // milliseconds; no server in common use closes connections that were idle for less
const repeatable: ReadonlySet<Method> = new Set(['GET', 'HEAD', 'OPTIONS'])

export class HttpClient {
  /** Requests that were sent twice because their connection had just been closed. */
  sentAgain = 0
  /** Requests that found all connections busy that may be open. */
  stoodInLine = 0
  /** What this machine ran out of, by code. */
  readonly shortages = new Map<string, number>()
  readonly #routes: Routes
  readonly #headers: BaseHeaders
  readonly #deadlines: Deadlines
  readonly #timeouts = new Map<Duration, number>()

  constructor(
    private readonly options: ClientOptions,
    private readonly recorder: Recorder,
    traffic: Traffic,
    private readonly now: () => number,
  ) {
    this.#routes = new Routes(options.target, options, recorder, traffic, now)
    this.#deadlines = new Deadlines(now)
    this.#headers = { byName: options.headers, flat: flat(options.headers) }
  }

  async request(visit: Visit, method: Method, url: string, options?: RequestOptions): Promise<HttpResponse> {
    const reachedAt = this.now()
    let hop = firstHop(this.#routes, this.#headers, method, url, options)
    const errand: Errand = {
      visit,
      tags: options?.tags,
      deadline: reachedAt + (options?.timeout === undefined ? defaultTimeout : this.#millisecondsOf(options.timeout)),
      endpoint: options?.endpoint === undefined ? hop.route.endpoint : this.recorder.endpoint(options.endpoint),
      reachedAt,
      lag: visit.takeLag(),
    }
    for (let left = options?.redirects ?? defaultRedirects; ; left--) {
      const exchange = await this.#send(errand, hop)
      const { error, status, head, hasCookies, endedAt } = exchange
      if (hasCookies) visit.cookies.keep(valuesOf(head, 'set-cookie'), hop.route.url)
      const next = status >= 300 && status < 400 && left > 0 ? nextHop(this.#routes, hop, status, valuesOf(head, 'location')[0]) : undefined
      // A redirect that is followed has done what it should, whatever the last hop is expected to answer.
      const failure = error ?? (next !== undefined || isExpected(status, options?.expect) ? undefined : (`HTTP ${status}` as const))
      this.#record(errand, exchange, failure)
      if (next === undefined) return new Answer(exchange, hop.route.url, failure === undefined)
      hop = next
      errand.endpoint = next.route.endpoint
      errand.reachedAt = endedAt
      errand.lag = 0
    }
  }

  /** Opens connections to the target, so that the first requests at a high rate don't all pay for one. */
  async warm(count: number): Promise<void> {
    await this.#routes.connections(originOf(this.options.target)).warm(count)
  }

  close(): void {
    this.#deadlines.clear()
    this.#routes.close()
  }

  async #send(errand: Errand, hop: Hop): Promise<Exchange> {
    const first = await this.#exchange(errand, hop)
    if (!first.gotNothing || first.idleBefore < idleEnough || !repeatable.has(hop.method) || hop.body !== null) return first
    const second = await this.#exchange(errand, hop)
    if (second.gotNothing) this.#record(errand, first, first.error)
    else this.sentAgain += 1
    return second
  }

  #exchange({ visit, deadline }: Errand, hop: Hop): Promise<Exchange> {
    const { method, route, body } = hop
    const head = this.#headOf(hop, visit.cookies.headerFor(route.url))
    return new Promise((resolve) => {
      new Exchange({ method, head, body }, deadline, this.#deadlines, route.connections, this.now, resolve)
    })
  }

  #headOf({ method, route, headers, body }: Hop, cookies: string | undefined): string {
    const isPlain = headers === this.#headers.flat && cookies === undefined && body === null
    if (isPlain && route.plainHead !== undefined) return route.plainHead
    const { path, host, url } = route
    // A journey that sets Cookie itself means it.
    const all = cookies === undefined || hasHeader(headers, 'cookie') ? headers : [...headers, 'cookie', cookies]
    try {
      const head = headOf({ method, path, host, headers: all, bodyLength: body === null ? undefined : Buffer.byteLength(body) })
      if (isPlain) route.plainHead = head
      return head
    } catch (error) {
      // Nothing was sent, so no figure may hold it, and the journey must not go on as if the target had failed.
      throw new Error(`${method} ${url} can't be sent: ${(error as Error).message}. Headers and paths must be valid HTTP. Correct the request.`)
    }
  }

  #record({ visit, endpoint, reachedAt, lag, tags }: Errand, exchange: Exchange, failure: ErrorKind | undefined): void {
    const { error, shortage, status, serviceTime, setupTime, endedAt } = exchange
    if ((error !== undefined && error !== 'blocked') || status >= 500) visit.isUnavailable = true
    if (exchange.stoodInLine) this.stoodInLine += 1
    if (shortage !== undefined) this.shortages.set(shortage, (this.shortages.get(shortage) ?? 0) + 1)
    this.recorder.requestEnded({ endpoint, status, failure, responseTime: lag + endedAt - reachedAt, serviceTime, setupTime, tags }, endedAt)
  }

  #millisecondsOf(duration: Duration): number {
    const known = this.#timeouts.get(duration)
    if (known !== undefined) return known
    const value = seconds(duration) * 1000
    this.#timeouts.set(duration, value)
    return value
  }
}
