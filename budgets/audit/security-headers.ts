/** Headers by which a page asks browsers for protection, as the OWASP Secure Headers Project lists them. */
import { headerOf } from '../../runner/audit/visit.ts'
import { countOf } from '../figure.ts'
import { absent, type Check, type Evidence, type Fix, fine, found, type Seen } from './finding.ts'

const halfYear = 15_768_000 // seconds; shorter and the protection is gone between two visits

type Wanted = {
  readonly header: string
  /** A value to start from. */
  readonly value: string
  /** What is wrong; undefined when nothing is. */
  readonly fault: (seen: Seen) => string | undefined
}

const policyOf = ({ page, markup }: Seen): string => `${headerOf(page.headers, 'content-security-policy') ?? ''};${markup?.policy ?? ''}`

const wanted: readonly Wanted[] = [
  {
    header: 'strict-transport-security',
    value: 'max-age=31536000',
    fault: ({ page }) => {
      if (!page.url.startsWith('https:')) return undefined // browsers take no notice of it there
      const value = headerOf(page.headers, 'strict-transport-security')
      if (value === undefined) return 'missing: the first request of each visit may go out as plain HTTP'
      return Number(/max-age="?(\d+)/i.exec(value)?.[1] ?? 0) < halfYear ? `${value}: less than half a year` : undefined
    },
  },
  {
    header: 'content-security-policy',
    value: "default-src 'self'",
    fault: (seen) => (/[a-z]/i.test(policyOf(seen)) ? undefined : 'missing: scripts from anywhere may run'),
  },
  {
    header: 'x-content-type-options',
    value: 'nosniff',
    fault: ({ page }) => {
      const value = headerOf(page.headers, 'x-content-type-options')
      return value?.toLowerCase() === 'nosniff' ? undefined : value === undefined ? 'missing: browsers guess types' : `${value}: only nosniff is known`
    },
  },
  {
    header: 'x-frame-options',
    value: 'SAMEORIGIN',
    fault: ({ page }) =>
      page.headers['x-frame-options'] !== undefined || /frame-ancestors/i.test(headerOf(page.headers, 'content-security-policy') ?? '')
        ? undefined
        : 'missing, and no frame-ancestors: any site may frame the page',
  },
  {
    header: 'referrer-policy',
    value: 'strict-origin-when-cross-origin',
    fault: ({ page }) => (page.headers['referrer-policy'] === undefined ? 'missing: older browsers tell other sites the whole address' : undefined),
  },
]

const quoted = (value: string): string => (/^[\w-]+$/.test(value) ? value : `"${value}"`)

/** Scripts within pages and from elsewhere stop at the plainest policy. */
const tryFirst: Fix = {
  where: 'anywhere',
  lines: ['Try the policy first as content-security-policy-report-only: browsers then tell what it would stop, and stop nothing.'],
}

export const securityHeaders: Check = {
  name: 'security-headers',
  look: (seen) => {
    if (seen.markup === undefined) return absent
    const missing = wanted.flatMap((each) => {
      const fault = each.fault(seen)
      return fault === undefined ? [] : [{ ...each, fault }]
    })
    if (missing.length === 0) return fine('security headers')
    const evidence = missing.map(({ header, fault }): Evidence => ({ url: seen.page.url, header, shows: `${header} ${fault}` }))
    return found({
      severity: 'warning',
      title: `${countOf(missing.length, 'security header')} ${missing.length === 1 ? 'is' : 'are'} missing or weak.`,
      evidence,
      gain: { kind: 'protection', because: 'what other sites and injected scripts can do with the page ends' },
      fix: [
        { where: 'nginx', lines: missing.map(({ header, value }) => `add_header ${header} ${quoted(value)} always;`) },
        { where: 'express', lines: ["app.use(require('helmet')())"] },
        { where: 'caddy', lines: [`header {`, ...missing.map(({ header, value }) => `  ${header} ${quoted(value)}`), '}'] },
        ...(missing.some(({ header }) => header === 'content-security-policy') ? [tryFirst] : []),
      ],
    })
  },
}
