/** TLS 1.0 and 1.1, which browsers dropped in 2020 (RFC 8996). */
import type { Greeting, Visit } from '../../runner/audit/visit.ts'
import { absent, type Check, type Finding, fine, found } from './finding.ts'

/** @example shown('TLSv1.3') // 'TLS 1.3' @example shown('TLSv1') // 'TLS 1.0' */
const shown = (protocol: string): string => protocol.replace(/^TLSv1$/, 'TLS 1.0').replace('TLSv', 'TLS ')

const findingOf = ({ origin, protocol, oldProtocol }: Greeting): Omit<Finding, 'check'>[] => {
  const { host } = new URL(origin)
  if (oldProtocol === null) return []
  const isOnly = oldProtocol === protocol
  return [
    {
      severity: isOnly ? 'critical' : 'warning',
      title: isOnly ? `${host} speaks ${shown(protocol)} only, which no browser takes.` : `${host} still accepts ${shown(oldProtocol)}.`,
      evidence: [{ url: origin, shows: `agreed on ${shown(protocol)}; ${shown(oldProtocol)} was accepted when nothing newer was offered` }],
      gain: { kind: 'protection', because: isOnly ? 'browsers refuse the page' : 'an attacker in between can no longer talk both sides down to it' },
      fix: [
        { where: 'nginx', lines: ['ssl_protocols TLSv1.2 TLSv1.3;'] },
        { where: 'caddy', lines: ['tls { protocols tls1.2 tls1.3 }'] },
      ],
    },
  ]
}

export const tlsVersion: Check<Visit> = {
  name: 'tls-version',
  look: ({ greetings }) => {
    if (greetings.length === 0) return absent
    const findings = greetings.flatMap(findingOf)
    return findings.length > 0
      ? found(...findings)
      : fine(
          [...new Set(greetings.map(({ protocol }) => (protocol === 'TLSv1.2' ? 'TLS 1.2 (1.3 connects in one round trip less)' : shown(protocol))))].join(
            ' and ',
          ),
        )
  },
}
