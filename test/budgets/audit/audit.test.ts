import { describe, expect, test } from 'vitest'
import { auditOf } from '../../../budgets/audit/audit.ts'
import type { Finding } from '../../../budgets/audit/finding.ts'
import type { Visit } from '../../../runner/audit/visit.ts'
import { aCertificate, aGreeting, anAsset, anExchange, aVisit, origin, visitedAt, withoutHeaders } from '../../support/a-visit.ts'

const findingsOf = (visit: Visit): readonly Finding[] => auditOf(visit, visitedAt).findings
const checksOf = (visit: Visit): string[] => findingsOf(visit).map(({ check }) => check)
const theOnly = (visit: Visit): Finding => {
  const findings = findingsOf(visit)
  expect(findings.map(({ check }) => check)).toHaveLength(1)
  const [finding] = findings
  if (finding === undefined) throw new Error('there is no finding')
  return finding
}
const inDays = (days: number): string => new Date(visitedAt.getTime() + days * 86_400_000).toISOString()

test('a page with nothing wrong has no finding, and what is fine is said', () => {
  const { findings, fine, unknown } = auditOf(aVisit({ assets: [anAsset('/app.js'), anAsset('/site.css')] }), visitedAt)
  expect(findings).toEqual([])
  expect(unknown).toEqual([])
  expect(fine.map(({ because }) => because)).toEqual(
    expect.arrayContaining(['HTTP/2 (HTTP/3 is not announced)', 'connections are kept', 'TLS 1.3', 'security headers']),
  )
})

describe('compression', () => {
  const script = (headers: Record<string, string>, sent: number, gzip: number) =>
    anAsset('/app.js', { headers: { 'cache-control': 'max-age=60', ...headers }, body: { sent, unpacked: 300_000, packed: { gzip, brotli: gzip } } })

  test('of text sent as it is gains the bytes that gzip really saves', () => {
    const { check, gain, evidence } = theOnly(aVisit({ assets: [script({}, 300_000, 80_000)] }))
    expect(check).toBe('compression')
    expect(gain).toMatchObject({ kind: 'bytes', low: 220_000, high: 220_000 })
    expect(evidence).toEqual([
      { url: `${origin}/app.js`, shows: '300 kB as sent, 80 kB with gzip, 80 kB with Brotli', header: 'content-encoding', bytes: 300_000 },
    ])
  })

  test.each([
    ['that is sent compressed', script({ 'content-encoding': 'br' }, 80_000, 80_000)],
    ['that would save less than a packet', script({}, 2000, 700)],
    ['that would save less than a tenth', script({}, 100_000, 91_000)],
  ])('of text %s is fine', (_, asset) => {
    expect(checksOf(aVisit({ assets: [asset] }))).toEqual([])
  })
})

describe('caching', () => {
  const asset = (headers: Record<string, string>) => aVisit({ assets: [anAsset('/site.css', { headers })] })

  test.each([
    ['nothing at all', {}, 1000, 'no cache-control, no etag, no last-modified (1 kB)'],
    ['an etag only, with which each browser guesses', { etag: '"1"' }, 0, 'no cache-control; each browser guesses how long (1 kB)'],
    ['no-store', { 'cache-control': 'no-store', etag: '"1"' }, 1000, 'cache-control: no-store (1 kB)'],
    ['no-cache and nothing to ask again with', { 'cache-control': 'no-cache' }, 1000, 'cache-control: no-cache, and no etag to ask again with (1 kB)'],
    ['an expiry long ago', { expires: '0' }, 1000, 'expires at once, and no etag to ask again with (1 kB)'],
  ])('with %s is a finding', (_, headers, low, shows) => {
    const { check, gain, evidence } = theOnly(asset(headers))
    expect(check).toBe('caching')
    expect(gain).toMatchObject({ low, high: 1000 })
    expect(evidence[0]?.shows).toBe(shows)
  })

  test.each([
    ['a lifetime', { 'cache-control': 'public, max-age=60' }],
    ['no-cache and an etag', { 'cache-control': 'no-cache', etag: '"1"' }],
    ['an expiry to come', { date: 'Sat, 21 Nov 2026 12:00:00 GMT', expires: 'Sat, 21 Nov 2026 13:00:00 GMT' }],
  ])('with %s is fine', (_, headers) => {
    expect(checksOf(asset(headers))).toEqual([])
  })

  test('names with a fingerprint may be kept for good', () => {
    const fingerprinted = (control: string) => aVisit({ assets: [anAsset('/app.3f9c2b1a.js', { headers: { 'cache-control': control } })] })
    expect(theOnly(fingerprinted('max-age=3600')).check).toBe('fingerprints')
    expect(checksOf(fingerprinted('max-age=31536000, immutable'))).toEqual([])
  })

  test('an unchanged file that comes whole again costs its bytes', () => {
    const visit = aVisit({ assets: [anAsset('/site.css', {}, {}, { again: { status: 200, milliseconds: 9, sent: 1000 } })] })
    expect(theOnly(visit)).toMatchObject({ check: 'revalidation', gain: { kind: 'bytes', low: 1000, high: 1000 } })
  })
})

