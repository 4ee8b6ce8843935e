/**
 * Visits a page as a browser with an empty cache would, one request at a time:
 *   1. greet the server over TLS   2. follow redirects   3. read the page   4. read each asset that its markup names   5. ask again for those that can be asked again.
 */
import { SafetyError } from '../errors/safety-error.ts'
import { TargetError } from '../errors/target-error.ts'
import { advice } from '../preflight.ts'
import { errorKind } from '../transport-error.ts'
import { typeOf } from './body.ts'
import { type Answered, createClient } from './client.ts'
import type { Gate } from './gate.ts'
import { greet } from './greeting.ts'
import { readMarkup } from './markup.ts'
import { type Limits, Traffic } from './traffic.ts'
import { type Asset, type Exchange, type Greeting, type Hop, headerOf, type LeftOut, type Reference, type Revalidation, type Visit } from './visit.ts'

// As browsers ask: servers that choose a format by this must choose as they would for them.
const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'
const mostHops = 10 // browsers give up at 20; a chain of 10 is no use to anybody

export type VisitOptions = {
  readonly gate: Gate
  readonly limits: Limits
  /** Reads what a server sends that proves nothing. */
  readonly insecure: boolean
  readonly userAgent: string
  /** Sent to the asked URL's own origin only. */
  readonly headers: Readonly<Record<string, string>>
  readonly now: Date
}

/** Where a chain of redirects ended: at an answer, or before a server that is not asked. */
type Arrival = { readonly redirects: readonly Hop[] } & ({ readonly answered: Answered } | { readonly leftOut: LeftOut })

/** OpenSSL's messages are lines of its own source; its reason says the same. */
const shownError = (error: unknown): string => {
  const { reason, message, code } = error as NodeJS.ErrnoException & { reason?: string }
  return `${errorKind(error)} (${reason ?? (message || code)})`
}

const isRedirect = ({ status, headers }: Exchange): boolean => [301, 302, 303, 307, 308].includes(status) && headerOf(headers, 'location') !== undefined

/** Why nothing is asked of this server; undefined when it may be believed. */
const distrustOf = ({ distrust, misnamed, protocol }: Greeting, insecure: boolean): string | undefined => {
  if (/^TLSv1(\.1)?$/.test(protocol)) return `it speaks ${protocol} only`
  return insecure || (distrust === null && misnamed === null) ? undefined : 'its certificate proves nothing; --insecure reads it all the same'
}

class Visitor {
  readonly greetings: Greeting[] = []
  readonly #greeted = new Map<string, Promise<Greeting>>()
  readonly #traffic: Traffic
  readonly #home: string

  constructor(
    private readonly options: VisitOptions,
    traffic: Traffic,
    home: URL,
  ) {
    this.#traffic = traffic
    this.#home = home.origin
  }

  #headersFor(url: URL): Record<string, string> {
    return {
      'user-agent': this.options.userAgent,
      accept,
      'accept-encoding': 'gzip, deflate, br',
      ...(url.origin === this.#home && this.options.headers),
    }
  }

  /** Each server once, whatever becomes of it. */
  #greet(url: URL, addresses: readonly string[]): Promise<Greeting> {
    const known = this.#greeted.get(url.origin)
    if (known !== undefined) return known
    const greeting = greet(url, addresses).then((heard) => {
      this.greetings.push(heard)
      return heard
    })
    this.#greeted.set(url.origin, greeting)
    return greeting
  }

  /** Why this URL is not asked for, or undefined and the addresses it may be asked at. */
  async #approach(url: URL): Promise<{ readonly addresses: readonly string[] } | { readonly leftOut: LeftOut }> {
    const passage = await this.options.gate(url)
    if ('refused' in passage) return { leftOut: { url: url.href, why: 'elsewhere', because: passage.refused } }
    if (url.protocol !== 'https:') return passage
    const because = distrustOf(await this.#greet(url, passage.addresses), this.options.insecure)
    return because === undefined ? passage : { leftOut: { url: url.href, why: 'distrust', because } }
  }

  async arrive(start: URL): Promise<Arrival> {
    const redirects: Hop[] = []
    for (let url = start; ; ) {
      const approach = await this.#approach(url)
      if ('leftOut' in approach) return { redirects, leftOut: approach.leftOut }
      const answered = await this.#traffic.ask({ url, addresses: approach.addresses, headers: this.#headersFor(url) })
      const { exchange } = answered
      const location = headerOf(exchange.headers, 'location') ?? ''
      if (!isRedirect(exchange) || !URL.canParse(location, url.href)) return { redirects, answered }
      const next = new URL(location, url)
      next.hash = ''
      redirects.push({ exchange, to: next.href })
      const path = [start.href, ...redirects.map(({ to }) => to)]
      if (path.indexOf(next.href) < path.length - 1 && headerOf(exchange.headers, 'set-cookie') === undefined)
        throw new TargetError(
          `${start.href} redirects in a circle: ${path.join(' → ')}. A chain of redirects ends at a page. Correct the last one's Location.`,
          'redirects',
        )
      if (redirects.length >= mostHops)
        throw new TargetError(
          `${start.href} redirects ${redirects.length} times, at last to ${next.href}. A page is at most ${mostHops} redirects away. Link to the page itself.`,
          'redirects',
        )
      if (next.protocol !== 'http:' && next.protocol !== 'https:')
        return { redirects, leftOut: { url: next.href, why: 'elsewhere', because: `${next.protocol} is not HTTP` } }
      url = next
    }
  }

  /** As a browser asks that has the file already. */
  async again(exchange: Exchange): Promise<Revalidation | undefined> {
    const [tag, modified] = [headerOf(exchange.headers, 'etag'), headerOf(exchange.headers, 'last-modified')]
    if (tag === undefined && modified === undefined) return undefined
    return this.#once(exchange, { ...(tag !== undefined && { 'if-none-match': tag }), ...(modified !== undefined && { 'if-modified-since': modified }) })
  }

  /** A second request on what should be the same connection. */
  async #once(exchange: Exchange, headers: Readonly<Record<string, string>>): Promise<Revalidation | undefined> {
    const url = new URL(exchange.url)
    const approach = await this.#approach(url)
    if ('leftOut' in approach) return undefined
    const { exchange: second } = await this.#traffic.ask({ url, addresses: approach.addresses, headers: { ...this.#headersFor(url), ...headers } })
    return { status: second.status, milliseconds: second.milliseconds, sent: second.body.sent }
  }

  /** Whether the connection is kept shows at the second request, which a page without assets would not get. */
  async greetAgain(exchange: Exchange): Promise<void> {
    await ((await this.again(exchange)) ?? this.#once(exchange, {}))
  }
}

