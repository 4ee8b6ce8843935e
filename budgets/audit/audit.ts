/** Every check of a visit, and what was found in the order of what it is worth. */
import type { Visit } from '../../runner/audit/visit.ts'
import { blockingScripts } from './blocking-scripts.ts'
import { brokenAssets } from './broken-assets.ts'
import { caching } from './caching.ts'
import { certificateExpiry } from './certificate-expiry.ts'
import { certificateTrust } from './certificate-trust.ts'
import { compression } from './compression.ts'
import { contentEncoding } from './content-encoding.ts'
import { cookies } from './cookies.ts'
import type { Check, Finding, Gain, Outcome, Severity } from './finding.ts'
import { fingerprints } from './fingerprints.ts'
import { http2 } from './http-2.ts'
import { https } from './https.ts'
import { imageDimensions } from './image-dimensions.ts'
import { imageFormat } from './image-format.ts'
import { keepAlive } from './keep-alive.ts'
import { mixedContent } from './mixed-content.ts'
import { redirects } from './redirects.ts'
import { revalidation } from './revalidation.ts'
import { scriptWeight } from './script-weight.ts'
import { securityHeaders } from './security-headers.ts'
import { serverVersion } from './server-version.ts'
import { tlsVersion } from './tls-version.ts'

const ofServer: readonly Check<Visit & { readonly now: Date }>[] = [certificateExpiry, certificateTrust, tlsVersion, redirects]
const ofPage: readonly Check[] = [
  https,
  http2,
  keepAlive,
  compression,
  caching,
  fingerprints,
  revalidation,
  imageDimensions,
  imageFormat,
  scriptWeight,
  blockingScripts,
  mixedContent,
  brokenAssets,
  contentEncoding,
  securityHeaders,
  cookies,
  serverVersion,
]

type Said = { readonly check: string; readonly because: string }

export type Audit = {
  readonly visit: Visit
  /** The one most worth mending first. */
  readonly findings: readonly Finding[]
  readonly fine: readonly Said[]
  readonly unknown: readonly Said[]
}

const bytesPerMillisecond = 200 // 1.6 Mbit/s, the slow 4G of Lighthouse: only to put bytes and milliseconds into one order, shown nowhere

const worth = (gain: Gain): number => {
  if (gain.kind === 'bytes') return (gain.low + gain.high) / 2 / bytesPerMillisecond
  if (gain.kind === 'milliseconds') return (gain.low + gain.high) / 2
  return gain.kind === 'unknown' ? -1 : -2
}

const ranks: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, note: 2 }

/** What keeps users out comes first whatever else there is to gain; of equal gain, the graver one. */
const byGain = (a: Finding, b: Finding): number =>
  Number(b.severity === 'critical') - Number(a.severity === 'critical') || worth(b.gain) - worth(a.gain) || ranks[a.severity] - ranks[b.severity]

export const auditOf = (visit: Visit, now: Date): Audit => {
  const { page } = visit
  const outcomes: { readonly check: string; readonly outcome: Outcome }[] = [
    ...ofServer.map(({ name, look }) => ({ check: name, outcome: look({ ...visit, now }) })),
    ...(page === undefined ? [] : ofPage.map(({ name, look }) => ({ check: name, outcome: look({ ...visit, page, now }) }))),
  ]
  const said = (state: 'fine' | 'unknown'): Said[] =>
    outcomes.flatMap(({ check, outcome }) => (outcome.state === state ? [{ check, because: outcome.because }] : []))
  return {
    visit,
    findings: outcomes
      .flatMap(({ check, outcome }) => (outcome.state === 'found' ? outcome.findings.map((finding) => ({ check, ...finding })) : []))
      .toSorted(byGain),
    fine: said('fine'),
    unknown: said('unknown'),
  }
}