describe('images', () => {
  const image = (format: string, sent: number, width: number, height: number, reference: object) =>
    aVisit({ assets: [anAsset(`/hero.${format}`, { body: { sent, unpacked: sent, image: { format, width, height } } }, reference)] })

  test('of 64 times the pixels that are shown lose as many of their bytes, for two densities of screen', () => {
    const { check, gain, evidence } = theOnly(image('png', 64_000, 1600, 1200, { shownAt: { width: 200, height: 150 } }))
    expect(check).toBe('image-dimensions')
    // 200 × 150 is a 64th of the pixels, twice as many each way a 16th.
    expect(gain).toMatchObject({ kind: 'bytes', low: 64_000 * (15 / 16), high: 64_000 * (63 / 64) })
    expect(evidence[0]?.shows).toBe('PNG of 1600 × 1200 pixels (64 kB), shown at 200 × 150')
  })

  test('with one measure in the markup keep their proportions', () => {
    expect(theOnly(image('png', 64_000, 1600, 1200, { shownAt: { height: 150 } })).evidence[0]?.shows).toContain('shown at 200 × 150')
  })

  test.each([
    ['as large as a good screen shows', { shownAt: { width: 800, height: 600 } }],
    ['placed by a style sheet', { shownAt: {} }],
    ['in several sizes', { shownAt: { width: 200, height: 150 }, hasSizes: true }],
  ])('%s are not called too large', (_, reference) => {
    expect(checksOf(image('webp', 64_000, 1600, 1200, reference))).toEqual([])
  })

  test("in JPEG gain what WebP saves by Google's comparison, a range", () => {
    expect(theOnly(image('jpg', 100_000, 800, 600, { shownAt: { width: 800, height: 600 } }))).toMatchObject({
      check: 'image-format',
      gain: { kind: 'bytes', low: 25_000, high: 34_000 },
    })
  })

  test('in JPEG with WebP beside it are fine, and so are small ones', () => {
    expect(checksOf(image('jpg', 100_000, 800, 600, { shownAt: { width: 800, height: 600 }, hasModernFormat: true }))).toEqual([])
    expect(checksOf(image('jpg', 20_000, 800, 600, { shownAt: { width: 800, height: 600 } }))).toEqual([])
  })
})

describe('scripts', () => {
  const scripts = (sent: number, gzip: number, isBlocking = false) =>
    aVisit({
      assets: [
        anAsset(
          '/app.js',
          { headers: { 'cache-control': 'max-age=60', 'content-encoding': 'gzip' }, body: { sent, unpacked: 2e6, packed: { gzip, brotli: gzip } } },
          { isBlocking },
        ),
      ],
    })

  test('are weighed compressed, and nobody says how much of them can go', () => {
    expect(theOnly(scripts(400_000, 400_000))).toMatchObject({ check: 'script-weight', gain: { kind: 'unknown' } })
    expect(checksOf(scripts(350_000, 350_000))).toEqual([])
  })

  test('that hold the page up cost the time to fetch them', () => {
    expect(theOnly(scripts(1000, 1000, true))).toMatchObject({ check: 'blocking-scripts', gain: { kind: 'milliseconds', low: 20, high: 20 } })
  })
})

