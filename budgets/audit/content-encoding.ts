/** Bodies that are not packed as their header says: browsers show nothing of them. */
import { type Exchange, headerOf } from '../../runner/audit/visit.ts'
import { countOf } from '../figure.ts'
import { absent, type Check, found } from './finding.ts'
import { isAnswered } from './words.ts'

/** Of others, such as zstd, browsers may know more than we do. */
const isKnown = ({ headers }: Exchange): boolean => /^(x-gzip|gzip|deflate|br)$/i.test(headerOf(headers, 'content-encoding') ?? '')

export const contentEncoding: Check = {
  name: 'content-encoding',
  look: ({ page, assets }) => {
    // Of a body that was not read to its end nobody can say what it is packed with.
    const unreadable = [page, ...assets.map(({ exchange }) => exchange)].filter(
      (exchange) => isAnswered(exchange) && isKnown(exchange) && exchange.body.isWhole && exchange.body.unpacked === null,
    )
    if (unreadable.length === 0) return absent
    return found({
      severity: 'critical',
      title: `${countOf(unreadable.length, 'file')} can't be unpacked by what ${unreadable.length === 1 ? 'its' : 'their'} content-encoding says.`,
      evidence: unreadable.map(({ url, headers, body }) => ({
        url,
        header: 'content-encoding',
        shows: `content-encoding: ${headerOf(headers, 'content-encoding')}`,
        bytes: body.sent,
      })),
      gain: { kind: 'protection', because: 'browsers show an error in its place' },
      fix: [
        { where: 'anywhere', lines: ['Compress in one place only: where a proxy does it, the program behind it sends plain text, or the other way round.'] },
      ],
    })
  },
}
