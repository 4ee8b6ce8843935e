/** Text that is sent as it is, held against what gzip really makes of it. */
import { type Exchange, headerOf } from '../../runner/audit/visit.ts'
import { percent } from '../figure.ts'
import { absent, type Check, exactly, fine, found } from './finding.ts'
import { isAnswered, isOrAre, size } from './words.ts'

// Below one packet or a tenth nobody notices; Lighthouse draws the line at the same figures.
const least = { bytes: 1400, share: 0.1 } as const

type Text = { readonly exchange: Exchange; readonly sent: number; readonly gzip: number; readonly brotli: number }

const textOf = (exchange: Exchange): Text[] => {
  const { packed, sent } = exchange.body
  return packed === undefined || !isAnswered(exchange) ? [] : [{ exchange, sent, gzip: packed.gzip, brotli: packed.brotli }]
}

const isPlain = ({ exchange: { headers } }: Text): boolean => (headerOf(headers, 'content-encoding') ?? 'identity') === 'identity'
const saves = ({ sent, gzip }: Text): boolean => sent - gzip >= least.bytes && sent - gzip >= least.share * sent

export const compression: Check = {
  name: 'compression',
  look: ({ page, assets }) => {
    const texts = [page, ...assets.map(({ exchange }) => exchange)].flatMap(textOf)
    const plain = texts.filter((text) => isPlain(text) && saves(text)).toSorted((a, b) => b.sent - b.gzip - (a.sent - a.gzip))
    const packed = texts.filter((text) => !isPlain(text)).length
    if (texts.length === 0) return absent
    if (plain.length === 0) return fine(packed === 0 ? 'no text large enough to gain from compression' : `${isOrAre(packed, 'text file')} sent compressed`)
    const [sent, gzip] = [plain.reduce((sum, text) => sum + text.sent, 0), plain.reduce((sum, text) => sum + text.gzip, 0)]
    return found({
      severity: 'warning',
      title: `${isOrAre(plain.length, 'text file')} sent without compression, ${size(sent)} in all.`,
      evidence: plain.map((text) => ({
        url: text.exchange.url,
        shows: `${size(text.sent)} as sent, ${size(text.gzip)} with gzip, ${size(text.brotli)} with Brotli`,
        header: 'content-encoding',
        bytes: text.sent,
      })),
      gain: exactly(sent - gzip, `less on a first visit (${percent(1 - gzip / sent, 2)}), as gzip -6 packs ${plain.length === 1 ? 'it' : 'them'} here`),
      fix: [
        {
          where: 'nginx',
          lines: [
            'gzip on; gzip_comp_level 6; gzip_min_length 1000; gzip_vary on;',
            'gzip_proxied any; gzip_types text/css text/plain text/javascript',
            '  application/javascript application/json application/xml',
            '  application/wasm image/svg+xml;',
          ],
        },
        { where: 'express', lines: ["app.use(require('compression')())"] },
        { where: 'caddy', lines: ['encode zstd gzip'] },
      ],
    })
  },
}