/** A file of which only the beginning was read, or unpacked. */
const cutOf = ({ url, body: { sent, unpacked, isWhole } }: Exchange): LeftOut[] =>
  isWhole
    ? []
    : [
        {
          url,
          why: 'limit',
          because: `only its first ${Number(((unpacked ?? sent) / 1e6).toPrecision(2))} MB${(unpacked ?? 0) > sent ? ', unpacked,' : ''} were read`,
        },
      ]

type Read = Pick<Visit, 'assets' | 'failed' | 'leftOut'>

const readAssets = async (references: readonly Reference[], visitor: Visitor, traffic: Traffic): Promise<Read> => {
  const assets: Asset[] = []
  const failed: { url: string; because: string }[] = []
  const leftOut: LeftOut[] = []
  for (const url of new Set(references.map((reference) => reference.url))) {
    const full = traffic.full()
    if (full !== undefined) {
      leftOut.push({ url, why: 'limit', because: full })
      continue
    }
    try {
      const arrival = await visitor.arrive(new URL(url))
      if ('leftOut' in arrival) {
        leftOut.push({ ...arrival.leftOut, url })
        continue
      }
      traffic.countFile()
      const { exchange } = arrival.answered
      leftOut.push(...cutOf(exchange))
      const again = exchange.status === 200 ? await visitor.again(exchange) : undefined
      assets.push({ url, references: references.filter((reference) => reference.url === url), redirects: arrival.redirects, exchange, ...(again && { again }) })
    } catch (error) {
      failed.push({ url, because: error instanceof TargetError ? error.message : shownError(error) })
    }
  }
  return { assets, failed, leftOut }
}

/** @throws {TargetError} when nobody answers, or with an error */
const arriveAtPage = async (asked: URL, visitor: Visitor): Promise<Arrival> => {
  const arrival = await visitor.arrive(asked).catch((cause: unknown) => {
    if (cause instanceof TargetError || cause instanceof SafetyError) throw cause
    const kind = errorKind(cause)
    throw new TargetError(
      `${asked.href} gave no answer: ${shownError(cause)}. An audit reads a page that is there. ${advice[kind] ?? 'Check that it runs.'}`,
      kind,
      { cause },
    )
  })
  if ('leftOut' in arrival && arrival.leftOut.why === 'elsewhere')
    throw new SafetyError(
      `${asked.href} redirects to ${arrival.leftOut.url}, and ${arrival.leftOut.because}. Requests go to loopback and to listed targets only. Add it to targets.allow with an owner, an environment and ceilings, or audit another page.`,
    )
  if ('answered' in arrival && arrival.answered.exchange.status >= 400)
    throw new TargetError(
      `${arrival.answered.exchange.url} answered with status ${arrival.answered.exchange.status}. An audit reads a page that is there. Check the path${arrival.answered.exchange.status === 401 || arrival.answered.exchange.status === 403 ? ', or give the configuration the headers that it wants' : ''}.`,
      'status',
    )
  return arrival
}

/**
 * @param asked its host was admitted
 * @throws {TargetError} when there is no page to read · {SafetyError} when a redirect leaves the hosts that may be asked
 */
export const visit = async (asked: URL, options: VisitOptions): Promise<Visit> => {
  const client = createClient(options.insecure)
  const traffic = new Traffic(client, options.limits)
  const visitor = new Visitor(options, traffic, asked)
  try {
    const arrival = await arriveAtPage(asked, visitor)
    const facts = { asked: asked.href, startedAt: options.now.toISOString(), redirects: arrival.redirects }
    const totals = () => ({ greetings: visitor.greetings, connections: traffic.connections(), requests: traffic.requests, bytes: traffic.bytes })
    if ('leftOut' in arrival) return { ...facts, assets: [], failed: [], leftOut: [arrival.leftOut], ...totals() }
    traffic.countFile()
    const { exchange, content } = arrival.answered
    const isHtml = ['text/html', 'application/xhtml+xml'].includes(typeOf(exchange.headers))
    const markup = isHtml && content !== undefined ? readMarkup(content.toString(), new URL(exchange.url)) : undefined
    await visitor.greetAgain(exchange).catch(() => undefined) // what is lost is one request's word on keep-alive
    const read = await readAssets(markup?.references ?? [], visitor, traffic)
    return { ...facts, page: exchange, ...(markup && { markup }), ...read, leftOut: [...cutOf(exchange), ...read.leftOut], ...totals() }
  } finally {
    client.close()
  }
}
