/** Certificates that have expired or soon will, intermediate ones included. */
import type { Certificate, Greeting, Visit } from '../../runner/audit/visit.ts'
import { countOf } from '../figure.ts'
import { absent, type Check, type Finding, fine, found } from './finding.ts'

const day = 86_400_000 // milliseconds
const limits = { warning: 30, critical: 7 } as const // days

/** The first to expire; a root that signs itself comes with the browser. */
const firstToExpire = ({ certificates }: Greeting): Certificate | undefined =>
  certificates.filter(({ isSelfSigned }, at) => at === 0 || !isSelfSigned).toSorted((a, b) => Date.parse(a.validTo) - Date.parse(b.validTo))[0]

const daysLeft = ({ validTo }: Certificate, now: Date): number => (Date.parse(validTo) - now.getTime()) / day

const findingOf = ({ origin, certificates }: Greeting, certificate: Certificate, now: Date): Omit<Finding, 'check'> => {
  const { host, hostname } = new URL(origin)
  const days = daysLeft(certificate, now)
  const date = certificate.validTo.slice(0, 10)
  const whose = certificate === certificates[0] ? `The certificate of ${host}` : `"${certificate.subject}" in the chain of ${host}`
  return {
    severity: days <= limits.critical ? 'critical' : 'warning',
    title:
      days < 0
        ? `${whose} expired on ${date}, ${countOf(Math.ceil(-days), 'day')} ago.`
        : `${whose} expires within ${countOf(Math.ceil(days), 'day')}, on ${date}.`,
    evidence: [{ url: origin, shows: `valid from ${certificate.validFrom.slice(0, 10)} to ${date}, issued by ${certificate.issuer}` }],
    gain: { kind: 'protection', because: days < 0 ? 'browsers refuse the page now' : `browsers refuse the page from ${date} on` },
    fix: [
      {
        where: 'nginx',
        lines: [`certbot renew --cert-name ${hostname}`, 'nginx -s reload', '# and see that its timer runs: systemctl list-timers certbot.timer'],
      },
      { where: 'caddy', lines: ['Renews by itself if reached from outside on 80 or 443: see its log.'] },
    ],
  }
}

const notYet = ({ origin, certificates }: Greeting, now: Date): Omit<Finding, 'check'>[] => {
  const early = certificates.find(({ validFrom }) => Date.parse(validFrom) > now.getTime())
  if (early === undefined) return []
  return [
    {
      severity: 'critical',
      title: `The certificate of ${new URL(origin).host} is not valid before ${early.validFrom.slice(0, 10)}.`,
      evidence: [{ url: origin, shows: `valid from ${early.validFrom}, and it is ${now.toISOString()} here` }],
      gain: { kind: 'protection', because: 'browsers refuse the page until then' },
      fix: [{ where: 'anywhere', lines: ['Correct the clock of the machine that issued it, or of this one: timedatectl'] }],
    },
  ]
}

export const certificateExpiry: Check<Visit & { readonly now: Date }> = {
  name: 'certificate-expiry',
  look: ({ greetings, now }) => {
    if (greetings.length === 0) return absent
    const soon = greetings.flatMap((greeting) => {
      const certificate = firstToExpire(greeting)
      return certificate !== undefined && daysLeft(certificate, now) <= limits.warning ? [findingOf(greeting, certificate, now)] : []
    })
    const early = greetings.flatMap((greeting) => notYet(greeting, now))
    if (soon.length + early.length > 0) return found(...soon, ...early)
    const days = Math.min(...greetings.flatMap((greeting) => greeting.certificates.slice(0, 1)).map((certificate) => daysLeft(certificate, now)))
    return fine(`the certificate is valid for another ${countOf(Math.floor(days), 'day')}`)
  },
}
