/**
 * Runs inside k6: `http.get` and its siblings on k6's own synchronous requests. Redirects are followed here, hop by hop, so that each hop
 * has its own endpoint and times, as in the embedded engine. k6 has waited by then: journeys whose awaits were compiled away get the answers,
 * the others promises that are settled already.
 */
import http from 'k6/http'
import type { BatchRequest, Http, HttpResponse, Method, RequestOptions } from '../../../scenarios/journey.ts'
import { seconds } from '../../../scenarios/units.ts'
import {
  defaultRedirects,
  encodeBody,
  endpointName,
  joinUrl,
  mergeHeaders,
  originOf,
  pathOf,
  redirectOf,
  resolveLocation,
  withQuery,
} from '../virtual-user/request.ts'
import { verbsOf } from '../virtual-user/verbs.ts'
import { Answer, type K6Response } from './answer.ts'
import { bodyOf } from './body.ts'
import type { Known } from './metric-names.ts'
import { requestRecorder, type Successes, type Visit } from './request-recorder.ts'

export type { Visit } from './request-recorder.ts'

type K6Params = {
  /** Left out where k6's own name, the URL, says the endpoint. */
  readonly tags?: { readonly name: string }
  readonly redirects: 0
  /** Left out where it is k6's own. */
  readonly timeout?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly responseCallback?: object
  readonly responseType?: 'text'
}
/** One request as k6 takes it, and what is needed to follow its redirects. */
type Hop = {
  readonly method: Method
  readonly url: string
  readonly body: string | ArrayBuffer | null
  readonly params: K6Params
  readonly endpoint: string
  readonly timeout: number
}
/** A request without options, made again and again. */
type PlainHop = Hop & { readonly successes: Successes }

/** The API as journeys see it whose awaits were compiled away. */
export type SynchronousHttp = {
  readonly [Name in keyof Http]: (...given: Parameters<Http[Name]>) => Awaited<ReturnType<Http[Name]>>
}

const defaultTimeout = 60_000 // milliseconds; k6's own, too
const mostRoutes = 2000 // paths with ids in them: a cache of them all would only grow
const forOneOrigin = /^(authorization|cookie|proxy-authorization|host)$/i
const ofBody = /^content-(type|length|encoding|language|location)$/i

const without = (headers: Readonly<Record<string, string>>, names: RegExp): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)))

/** Statuses that k6 may take for a success; a redirect that is going to be followed is one, whatever the final answer should be. */
const callbacks = new Map<string, object>()
const callbackFor = (expect: number | readonly number[], follows: boolean): object => {
  const statuses = [...(typeof expect === 'number' ? [expect] : expect), ...(follows ? [301, 302, 303, 307, 308] : [])]
  const key = statuses.join()
  const known = callbacks.get(key)
  if (known !== undefined) return known
  const fresh = http.expectedStatuses(...statuses)
  callbacks.set(key, fresh)
  return fresh
}

/** k6 writes a path with other characters in its own way, and a path with ids would be a series for each. */
const saysItself = (endpoint: string, method: Method, url: string): boolean => {
  const path = pathOf(url)
  return endpoint === `${method} ${path}` && /^[\w./~-]*$/.test(path)
}

type Setting = { readonly target: string; readonly headers: Readonly<Record<string, string>>; readonly visit: Visit; readonly known: Known }

type Client = {
  readonly promised: Http
  readonly synchronous: SynchronousHttp
  /** One request made again and again, whose answers nobody reads; needs k6's {@link soleOptions}. */
  readonly repeated: (method: Method, path: string) => () => void
}