describe('certificates', () => {
  const expiring = (days: number) => aVisit({ greetings: [aGreeting({ certificates: [aCertificate({ validTo: inDays(days) })] })] })

  test.each([
    [31, undefined, undefined],
    [30, 'warning', 'The certificate of shop.test expires within 30 days, on 2026-12-21.'],
    [7.1, 'warning', 'The certificate of shop.test expires within 8 days, on 2026-11-28.'],
    [7, 'critical', 'The certificate of shop.test expires within 7 days, on 2026-11-28.'],
    [-2, 'critical', 'The certificate of shop.test expired on 2026-11-19, 2 days ago.'],
  ])('%s days before their end: %s', (days, severity, title) => {
    expect(findingsOf(expiring(days)).map((finding) => [finding.severity, finding.title])).toEqual(severity === undefined ? [] : [[severity, title]])
  })

  test('of an authority in between expire, too; a root that browsers bring does not count', () => {
    const chain = (isSelfSigned: boolean) =>
      aVisit({ greetings: [aGreeting({ certificates: [aCertificate(), aCertificate({ subject: 'Between', isSelfSigned, validTo: inDays(3) })] })] })
    expect(theOnly(chain(false)).title).toBe('"Between" in the chain of shop.test expires within 3 days, on 2026-11-24.')
    expect(checksOf(chain(true))).toEqual([])
  })

  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'is signed by itself, so that it proves nothing to a browser'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'ends at "shop.test", an authority that is not known here'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'an intermediate is missing, or the authority is a private one'],
    ['CERT_REVOKED', "can't be verified (CERT_REVOKED)"],
  ])('that OpenSSL answers with %s are critical', (distrust, words) => {
    const finding = theOnly(aVisit({ greetings: [aGreeting({ distrust })] }))
    expect(finding).toMatchObject({ check: 'certificate-trust', severity: 'critical' })
    expect(finding.title).toContain(words)
  })

  test('for another name are critical', () => {
    const greeting = aGreeting({ misnamed: 'Hostname/IP does not match', certificates: [aCertificate({ names: ['other.test'] })] })
    expect(theOnly(aVisit({ greetings: [greeting] })).title).toBe('The certificate of shop.test is for other.test, not for shop.test.')
  })

  test('that expired are told by their date alone', () => {
    expect(checksOf(aVisit({ greetings: [aGreeting({ distrust: 'CERT_HAS_EXPIRED', certificates: [aCertificate({ validTo: inDays(-1) })] })] }))).toEqual([
      'certificate-expiry',
    ])
  })

  test('of a server that is not believed are judged without its page', () => {
    const { page: _, markup: __, ...unread } = aVisit({ greetings: [aGreeting({ distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT' })] })
    expect(checksOf(unread)).toEqual(['certificate-trust'])
  })
})

describe('connections', () => {
  test('by HTTP/1.1 only weigh more the more requests there are', () => {
    const speaking = (assets: number) =>
      theOnly(aVisit({ greetings: [aGreeting({ alpn: 'http/1.1' })], assets: Array.from({ length: assets }, (_, at) => anAsset(`/${at}.css`)) }))
    expect(speaking(5)).toMatchObject({ check: 'http-2', severity: 'note', gain: { kind: 'unknown' } })
    expect(speaking(6).severity).toBe('warning')
  })

  test('are told with HTTP/3 where it is announced', () => {
    const { fine } = auditOf(aVisit({ page: { headers: { 'alt-svc': 'h3=":443"; ma=86400' } } }), visitedAt)
    expect(fine).toContainEqual({ check: 'http-2', because: 'HTTP/2 and HTTP/3' })
  })

  test('that are not kept cost their set-up each time', () => {
    const visit = aVisit({ page: { headers: { connection: 'close' } }, connections: [{ origin, requests: 7, later: 6, reused: 0, setUp: 10 }] })
    expect(theOnly(visit)).toMatchObject({
      check: 'keep-alive',
      title: 'shop.test closed the connection after 6 of 7 answers.',
      gain: { kind: 'milliseconds', low: 10, high: 60 },
    })
  })

  test('whose keeping nobody saw are unknown', () => {
    const { unknown } = auditOf(aVisit({ connections: [{ origin, requests: 1, later: 0, reused: 0, setUp: 10 }] }), visitedAt)
    expect(unknown.map(({ check }) => check)).toEqual(['keep-alive'])
  })

  test('by TLS 1.1 are a warning beside newer ones, and critical alone', () => {
    expect(theOnly(aVisit({ greetings: [aGreeting({ oldProtocol: 'TLSv1.1' })] }))).toMatchObject({ check: 'tls-version', severity: 'warning' })
    expect(theOnly(aVisit({ greetings: [aGreeting({ protocol: 'TLSv1', oldProtocol: 'TLSv1' })] }))).toMatchObject({
      severity: 'critical',
      title: 'shop.test speaks TLS 1.0 only, which no browser takes.',
    })
  })
})

describe('plain HTTP', () => {
  const plain = (host: string) => withoutHeaders(aVisit({ greetings: [], page: { url: `http://${host}/` } }), 'strict-transport-security')

  test('is a warning where somebody may be on the way', () => {
    expect(theOnly(plain('shop.test'))).toMatchObject({ check: 'https', gain: { kind: 'protection' } })
  })

  test.each(['localhost:3000', '127.0.0.1', '[::1]:8080'])('on %s leaves TLS unknown', (host) => {
    const { findings, unknown } = auditOf(plain(host), visitedAt)
    expect(findings).toEqual([])
    expect(unknown.map(({ check }) => check)).toEqual(['https'])
  })

  test('within an https page is critical for what browsers then refuse', () => {
    const asking = (role: 'style' | 'image') => {
      const url = 'http://shop.test/x'
      const reference = role === 'style' ? ({ role, url } as const) : ({ role, url, shownAt: {}, hasSizes: false, hasModernFormat: false } as const)
      return theOnly(aVisit({ markup: { references: [reference], inlineScript: 0, policy: null } }))
    }
    expect(asking('style')).toMatchObject({ check: 'mixed-content', severity: 'critical' })
    expect(asking('image').severity).toBe('warning')
  })
})

describe('redirects', () => {
  const hop = (from: string, to: string, milliseconds: number) => ({ exchange: anExchange({ url: from, status: 302, milliseconds }), to })

  test('in a chain cost what lies after the first', () => {
    const redirects = [hop(`${origin}/`, `${origin}/a`, 30), hop(`${origin}/a`, `${origin}/b`, 10), hop(`${origin}/b`, `${origin}/c`, 12)]
    expect(theOnly(aVisit({ redirects }))).toMatchObject({ check: 'redirects', gain: { kind: 'milliseconds', low: 22, high: 22 } })
  })

  test('from http to https, once, are fine', () => {
    expect(checksOf(aVisit({ redirects: [hop('http://shop.test/', `${origin}/`, 30)] }))).toEqual([])
  })

  test('from https to http are critical', () => {
    expect(theOnly(aVisit({ redirects: [hop(`${origin}/`, 'http://shop.test/', 30)] }))).toMatchObject({ check: 'redirects', severity: 'critical' })
  })

  test('of assets are a note', () => {
    const visit = aVisit({ assets: [anAsset('/site.css', {}, {}, { redirects: [hop(`${origin}/site.css`, `${origin}/site2.css`, 7)] })] })
    expect(theOnly(visit)).toMatchObject({ check: 'redirects', severity: 'note', gain: { low: 7, high: 7 } })
  })
})

describe('protection', () => {
  test.each(['strict-transport-security', 'content-security-policy', 'x-content-type-options', 'referrer-policy'])(
    'without %s is a finding that names it',
    (header) => {
      const { check, evidence, gain } = theOnly(withoutHeaders(aVisit(), header))
      expect(check).toBe('security-headers')
      expect(evidence.map((each) => each.header)).toContain(header)
      expect(gain.kind).toBe('protection')
    },
  )

  test('by a policy is to be tried first, because it may stop what the page needs', () => {
    const lines = (visit: Visit) =>
      theOnly(visit)
        .fix.flatMap((fix) => fix.lines)
        .join('\n')
    expect(lines(withoutHeaders(aVisit({ page: { headers: { 'x-frame-options': 'DENY' } } }), 'content-security-policy'))).toContain('report-only')
    expect(lines(withoutHeaders(aVisit(), 'referrer-policy'))).not.toContain('report-only')
  })

  test('from framing comes by either header', () => {
    const policy = (more: Record<string, string>) => aVisit({ page: { headers: { 'content-security-policy': "default-src 'self'", ...more } } })
    expect(theOnly(policy({})).evidence.map(({ header }) => header)).toEqual(['x-frame-options'])
    expect(checksOf(policy({ 'x-frame-options': 'DENY' }))).toEqual([])
  })

  test('of cookies is told by their names, never by their values', () => {
    const { check, evidence } = theOnly(aVisit({ page: { headers: { 'set-cookie': 'sid=hunter2; HttpOnly' } } }))
    expect(check).toBe('cookies')
    expect(evidence.map(({ shows }) => shows)).toEqual(['sid without Secure, SameSite'])
    expect(checksOf(aVisit({ page: { headers: { 'set-cookie': 'sid=hunter2; HttpOnly; Secure; SameSite=Lax' } } }))).toEqual([])
  })

  test('does not need the server to tell its version', () => {
    expect(theOnly(aVisit({ page: { headers: { server: 'nginx/1.22.1' } } }))).toMatchObject({ check: 'server-version', severity: 'note' })
    expect(checksOf(aVisit({ page: { headers: { server: 'nginx' } } }))).toEqual([])
  })
})

describe('assets', () => {
  test('that are not there are told, and judged by nothing else', () => {
    const visit = aVisit({
      assets: [anAsset('/gone.css', { status: 404, headers: {} })],
      failed: [{ url: 'https://cdn.test/x.js', because: 'refused (connect ECONNREFUSED)' }],
    })
    expect(theOnly(visit).evidence.map(({ shows }) => shows)).toEqual(['status 404', 'no answer: refused (connect ECONNREFUSED)'])
  })

  test('that are not packed as they say are critical; of those cut by a limit nobody knows', () => {
    const packed = (isWhole: boolean) =>
      aVisit({ assets: [anAsset('/site.css', { headers: { 'cache-control': 'max-age=60', 'content-encoding': 'gzip' }, body: { unpacked: null, isWhole } })] })
    expect(theOnly(packed(true))).toMatchObject({ check: 'content-encoding', severity: 'critical' })
    expect(checksOf(packed(false))).toEqual([])
  })
})

test('what keeps users out comes first, then what there is most to gain from', () => {
  const visit = withoutHeaders(
    aVisit({
      greetings: [aGreeting({ certificates: [aCertificate({ validTo: inDays(3) })], alpn: null })],
      assets: [
        anAsset('/small.css', { headers: {}, body: { sent: 5000, unpacked: 5000 } }),
        anAsset('/app.js', {
          headers: { 'cache-control': 'max-age=60' },
          body: { sent: 300_000, unpacked: 300_000, packed: { gzip: 80_000, brotli: 70_000 } },
        }),
      ],
    }),
    'referrer-policy',
  )
  expect(checksOf(visit)).toEqual(['certificate-expiry', 'compression', 'caching', 'http-2', 'security-headers'])
})
