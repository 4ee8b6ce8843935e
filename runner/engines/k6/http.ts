/**
 * Runs inside k6: `http.get` and its siblings on k6's own synchronous requests. Redirects are followed here, hop by hop, so that each hop
 * has its own endpoint and times, as in the embedded engine. The promises are real and settled already: k6 has waited by then.
 */
import http from 'k6/http'
import type { BatchRequest, Http, HttpResponse, Method, RequestOptions } from '../../../scenarios/journey.ts'
import { seconds } from '../../../scenarios/units.ts'
import { defaultRedirects, encodeBody, endpointName, joinUrl, mergeHeaders, originOf, redirectOf, resolveLocation, withQuery } from '../virtual-user/request.ts'
import { verbsOf } from '../virtual-user/verbs.ts'
import { Answer, type K6Response } from './answer.ts'
import { bodyOf } from './body.ts'
import { type RequestRecorder, requestRecorder, type Visit } from './request-recorder.ts'

export type { Visit } from './request-recorder.ts'

type K6Params = {
  readonly tags: { readonly name: string }
  readonly redirects: 0
  readonly timeout: number
  readonly headers?: Readonly<Record<string, string>>
  readonly responseCallback?: object
}
/** One request as k6 takes it, and what is needed to follow its redirects. */
type Hop = { readonly method: Method; readonly url: string; readonly body: string | ArrayBuffer | null; readonly params: K6Params }

const defaultTimeout = 60_000 // milliseconds
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

export const clientFor = ({ target, headers: common, visit }: { target: string; headers: Readonly<Record<string, string>>; visit: Visit }): Http => {
  const boundary = `perf-${Array.from({ length: 36 }, () => Math.floor(Math.random() * 16).toString(16)).join('')}`
  const commonHeaders = Object.keys(common).length > 0 ? common : undefined
  const plain = new Map<string, Hop>()
  const recorder: RequestRecorder = requestRecorder(visit)

  const plainHop = (method: Method, path: string): Hop => {
    const key = `${method} ${path}`
    const known = plain.get(key)
    if (known !== undefined) return known
    const url = joinUrl(target, path)
    const params: K6Params = {
      tags: { name: endpointName(method, url, target) },
      redirects: 0,
      timeout: defaultTimeout,
      ...(commonHeaders && { headers: commonHeaders }),
    }
    const hop: Hop = { method, url, body: null, params }
    if (plain.size >= mostRoutes) plain.clear()
    plain.set(key, hop)
    return hop
  }

  const hopWith = (method: Method, path: string, options: RequestOptions): Hop => {
    const url = joinUrl(target, withQuery(path, options.query))
    const body = encodeBody(options, boundary)
    const contentType = body?.contentType === undefined ? undefined : { 'content-type': body.contentType }
    const headers = commonHeaders || contentType || options.headers ? mergeHeaders(common, contentType, options.headers) : undefined
    const params: K6Params = {
      tags: { name: options.endpoint ?? endpointName(method, url, target) },
      redirects: 0,
      timeout: options.timeout === undefined ? defaultTimeout : seconds(options.timeout) * 1000,
      ...(headers && { headers }),
      ...(options.expect !== undefined && { responseCallback: callbackFor(options.expect, (options.redirects ?? defaultRedirects) > 0) }),
    }
    return { method, url, body: body === undefined ? null : bodyOf(body.content), params }
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
    const params: K6Params = {
      ...hop.params,
      headers,
      tags: { name: endpointName(redirect.method, url, target) },
      timeout: Math.max(1, timeLeft),
      ...(options?.expect !== undefined && { responseCallback: callbackFor(options.expect, redirectsLeft > 1) }),
    }
    return { method: redirect.method, url, body: redirect.keepsBody ? hop.body : null, params }
  }

  /** Records an answer and follows where it leads. */
  const finish = (first: Hop, answered: K6Response, options: RequestOptions | undefined): HttpResponse => {
    let hop = first
    let response = answered
    let redirects = options?.redirects ?? defaultRedirects
    let timeLeft = hop.params.timeout
    for (;;) {
      const next = response.status >= 300 && response.status < 400 && redirects > 0 ? nextHop(hop, response, options, redirects, timeLeft) : undefined
      const outcome = recorder(response, hop.params.tags.name, hop.params.timeout, options, next !== undefined)
      if (next === undefined) return new Answer(response, hop.url, outcome)
      timeLeft -= response.timings.blocked + response.timings.duration
      redirects -= 1
      hop = next
      response = send(hop)
    }
  }

  const request = (method: Method, url: string, options?: RequestOptions): Promise<HttpResponse> => {
    try {
      const hop = options === undefined ? plainHop(method, url) : hopWith(method, url, options)
      return Promise.resolve(finish(hop, send(hop), options))
    } catch (error) {
      return Promise.reject(error) // a mistake in the request, such as a header that is none; no figure may hold it
    }
  }

  const batch = async (requests: readonly BatchRequest[]): Promise<HttpResponse[]> => {
    const hops = requests.map(([method, url, options]) => (options === undefined ? plainHop(method, url) : hopWith(method, url, options)))
    const answers = http.batch(hops.map(({ method, url, body, params }) => ({ method, url, body, params })) as never) as unknown as K6Response[]
    return hops.map((hop, index) => finish(hop, answers[index] as K6Response, requests[index]?.[2]))
  }

  return { ...verbsOf(request), batch }
}
