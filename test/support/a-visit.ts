/** A visit to a page that has nothing wrong with it, and ways to say what is different. */
import type { Asset, Certificate, Exchange, Greeting, Headers, Reference, Visit } from '../../runner/audit/visit.ts'

export const origin = 'https://shop.test'
export const visitedAt = new Date('2026-11-21T12:00:00Z')

const headersOf = (headers: Readonly<Record<string, string>>): Headers => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))

type ExchangeOptions = Partial<Omit<Exchange, 'headers' | 'body'>> & {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Partial<Exchange['body']>
}

export const anExchange = ({ headers = {}, body = {}, ...more }: ExchangeOptions = {}): Exchange => ({
  url: `${origin}/`,
  status: 200,
  headers: headersOf(headers),
  milliseconds: 20,
  setUp: null,
  body: { sent: 1000, unpacked: 1000, isWhole: true, ...body },
  ...more,
})

const cached = { 'cache-control': 'max-age=3600', etag: '"1"' }

/** @param path also says what it is, by its ending */
export const anAsset = (
  path: string,
  { headers = cached, ...more }: ExchangeOptions = {},
  reference: Partial<Reference> = {},
  asset: Partial<Asset> = {},
): Asset => {
  const url = `${origin}${path}`
  const base: Reference = path.endsWith('.js')
    ? { role: 'script', url, isBlocking: false }
    : path.endsWith('.css')
      ? { role: 'style', url }
      : { role: 'image', url, shownAt: {}, hasSizes: false, hasModernFormat: false }
  return {
    url,
    references: [{ ...base, ...reference } as Reference],
    redirects: [],
    exchange: anExchange({ url, headers, ...more }),
    again: { status: 304, milliseconds: 5, sent: 0 },
    ...asset,
  }
}

export const aCertificate = (more: Partial<Certificate> = {}): Certificate => ({
  subject: 'shop.test',
  issuer: 'Authority',
  isSelfSigned: false,
  validFrom: '2026-10-01T00:00:00.000Z',
  validTo: '2027-11-21T12:00:00.000Z',
  names: ['shop.test'],
  ...more,
})

export const aGreeting = (more: Partial<Greeting> = {}): Greeting => ({
  origin,
  protocol: 'TLSv1.3',
  alpn: 'h2',
  certificates: [aCertificate()],
  distrust: null,
  misnamed: null,
  oldProtocol: null,
  ...more,
})

const protections = {
  'strict-transport-security': 'max-age=31536000',
  'content-security-policy': "default-src 'self'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** @param page its headers come on top of those that protect it; undefined takes one away */
export const aVisit = ({
  page = {},
  assets = [],
  ...more
}: Partial<Omit<Visit, 'page'>> & { page?: ExchangeOptions & { headers?: Record<string, string> } } = {}): Visit => ({
  asked: `${origin}/`,
  startedAt: visitedAt.toISOString(),
  redirects: [],
  greetings: [aGreeting()],
  connections: [{ origin, requests: 4, later: 3, reused: 3, setUp: 10 }],
  page: anExchange({ ...page, headers: { ...protections, ...page.headers } }),
  markup: { references: assets.flatMap(({ references }) => references), inlineScript: 0, policy: null },
  assets,
  failed: [],
  leftOut: [],
  requests: 4,
  bytes: 4000,
  ...more,
})

/** The same page without some of its headers. */
export const withoutHeaders = (visit: Visit, ...names: readonly string[]): Visit => ({
  ...visit,
  ...(visit.page && { page: { ...visit.page, headers: Object.fromEntries(Object.entries(visit.page.headers).filter(([name]) => !names.includes(name))) } }),
})
