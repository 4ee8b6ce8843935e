/**
 * What a request is made of: URL, query, headers, body, and what its answer's status means. Both engines build requests here.
 * Plain ES2022 string work, because k6 has no URL, Buffer or TextEncoder.
 */
import { endpointOf } from '../../../scenarios/endpoint.ts'
import type { FilePart, Method, Primitive, RequestOptions } from '../../../scenarios/journey.ts'

const absolute = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//

/** Characters that must not stand in a request line (spaces, controls, all beyond ASCII) percent-encoded, the rest left as written. */
const encodeUnsafe = (url: string): string => url.replace(/[^\u0021-\u007e]+/g, (unsafe) => encodeURIComponent(unsafe))

/**
 * Absolute URL of a path below a base, or of a URL that is absolute already; fragments go, unsafe characters are encoded.
 * @param base without a trailing slash
 * @example joinUrl('http://127.0.0.1:8080/app', '/cart') // 'http://127.0.0.1:8080/app/cart'
 */
export const joinUrl = (base: string, path: string): string => {
  const hash = path.indexOf('#')
  const plain = encodeUnsafe(hash < 0 ? path : path.slice(0, hash))
  if (absolute.test(plain)) return plain
  if (plain === '') return base // the target itself, which may be a page without a slash at its end
  return plain.startsWith('/') ? base + plain : `${base}/${plain}`
}

