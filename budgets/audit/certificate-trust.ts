/** Certificates that prove nothing: for another name, signed by nobody known, or sent without what proves them. */
import type { Greeting, Visit } from '../../runner/audit/visit.ts'
import { countOf } from '../figure.ts'
import { absent, type Check, type Finding, type Fix, fine, found } from './finding.ts'

/** Their dates are another check's. */
const aboutDates = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])

const authority: Fix = {
  where: 'anywhere',
  lines: [
    'From an authority that browsers know: certbot --nginx (Caddy does it by itself).',
    'An authority of your own is trusted here by NODE_EXTRA_CA_CERTS=authority.pem.',
  ],
}
const wholeChain: Fix = { where: 'nginx', lines: ['ssl_certificate fullchain.pem; # its own first, then intermediates'] }

/** The line is made to be pasted into a shell, and a certificate may say anything. */
const isPlain = (name: string): boolean => /^[\w*][\w.*-]*$/.test(name)

const words = ({ distrust, certificates }: Greeting): { readonly what: string; readonly fix: readonly Fix[] } => {
  const [own] = certificates
  const last = certificates.at(-1)
  if (distrust === 'DEPTH_ZERO_SELF_SIGNED_CERT') return { what: 'is signed by itself, so that it proves nothing to a browser', fix: [authority] }
  if (distrust === 'SELF_SIGNED_CERT_IN_CHAIN') return { what: `ends at "${last?.subject}", an authority that is not known here`, fix: [authority] }
  if (/^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/.test(distrust ?? ''))
    return {
      what: `came with ${countOf(certificates.length - 1, 'other')}, and its issuer "${last?.issuer ?? own?.issuer}" is neither among them nor known here: an intermediate is missing, or the authority is a private one`,
      fix: [wholeChain, authority],
    }
  return { what: `can't be verified (${distrust})`, fix: [wholeChain, authority] }
}

const findingsOf = (greeting: Greeting): Omit<Finding, 'check'>[] => {
  const { origin, distrust, misnamed, certificates } = greeting
  const { host, hostname } = new URL(origin)
  const names = certificates[0]?.names.join(', ') || 'no name at all'
  const gain = { kind: 'protection', because: 'browsers warn everybody off the page' } as const
  const untrusted = distrust === null || aboutDates.has(distrust) ? undefined : words(greeting)
  return [
    ...(untrusted === undefined
      ? []
      : [
          {
            severity: 'critical',
            title: `The certificate of ${host} ${untrusted.what}.`,
            evidence: [{ url: origin, shows: `${distrust}; issued by ${certificates[0]?.issuer ?? 'nobody'}` }],
            gain,
            fix: untrusted.fix,
          } as const,
        ]),
    ...(misnamed === null
      ? []
      : [
          {
            severity: 'critical',
            title: `The certificate of ${host} is for ${names}, not for ${hostname}.`,
            evidence: [{ url: origin, shows: `names in the certificate: ${names}` }],
            gain,
            fix: [
              {
                where: 'anywhere',
                lines: [
                  `Issue it for this name as well: certbot --expand -d ${hostname}${(certificates[0]?.names ?? [])
                    .filter(isPlain)
                    .map((name) => ` -d ${name}`)
                    .join('')}`,
                ],
              },
            ],
          } as const,
        ]),
  ]
}

export const certificateTrust: Check<Visit> = {
  name: 'certificate-trust',
  look: ({ greetings }) => {
    if (greetings.length === 0) return absent
    const findings = greetings.flatMap(findingsOf)
    return findings.length > 0 ? found(...findings) : fine('a known authority vouches for the certificate')
  },
}
