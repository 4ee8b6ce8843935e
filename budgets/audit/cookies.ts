/** Cookies that scripts can read, or that go where they should not. Their values are never shown. */
import { Cookie } from 'tough-cookie'
import type { Exchange } from '../../runner/audit/visit.ts'
import { countOf } from '../figure.ts'
import { absent, type Check, type Evidence, fine, found } from './finding.ts'

const missingFrom = (cookie: Cookie, isSecure: boolean): string[] => [
  ...(isSecure && !cookie.secure ? ['Secure'] : []),
  ...(cookie.httpOnly ? [] : ['HttpOnly']),
  // Where it is absent Chromium takes it for Lax, other browsers for None.
  ...(cookie.sameSite === undefined ? ['SameSite'] : []),
]

const evidenceOf = ({ url, headers }: Exchange): Evidence[] =>
  (headers['set-cookie'] ?? []).flatMap((text) => {
    const cookie = Cookie.parse(text, { loose: true })
    const missing = cookie === undefined ? [] : missingFrom(cookie, url.startsWith('https:'))
    return cookie === undefined || missing.length === 0 ? [] : [{ url, header: 'set-cookie', shows: `${cookie.key} without ${missing.join(', ')}` }]
  })

export const cookies: Check = {
  name: 'cookies',
  look: ({ page, redirects }) => {
    const exchanges = [...redirects.map(({ exchange }) => exchange), page]
    if (exchanges.every(({ headers }) => headers['set-cookie'] === undefined)) return absent
    const evidence = exchanges.flatMap(evidenceOf)
    if (evidence.length === 0) return fine('cookies are Secure, HttpOnly and SameSite')
    return found({
      severity: 'warning',
      title: `${countOf(evidence.length, 'cookie')} ${evidence.length === 1 ? 'lacks' : 'lack'} an attribute that protects ${evidence.length === 1 ? 'it' : 'them'}.`,
      evidence,
      gain: { kind: 'protection', because: 'injected scripts and other sites can use them no longer; leave HttpOnly out only where a script must read one' },
      fix: [
        { where: 'nginx', lines: ['proxy_cookie_flags ~ secure httponly samesite=lax;'] },
        { where: 'express', lines: ['answer.cookie(name, value,', "  { secure: true, httpOnly: true, sameSite: 'lax' })"] },
      ],
    })
  },
}
