/** Files whose name changes with their content, and which browsers ask for again all the same. */
import type { Asset } from '../../runner/audit/visit.ts'
import { lifetimeOf } from './cache-lifetime.ts'
import { absent, type Check, fine, found } from './finding.ts'
import { isAnswered, isOrAre } from './words.ts'

const year = 31_536_000 // seconds; the longest that anybody asks for

/** The last part of a name before its extensions. @example 'app.3f9c2b1a.js' // '3f9c2b1a' @example 'index-BZx3k9aQ.min.js' // 'BZx3k9aQ' */
const lastPart = /[.-]([A-Za-z0-9_]{8,40})(?:\.(?:min|chunk|bundle|module))*\.[A-Za-z0-9]+$/

/** Hexadecimal digits or a mixture of digits and both cases: no word and no date looks like that. A hash of letters alone goes unseen. */
export const isFingerprinted = (url: string): boolean => {
  const part = lastPart.exec(new URL(url).pathname)?.[1]
  if (part === undefined) return false
  return (/^[0-9a-f]+$/.test(part) && /[a-f]/.test(part) && /\d/.test(part)) || (/[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part))
}

const shownLifetime = ({ exchange: { headers } }: Asset): string => headers['cache-control']?.join(', ') ?? 'expires only'

export const fingerprints: Check = {
  name: 'fingerprints',
  look: ({ assets }) => {
    const named = assets.filter(({ url, exchange }) => isAnswered(exchange) && isFingerprinted(url))
    if (named.length === 0) return absent
    // Those that say nothing at all are found by caching.
    const short = named.filter(({ exchange: { headers } }) => {
      const lifetime = lifetimeOf(headers)
      return lifetime.state === 'said' && (lifetime.seconds < year || !lifetime.isImmutable)
    })
    if (short.length === 0) return fine('names with a fingerprint are kept for good')
    const asked = short.flatMap(({ again }) => again?.milliseconds ?? [])
    return found({
      severity: 'note',
      title: `${isOrAre(short.length, 'file')} named by content and may still be asked for again.`,
      evidence: short.map((asset) => ({ url: asset.exchange.url, shows: `cache-control: ${shownLifetime(asset)}`, header: 'cache-control' })),
      gain:
        asked.length === 0
          ? { kind: 'unknown', because: 'what a browser would ask again with is missing' }
          : {
              kind: 'milliseconds',
              low: Math.max(...asked),
              high: asked.reduce((sum, each) => sum + each, 0),
              because: 'each time that a browser asks again; measured from here',
            },
      fix: [
        { where: 'nginx', lines: ['location /assets/ {', '  add_header Cache-Control "public, max-age=31536000, immutable";', '}'] },
        { where: 'express', lines: ["app.use('/assets', express.static('dist/assets',", "  { maxAge: '1y', immutable: true }))"] },
        { where: 'caddy', lines: ['header /assets/* Cache-Control "max-age=31536000, immutable"'] },
      ],
    })
  },
}