/** Scheme, host and port as one string in lower case, without a default port. @example originOf('HTTPS://Shop.example:443/a') // 'https://shop.example' */
export const originOf = (url: string): string => {
  const [whole = ''] = /^[^/]*\/\/[^/?#]*/.exec(url) ?? []
  const origin = whole.toLowerCase().replace(/\/\/[^@]*@/, '//')
  return origin.replace(origin.startsWith('https:') ? /:443$/ : /:80$/, '')
}

/** Path and query of an absolute URL. @example pathOf('http://127.0.0.1:8080?q=1') // '/?q=1' */
export const pathOf = (url: string): string => {
  const path = url.replace(/^[^/]*\/\/[^/?#]*/, '').replace(/#.*$/, '')
  return path.startsWith('/') ? path : `/${path}`
}

const withoutDots = (path: string): string => {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') {
      if (kept.length > 1) kept.pop()
    } else if (segment !== '.') kept.push(segment)
  }
  if (/\/\.\.?$/.test(path)) kept.push('') // `/a/.` and `/a/b/..` are the folder /a/
  return kept.join('/')
}

/** Absolute URL that a `Location` header means (RFC 3986 §5.2). @example resolveLocation('http://a/b/c?x=1', '../d') // 'http://a/d' */
export const resolveLocation = (current: string, location: string): string => {
  const target = encodeUnsafe(location.replace(/#.*$/, ''))
  if (absolute.test(target)) return target
  if (target.startsWith('//')) return current.slice(0, current.indexOf('//')) + target
  const authority = /^[^/]*\/\/[^/?#]*/.exec(current)?.[0] ?? ''
  const [path = ''] = pathOf(current).split('?')
  if (target === '') return authority + pathOf(current)
  if (target.startsWith('?')) return authority + path + target
  const [, targetPath = '', query = ''] = /^([^?]*)(.*)$/.exec(target) ?? []
  return authority + withoutDots(targetPath.startsWith('/') ? targetPath : path.slice(0, path.lastIndexOf('/') + 1) + targetPath) + query
}

/** @example withQuery('/search?page=1', { q: 'red shoes', size: undefined }) // '/search?page=1&q=red%20shoes' */
export const withQuery = (url: string, query: Readonly<Record<string, Primitive | undefined>> | undefined): string => {
  if (query === undefined) return url
  const pairs: string[] = []
  for (const name of Object.keys(query)) {
    const value = query[name]
    if (value !== undefined) pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  }
  if (pairs.length === 0) return url
  const [address = '', fragment] = url.split('#')
  const joint = !address.includes('?') ? '?' : address.endsWith('?') || address.endsWith('&') ? '' : '&'
  return address + joint + pairs.join('&') + (fragment === undefined ? '' : `#${fragment}`)
}

/** Name of a request in budgets and reports; a host other than the target's stands before the path. @example 'GET cdn.example/app.js' */
export const endpointName = (method: string, url: string, target: string): string => {
  const name = endpointOf(method, url)
  const origin = originOf(url)
  return origin === originOf(target) ? name : name.replace(' ', ` ${origin.slice(origin.indexOf('//') + 2)}`)
}

/** Header sets into one, later ones first in rank; names keep the spelling of the one that won. */
export const mergeHeaders = (...sets: readonly (Readonly<Record<string, string>> | undefined)[]): Record<string, string> => {
  const merged: Record<string, string> = {}
  const spelling: Record<string, string> = {}
  for (const set of sets) {
    if (set === undefined) continue
    for (const name of Object.keys(set)) {
      const known = spelling[name.toLowerCase()]
      if (known !== undefined) delete merged[known]
      spelling[name.toLowerCase()] = name
      merged[name] = String(set[name])
    }
  }
  return merged
}

const followed = [301, 302, 303, 307, 308]

/**
 * How a redirect goes on, or undefined when the status is none. 301, 302 and 303 become GET without a body, unless they were GET or HEAD
 * already (Go's rule, and so k6's; browsers keep PUT at 301); 307 and 308 repeat method and body.
 */
export const redirectOf = (status: number, method: Method): { readonly method: Method; readonly keepsBody: boolean } | undefined => {
  if (!followed.includes(status)) return undefined
  if (status >= 307) return { method, keepsBody: true }
  return { method: method === 'HEAD' ? 'HEAD' : 'GET', keepsBody: false }
}

export const defaultRedirects = 10

/** Whether a status is no failure. @param expect as in the request's options @default 200 to 399 */
export const isExpected = (status: number, expect: number | readonly number[] | undefined): boolean => {
  if (expect === undefined) return status >= 200 && status < 400
  return typeof expect === 'number' ? status === expect : expect.includes(status)
}

/** Bytes to send: text, bytes, or both in turns, which each engine joins with what it has. */
export type EncodedBody = { readonly content: string | Uint8Array | readonly (string | Uint8Array)[]; readonly contentType: string | undefined }

const encodeJson = (value: unknown): EncodedBody => ({ content: JSON.stringify(value) ?? 'null', contentType: 'application/json' })

const formText = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+')

export const encodeForm = (form: Readonly<Record<string, Primitive>>): EncodedBody => ({
  content: Object.keys(form)
    .map((name) => `${formText(name)}=${formText(String(form[name]))}`)
    .join('&'),
  contentType: 'application/x-www-form-urlencoded',
})

/** As browsers write names in a part's head: only line ends and quotes are special. */
const partName = (name: string): string => name.replace(/\r\n|\r|\n/g, '%0D%0A').replace(/"/g, '%22')

/** @param boundary up to 70 letters and digits that no part contains */
export const encodeMultipart = (fields: Readonly<Record<string, Primitive | FilePart>>, boundary: string): EncodedBody => {
  const content: (string | Uint8Array)[] = []
  for (const name of Object.keys(fields)) {
    const field = fields[name]
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${partName(name)}"`
    if (typeof field !== 'object') content.push(`${head}\r\n\r\n${field}\r\n`)
    else
      content.push(
        `${head}; filename="${partName(field.filename)}"\r\nContent-Type: ${field.type ?? 'application/octet-stream'}\r\n\r\n`,
        field.content,
        '\r\n',
      )
  }
  content.push(`--${boundary}--\r\n`)
  return { content, contentType: `multipart/form-data; boundary=${boundary}` }
}

/** The body that the options ask for; undefined when they ask for none. A raw body has no content type of its own. */
export const encodeBody = (options: RequestOptions, boundary: string): EncodedBody | undefined => {
  if (options.json !== undefined) return encodeJson(options.json)
  if (options.form !== undefined) return encodeForm(options.form)
  if (options.multipart !== undefined) return encodeMultipart(options.multipart, boundary)
  return options.body === undefined ? undefined : { content: options.body, contentType: undefined }
}
