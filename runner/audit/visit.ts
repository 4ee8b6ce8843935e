/**
 * What one visit to a page found: each exchange with its cost, what the markup asks for, and how its servers speak TLS.
 * Facts only: whether they are good is for budgets/audit/ to say. Times in milliseconds, sizes in bytes.
 */

/** By lower-case name; several values where a header came several times. */
export type Headers = Readonly<Record<string, readonly string[]>>

export type Image = { readonly format: string; readonly width: number; readonly height: number }

export type Body = {
  /** As it was sent, compressed or not; headers don't count. */
  readonly sent: number
  /** As it is read; null where it could not be unpacked. */
  readonly unpacked: number | null
  /** False when a limit ended the reading: the figures are then at least what they say. */
  readonly isWhole: boolean
  /** What gzip (level 6) and Brotli (level 5) really make of it. Only of whole text. */
  readonly packed?: { readonly gzip: number; readonly brotli: number }
  /** By its first bytes, whatever the server calls it. */
  readonly image?: Image
}

/** A request and its answer. */
export type Exchange = {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  /** From asking to the last byte, connection set-up included. */
  readonly milliseconds: number
  /** Of the connection; null when one was open already. */
  readonly setUp: number | null
  readonly body: Body
}

/** An answer that sent the visitor on. */
export type Hop = { readonly exchange: Exchange; readonly to: string }

/** How a page asks for an asset. */
export type Reference =
  /** `isBlocking`: the page is not drawn before it has run. */
  | { readonly role: 'script'; readonly url: string; readonly isBlocking: boolean }
  | {
      readonly role: 'image'
      readonly url: string
      /** In CSS pixels, where the markup says so; style sheets may say otherwise. */
      readonly shownAt: { readonly width?: number; readonly height?: number }
      /** Several sizes are offered, and the browser chooses. */
      readonly hasSizes: boolean
      /** WebP or AVIF is offered beside it. */
      readonly hasModernFormat: boolean
    }
  | { readonly role: 'style' | 'icon' | 'preload'; readonly url: string }

export type Markup = {
  readonly references: readonly Reference[]
  /** Scripts within the page, all together. */
  readonly inlineScript: number
  /** Content-Security-Policy as a meta element. */
  readonly policy: string | null
}

/** The same file asked for again by whoever has it: `If-None-Match`, `If-Modified-Since`. */
export type Revalidation = { readonly status: number; readonly milliseconds: number; readonly sent: number }

export type Asset = {
  readonly url: string
  readonly references: readonly Reference[]
  readonly redirects: readonly Hop[]
  readonly exchange: Exchange
  /** Absent when the answer named no validator. */
  readonly again?: Revalidation
}

export type Certificate = {
  readonly subject: string
  readonly issuer: string
  readonly isSelfSigned: boolean
  /** ISO moments. */
  readonly validFrom: string
  readonly validTo: string
  readonly names: readonly string[]
}

/** What a server offers before any request. */
export type Greeting = {
  readonly origin: string
  /** @example 'TLSv1.3' */
  readonly protocol: string
  /** What it chose of h2 and http/1.1; null when it knows no ALPN. */
  readonly alpn: string | null
  /** Its own first, then those that prove it, sent along or known here. */
  readonly certificates: readonly Certificate[]
  /** OpenSSL's word for why no known authority vouches for it, such as DEPTH_ZERO_SELF_SIGNED_CERT. */
  readonly distrust: string | null
  /** Why the certificate is for another name. */
  readonly misnamed: string | null
  /** TLS 1.0 or 1.1, where it still speaks that. */
  readonly oldProtocol: string | null
}

/** How a server kept connections: `later` requests came after a whole answer, and of these `reused` found its connection open. */
export type Connections = {
  readonly origin: string
  readonly requests: number
  readonly later: number
  readonly reused: number
  /** Mean of the connections that were opened. */
  readonly setUp: number
}

/** `elsewhere`: a host that may not be asked · `limit`: the visit's own ceilings · `distrust`: a certificate that proves nothing. */
export type LeftOut = { readonly url: string; readonly why: 'elsewhere' | 'limit' | 'distrust'; readonly because: string }

export type Visit = {
  /** As it was typed. */
  readonly asked: string
  /** ISO moment. */
  readonly startedAt: string
  readonly redirects: readonly Hop[]
  readonly greetings: readonly Greeting[]
  readonly connections: readonly Connections[]
  /** Absent when the server's certificate kept the visitor from asking for it. */
  readonly page?: Exchange
  /** Absent when the page is no HTML. */
  readonly markup?: Markup
  readonly assets: readonly Asset[]
  /** Assets that never got an answer. */
  readonly failed: readonly { readonly url: string; readonly because: string }[]
  readonly leftOut: readonly LeftOut[]
  /** Everything that was sent for, TLS greetings aside. */
  readonly requests: number
  readonly bytes: number
}

/** One value of a header, several joined as HTTP does. @example headerOf(headers, 'cache-control') // 'max-age=60' */
export const headerOf = (headers: Headers, name: string): string | undefined => headers[name]?.join(', ')
