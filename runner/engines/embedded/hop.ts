/** What goes over the wire: the first request that a journey asks for, and those that redirects make of it. */
import { randomBytes } from 'node:crypto'
import type { Method, RequestOptions } from '../../../scenarios/journey.ts'
import { type EncodedBody, encodeBody, mergeHeaders, redirectOf, resolveLocation, withQuery } from '../virtual-user/request.ts'
import type { Route, Routes } from './routes.ts'

export type Hop = {
  readonly method: Method
  readonly route: Route
  /** Alternating name and value, without what the user's cookies add. */
  readonly headers: string[]
  readonly body: string | Uint8Array | null
}

const boundary = `perf-${randomBytes(18).toString('hex')}`

// Headers that would tell one host's secrets to another one, or are meant for the first alone.
const forOneOrigin: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'host'])
const ofBody: ReadonlySet<string> = new Set(['content-type', 'content-length', 'content-encoding', 'content-language', 'content-location'])

const without = (headers: readonly string[], names: ReadonlySet<string>): string[] =>
  headers.filter((_, at) => !names.has((headers[at - (at % 2)] ?? '').toLowerCase()))

export const hasHeader = (headers: readonly string[], wanted: string): boolean =>
  headers.some((name, at) => at % 2 === 0 && name.length === wanted.length && name.toLowerCase() === wanted)

export const flat = (headers: Readonly<Record<string, string>>): string[] => Object.entries(headers).flat()

const bytesOf = (content: EncodedBody['content'] | undefined): string | Uint8Array | null => {
  if (content === undefined) return null
  if (typeof content === 'string' || content instanceof Uint8Array) return content
  return Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}

export type BaseHeaders = { readonly byName: Readonly<Record<string, string>>; readonly flat: string[] }

export const firstHop = (routes: Routes, base: BaseHeaders, method: Method, url: string, options: RequestOptions | undefined): Hop => {
  if (options === undefined) {
    const route = routes.to(method, url)
    return { method, route, headers: withLogin(base.flat, route), body: null }
  }
  const route = routes.to(method, withQuery(url, options.query))
  const body = encodeBody(options, boundary)
  const ofContent = body?.contentType === undefined ? undefined : { 'content-type': body.contentType }
  const headers = ofContent || options.headers ? flat(mergeHeaders(base.byName, ofContent, options.headers)) : base.flat
  return { method, route, headers: withLogin(headers, route), body: bytesOf(body?.content) }
}

const withLogin = (headers: string[], { login }: Route): string[] =>
  login === undefined || hasHeader(headers, 'authorization') ? headers : [...headers, 'authorization', login]

/** Where a redirect leads; undefined when the answer is none. @param location the answer's header */
export const nextHop = (routes: Routes, hop: Hop, status: number, location: string | undefined): Hop | undefined => {
  const redirect = redirectOf(status, hop.method)
  if (redirect === undefined || !location) return undefined
  const route = routes.to(redirect.method, resolveLocation(hop.route.url, location))
  let { headers } = hop
  if (!redirect.keepsBody) headers = without(headers, ofBody)
  if (route.origin !== hop.route.origin) headers = without(headers, forOneOrigin)
  return { method: redirect.method, route, headers: withLogin(headers, route), body: redirect.keepsBody ? hop.body : null }
}
