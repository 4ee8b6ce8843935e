/** Assets that a browser may not keep, or isn't told for how long. */
import { type Asset, headerOf } from '../../runner/audit/visit.ts'
import { lifetimeOf } from './cache-lifetime.ts'
import { absent, type Check, type Evidence, fine, found } from './finding.ts'
import { isAnswered, isOrAre, size } from './words.ts'

const isValidated = ({ exchange: { headers } }: Asset): boolean => headers.etag !== undefined || headers['last-modified'] !== undefined

/** What keeps a browser from having it the next time; undefined when nothing does. */
const faultOf = (asset: Asset): string | undefined => {
  const control = headerOf(asset.exchange.headers, 'cache-control')
  const lifetime = lifetimeOf(asset.exchange.headers)
  if (lifetime.state === 'stored nowhere') return `cache-control: ${control}`
  if (lifetime.state === 'unsaid') return isValidated(asset) ? 'no cache-control; each browser guesses how long' : 'no cache-control, no etag, no last-modified'
  if (lifetime.seconds === 0 && !isValidated(asset))
    return `${control === undefined ? 'expires at once' : `cache-control: ${control}`}, and no etag to ask again with`
  return undefined
}

const evidenceOf = (asset: Asset): Evidence[] => {
  const fault = faultOf(asset)
  const { url, body } = asset.exchange
  return fault === undefined ? [] : [{ url, shows: `${fault} (${size(body.sent)})`, header: 'cache-control', bytes: body.sent }]
}

export const caching: Check = {
  name: 'caching',
  look: ({ assets }) => {
    const judged = assets.filter(({ exchange }) => isAnswered(exchange))
    if (judged.length === 0) return absent
    const faulty = judged.filter((asset) => faultOf(asset) !== undefined).toSorted((a, b) => b.exchange.body.sent - a.exchange.body.sent)
    if (faulty.length === 0) return fine(`browsers are told how long to keep ${judged.length === 1 ? 'the asset' : `all ${judged.length} assets`}`)
    const bytes = faulty.reduce((sum, { exchange }) => sum + exchange.body.sent, 0)
    // With a validator the next visit costs a question each, not the bytes; and some browser may guess well.
    const certain = faulty.filter((asset) => !isValidated(asset) || lifetimeOf(asset.exchange.headers).state === 'stored nowhere')
    return found({
      severity: 'warning',
      title: `${isOrAre(faulty.length, 'asset')} sent without saying how long a browser may keep ${faulty.length === 1 ? 'it' : 'them'}.`,
      evidence: faulty.flatMap(evidenceOf),
      gain: {
        kind: 'bytes',
        low: certain.reduce((sum, { exchange }) => sum + exchange.body.sent, 0),
        high: bytes,
        because: 'less on each later visit',
      },
      fix: [
        {
          where: 'nginx',
          lines: ['location ~* \\.(css|js|png|jpe?g|gif|webp|avif|svg|ico|woff2?)$ {', '  expires 1h; etag on;', '}'],
        },
        { where: 'express', lines: ["app.use(express.static('public', { maxAge: '1h' }))"] },
        { where: 'caddy', lines: ['header /assets/* Cache-Control "public, max-age=3600"'] },
        { where: 'anywhere', lines: ['Names that change with their content (app.3f9c2b1a.js) may stay a year: max-age=31536000, immutable.'] },
      ],
    })
  },
}
