/** Targets that answer at once, with something that is known. */
import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https'
import type { TransportError } from '../../runner/run.ts'
import { type Handler, listen, RequestCounts, serve, type Target } from './target.ts'

/** Answers with the given statuses in turn; `/status/418` always with the status it names. */
export const startStatuses = async (
  ...statuses: readonly [number, ...number[]]
): Promise<Target & { /** Answers by status after so many requests. */ truth: (requests: number) => Readonly<Record<string, number>> }> => {
  let asked = 0
  const target = await serve(({ url = '/' }, response) => {
    const named = /^\/status\/(\d{3})/.exec(url)?.[1]
    const status = named === undefined ? statuses[asked % statuses.length] : Number(named)
    if (named === undefined) asked += 1
    response.writeHead(status ?? 500).end(status === 204 || status === 304 ? undefined : 'answer')
  })
  return {
    ...target,
    truth: (requests) => {
      const counts: Record<string, number> = {}
      for (let n = 0; n < requests; n += 1) {
        const status = String(statuses[n % statuses.length])
        counts[status] = (counts[status] ?? 0) + 1
      }
      return counts
    },
  }
}

/**
 * `/hops/3` redirects to `/hops/2` and so on to `/hops/0`, which answers 200 · `/loop` redirects to itself · `/away` redirects to `elsewhere` ·
 * `/see-other` (303) and `/keep` (307) lead to `/echo`, which says by which method it was asked.
 */
export const startRedirects = async (
  elsewhere = 'http://elsewhere.invalid/',
): Promise<Target & { truth: (hops: number) => { /** Each hop is a request of its own. */ readonly requests: number } }> => {
  const go =
    (status: number, location: string): Handler =>
    (_, response) =>
      void response.writeHead(status, { location, 'content-length': 0 }).end()
  const target = await serve((request, response) => {
    const path = request.url ?? '/'
    const hops = Number(/^\/hops\/(\d+)$/.exec(path)?.[1] ?? 0)
    const answer: Handler = (_, to) => void to.end(request.method)
    const handler =
      hops > 0
        ? go(302, `/hops/${hops - 1}`)
        : ({ '/loop': go(302, '/loop'), '/away': go(302, elsewhere), '/see-other': go(303, '/echo'), '/keep': go(307, '/echo') }[path] ?? answer)
    request.resume()
    handler(request, response)
  })
  return { ...target, truth: (hops) => ({ requests: hops + 1 }) }
}

/** Every query parameter becomes a cookie (`/set?a=1`), `/clear?a` takes one back; each answer is the cookies of its request as JSON. */
export const startCookies = async (): Promise<
  Target & { /** The cookies of each request that came, in order. */ truth: () => readonly Readonly<Record<string, string>>[] }
> => {
  const seen: Record<string, string>[] = []
  const target = await serve(({ url = '/', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://target.invalid')
    const pairs = (headers.cookie ?? '').split('; ').filter(Boolean)
    const cookies = Object.fromEntries(pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]))
    seen.push(cookies)
    const ending = pathname === '/clear' ? '; Max-Age=0' : ''
    response.setHeader(
      'set-cookie',
      [...searchParams].map(([name, value]) => `${name}=${value}; Path=/${ending}`),
    )
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(cookies))
  })
  return { ...target, truth: () => seen }
}

/** What an engine really sent. Header names in lower case; the body as text. */
export type Sent = { readonly method: string; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Each answer is its own request as JSON. */
export const startEcho = async (): Promise<Target & { /** Every request that came, in order. */ truth: () => readonly Sent[] }> => {
  const seen: Sent[] = []
  const target = await serve(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const sent: Sent = { method: request.method ?? '', url: request.url ?? '', headers, body: Buffer.concat(chunks).toString() }
    seen.push(sent)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(sent))
  })
  return { ...target, truth: () => seen }
}

/** Valid for localhost and 127.0.0.1 until the year 2126, signed by itself. */
const pem = (name: string): string => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), 'utf8')

/** HTTPS with a certificate that nobody trusts unless told to. */
export const startTls = async (): Promise<
  Target & { readonly certificate: string; truth: (client: { readonly trusts: boolean }) => { readonly error: 'tls' | undefined } }
> => {
  const counts = new RequestCounts()
  const certificate = pem('certificate')
  const server = createTlsServer({ key: pem('key'), cert: certificate }, ({ url }, response) => {
    counts.add(url ?? '/')
    response.end('secret')
  })
  const target = await listen(server, counts, true)
  return { ...target, certificate, truth: ({ trusts }) => ({ error: trusts ? undefined : 'tls' }) }
}

/**
 * HTTP/2 over TLS, with the same certificate. Each answer is the version that its request came by, "1.1" or "2.0".
 * `alone`: a client that offers HTTP/1.1 alone gets no connection, as the protocol asks (RFC 7301: no_application_protocol).
 */
export const startHttp2 = async ({
  alone = false,
} = {}): Promise<
  Target & { truth: (client: { readonly speaks: '1.1' | '2.0' }) => { readonly version: '1.1' | '2.0' } | { readonly error: TransportError } }
> => {
  const counts = new RequestCounts()
  const server = createSecureServer({ key: pem('key'), cert: pem('certificate'), allowHTTP1: !alone }, ({ url, httpVersion }, response) => {
    counts.add(url)
    response.end(httpVersion)
  })
  const target = await listen(server as unknown as HttpsServer, counts, true)
  return { ...target, truth: ({ speaks }) => (alone && speaks === '1.1' ? { error: 'tls' } : { version: speaks }) }
}

/** Closes the connection after each answer, and says so. */
export const startNoKeepAlive = async (): Promise<Target & { truth: (requests: number) => { readonly connections: number } }> => {
  const target = await serve((_, response) => void response.writeHead(200, { connection: 'close' }).end('ok'))
  return { ...target, truth: (requests) => ({ connections: requests }) }
}

/** A body of 1 MiB in 64 chunks, without a length. */
export const startChunked = async (): Promise<Target & { truth: () => { readonly bytes: number } }> => {
  const chunk = Buffer.alloc(16 * 1024, 'x')
  const target = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    for (let n = 0; n < 64; n += 1) response.write(chunk)
    response.end()
  })
  return { ...target, truth: () => ({ bytes: 64 * chunk.length }) }
}
