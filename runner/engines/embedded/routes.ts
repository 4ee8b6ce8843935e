/** Where a URL leads: its connections, its path on the wire and its name in the figures, worked out once for each URL. */
import type { Method } from '../../../scenarios/journey.ts'
import { endpointName, joinUrl, originOf, pathOf } from '../virtual-user/request.ts'
import type { EndpointRecorder } from './cell-recorder.ts'
import { type ConnectionOptions, Connections, type Traffic } from './connections.ts'
import type { Recorder } from './recorder.ts'

export type Route = {
  readonly url: string
  readonly origin: string
  readonly path: string
  /** Name and port, as the header `host` has them. */
  readonly host: string
  readonly connections: Connections
  readonly endpoint: EndpointRecorder
  /** Value of the Authorization header that a URL with a login stands for. */
  readonly login: string | undefined
  /** What opens a request that brings nothing of its own, once there was one. */
  plainHead: string | undefined
}

const mostRoutes = 5000 // paths with ids in them: a cache of them all would only grow

/** Basic authentication from a URL such as http://name:secret@host/. */
const loginOf = (url: string): string | undefined => {
  const login = /^[^/]*\/\/([^@/?#]*)@/.exec(url)?.[1]
  return login === undefined ? undefined : `Basic ${Buffer.from(decodeURIComponent(login)).toString('base64')}`
}

export class Routes {
  readonly #origins = new Map<string, Connections>()
  readonly #routes = new Map<string, Route>()

  constructor(
    private readonly target: string,
    private readonly options: ConnectionOptions,
    private readonly recorder: Recorder,
    private readonly traffic: Traffic,
    private readonly now: () => number,
  ) {}

  /** @throws {Error} when the URL is neither http:// nor https:// */
  to(method: Method, url: string): Route {
    const key = `${method} ${url}`
    const known = this.#routes.get(key)
    if (known) return known
    const whole = joinUrl(this.target, url)
    const login = loginOf(whole)
    const href = login === undefined ? whole : whole.replace(/\/\/[^@/?#]*@/, '//')
    const origin = originOf(href)
    const endpoint = this.recorder.endpoint(endpointName(method, href, this.target))
    const host = origin.slice(origin.indexOf('//') + 2)
    const route: Route = { url: href, origin, path: pathOf(href), host, connections: this.connections(origin), endpoint, login, plainHead: undefined }
    if (this.#routes.size >= mostRoutes) this.#routes.clear()
    this.#routes.set(key, route)
    return route
  }

  connections(origin: string): Connections {
    const known = this.#origins.get(origin)
    if (known) return known
    if (!/^https?:\/\/[^/]/.test(origin))
      throw new Error(`"${origin}" is no address that can be loaded. Requests go to http:// and https:// URLs. Correct the URL.`)
    const fresh = new Connections(origin, this.options, this.traffic, this.now)
    this.#origins.set(origin, fresh)
    return fresh
  }

  close(): void {
    for (const connections of this.#origins.values()) connections.close()
  }
}
