/** Redirects before the page, each of which every visitor waits for, and those of its assets. */
import type { Asset, Hop, Visit } from '../../runner/audit/visit.ts'
import { countOf, figure } from '../figure.ts'
import { absent, type Check, type Evidence, type Finding, fine, found } from './finding.ts'

const evidenceOf = ({ exchange, to }: Hop): Evidence => ({
  url: exchange.url,
  shows: `${exchange.status} to ${to}, ${figure(exchange.milliseconds, 'ms')}`,
  header: 'location',
})
const cost = (hops: readonly Hop[]): number => hops.reduce((sum, { exchange }) => sum + exchange.milliseconds, 0)

const isDowngrade = ({ exchange, to }: Hop): boolean => exchange.url.startsWith('https:') && to.startsWith('http:')

const chain = (hops: readonly Hop[]): Omit<Finding, 'check'>[] => {
  const [first, ...others] = hops
  const last = hops.at(-1)
  if (first === undefined || last === undefined || others.length === 0) return []
  const [from, end] = [new URL(first.exchange.url), new URL(last.to)]
  const to = from.origin === end.origin ? `${end.pathname}${end.search}` : last.to
  const path = from.pathname
  return [
    {
      severity: 'warning',
      title: `${countOf(hops.length, 'redirect')} lie before the page, ${figure(cost(hops), 'ms')} from here.`,
      evidence: hops.map(evidenceOf),
      gain: {
        kind: 'milliseconds',
        low: cost(others),
        high: cost(others),
        because: 'of each first visit when the first leads to the page itself, as measured from here; from afar a round trip each',
      },
      fix: [
        { where: 'nginx', lines: [`location = ${path} { return 301 ${to}; }`] },
        { where: 'express', lines: [`app.get('${path}', (_, answer) =>`, `  answer.redirect(301, '${to}'))`] },
        { where: 'caddy', lines: [`redir ${path} ${to} permanent`] },
      ],
    },
  ]
}

const downgrade = (hops: readonly Hop[]): Omit<Finding, 'check'>[] => {
  const away = hops.filter(isDowngrade)
  if (away.length === 0) return []
  return [
    {
      severity: 'critical',
      title: `${countOf(away.length, 'redirect')} from https to http ${away.length === 1 ? 'takes' : 'take'} the protection away again.`,
      evidence: away.map(evidenceOf),
      gain: { kind: 'protection', because: 'nobody on the way can read or change the page' },
      fix: [{ where: 'anywhere', lines: ['Send them to the https address; behind a proxy trust its X-Forwarded-Proto.'] }],
    },
  ]
}

const ofAssets = (assets: readonly Asset[]): Omit<Finding, 'check'>[] => {
  const hops = assets.flatMap(({ redirects }) => redirects)
  if (hops.length === 0) return []
  return [
    {
      severity: 'note',
      title: `${countOf(assets.filter((asset) => asset.redirects.length > 0).length, 'asset')} ${hops.length === 1 ? 'is' : 'are'} reached by redirect.`,
      evidence: hops.map(evidenceOf),
      gain: {
        kind: 'milliseconds',
        low: Math.max(...hops.map((hop) => cost([hop]))),
        high: cost(hops),
        because: 'side by side or one after another, as measured from here',
      },
      fix: [{ where: 'markup', lines: ['Name the address that they end at.'] }],
    },
  ]
}

export const redirects: Check<Visit> = {
  name: 'redirects',
  look: (seen) => {
    const findings = [...chain(seen.redirects), ...downgrade(seen.redirects), ...ofAssets(seen.assets)]
    if (findings.length > 0) return found(...findings)
    if (seen.page === undefined) return absent
    return fine(seen.redirects.length === 0 ? 'no redirect' : `one redirect before the page (${figure(cost(seen.redirects), 'ms')})`)
  },
}