/** The two faces of one client: answers for compiled journeys, promises of them for the others. */
export const clientFor = ({ target, headers: common, visit, known: knownBefore }: Setting): Client => {
  const boundary = `perf-${Array.from({ length: 36 }, () => Math.floor(Math.random() * 16).toString(16)).join('')}`
  const always: K6Params = { redirects: 0, ...(knownBefore.sole && { responseType: 'text' }) }
  const commonHeaders = Object.keys(common).length > 0 ? common : undefined
  const plain = new Map<Method, Map<string, PlainHop>>()
  const { successesOf, succeeded, record } = requestRecorder(visit, knownBefore)

  /** What k6's options can't say. */
  const ownParams = (endpoint: string, method: Method, url: string): Pick<K6Params, 'tags' | 'headers'> => ({
    ...(!saysItself(endpoint, method, url) && { tags: { name: endpoint } }),
    ...(commonHeaders && { headers: commonHeaders }),
  })
  const freshHop = (hops: Map<string, PlainHop>, method: Method, path: string): PlainHop => {
    const url = joinUrl(target, path)
    const endpoint = endpointName(method, url, target)
    const params: K6Params = { ...always, ...ownParams(endpoint, method, url) }
    const hop: PlainHop = { method, url, body: null, params, endpoint, timeout: defaultTimeout, successes: successesOf(endpoint) }
    if (hops.size >= mostRoutes) hops.clear()
    hops.set(path, hop)
    return hop
  }
  const plainHop = (method: Method, path: string): PlainHop => {
    let hops = plain.get(method)
    if (hops === undefined) {
      hops = new Map()
      plain.set(method, hops)
    }
    return hops.get(path) ?? freshHop(hops, method, path)
  }

  const hopWith = (method: Method, path: string, options: RequestOptions): Hop => {
    const url = joinUrl(target, withQuery(path, options.query))
    const body = encodeBody(options, boundary)
    const contentType = body?.contentType === undefined ? undefined : { 'content-type': body.contentType }
    const headers = commonHeaders || contentType || options.headers ? mergeHeaders(common, contentType, options.headers) : undefined
    const endpoint = options.endpoint ?? endpointName(method, url, target)
    const timeout = options.timeout === undefined ? defaultTimeout : seconds(options.timeout) * 1000
    const params: K6Params = {
      ...((options.endpoint !== undefined || !saysItself(endpoint, method, url)) && { tags: { name: endpoint } }),
      ...always,
      ...(timeout !== defaultTimeout && { timeout }),
      ...(headers && { headers }),
      ...(options.expect !== undefined && { responseCallback: callbackFor(options.expect, (options.redirects ?? defaultRedirects) > 0) }),
    }
    return { method, url, body: body === undefined ? null : bodyOf(body.content), params, endpoint, timeout }
  }

  const send = ({ method, url, body, params }: Hop): K6Response => http.request(method, url, body, params as never) as unknown as K6Response

  const nextHop = (hop: Hop, response: K6Response, options: RequestOptions | undefined, redirectsLeft: number, timeLeft: number): Hop | undefined => {
    const redirect = redirectOf(response.status, hop.method)
    const location = response.headers.Location
    if (redirect === undefined || !location) return undefined
    const url = resolveLocation(hop.url, location)
    let headers = hop.params.headers ?? {}
    if (!redirect.keepsBody) headers = without(headers, ofBody)
    if (originOf(url) !== originOf(hop.url)) headers = without(headers, forOneOrigin)
    const endpoint = endpointName(redirect.method, url, target)
    const timeout = Math.max(1, timeLeft)
    const params: K6Params = {
      ...hop.params,
      headers,
      tags: { name: endpoint },
      timeout,
      ...(options?.expect !== undefined && { responseCallback: callbackFor(options.expect, redirectsLeft > 1) }),
    }
    return { method: redirect.method, url, body: redirect.keepsBody ? hop.body : null, params, endpoint, timeout }
  }

  /** Records an answer and follows where it leads. */
  const finish = (first: Hop, answered: K6Response, options: RequestOptions | undefined): HttpResponse => {
    let hop = first
    let response = answered
    let redirects = options?.redirects ?? defaultRedirects
    let timeLeft = hop.timeout
    for (;;) {
      const next = response.status >= 300 && response.status < 400 && redirects > 0 ? nextHop(hop, response, options, redirects, timeLeft) : undefined
      const outcome = record(response, hop.endpoint, hop.timeout, options, next !== undefined)
      if (next === undefined) return new Answer(response, hop.url, outcome)
      timeLeft -= response.timings.blocked + response.timings.duration
      redirects -= 1
      hop = next
      response = send(hop)
    }
  }

  const plainly = (hop: PlainHop): HttpResponse => {
    const response = send(hop)
    const { status } = response
    return status >= 200 && status < 300 ? new Answer(response, hop.url, succeeded(response, hop.successes)) : finish(hop, response, undefined)
  }
  const repeated = (method: Method, path: string): (() => void) => {
    const hop = plainHop(method, path)
    const { url, endpoint, successes } = hop
    const own = ownParams(endpoint, method, url)
    const params = Object.keys(own).length > 0 ? own : null
    return () => {
      const response = http.request(method, url, null, params as never) as unknown as K6Response
      const { status } = response
      if (status >= 200 && status < 300) succeeded(response, successes)
      else finish(hop, response, undefined)
    }
  }
  const request = (method: Method, url: string, options?: RequestOptions): HttpResponse => {
    if (options === undefined) return plainly(plainHop(method, url))
    const hop = hopWith(method, url, options)
    return finish(hop, send(hop), options)
  }
  const batch = (requests: readonly BatchRequest[]): HttpResponse[] => {
    const hops = requests.map(([method, url, options]) => (options === undefined ? plainHop(method, url) : hopWith(method, url, options)))
    const answers = http.batch(hops.map(({ method, url, body, params }) => ({ method, url, body, params })) as never) as unknown as K6Response[]
    return hops.map((hop, index) => finish(hop, answers[index] as K6Response, requests[index]?.[2]))
  }

  // A mistake in the request, such as a header that is none, is thrown or rejected; no figure may hold it.
  const promisedRequest: Http['request'] = (method, url, options) => {
    try {
      return Promise.resolve(request(method, url, options))
    } catch (error) {
      return Promise.reject(error)
    }
  }
  return { promised: { ...verbsOf(promisedRequest), batch: async (requests) => batch(requests) }, synchronous: { ...verbsOf(request), batch }, repeated }
}
