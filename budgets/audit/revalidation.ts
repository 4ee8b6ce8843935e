/** Whoever has a file and asks whether it changed should get 304, not the file. */

import { countOf } from '../figure.ts'
import { absent, type Check, fine, found } from './finding.ts'
import { isAnswered, size } from './words.ts'

export const revalidation: Check = {
  name: 'revalidation',
  look: ({ assets }) => {
    const asked = assets.flatMap((asset) => (asset.again === undefined || !isAnswered(asset.exchange) ? [] : [{ ...asset, again: asset.again }]))
    if (asked.length === 0) return absent
    const whole = asked.filter(({ again }) => again.status === 200)
    if (whole.length === 0) return fine('unchanged files are answered with 304')
    const bytes = whole.reduce((sum, { again }) => sum + again.sent, 0)
    return found({
      severity: 'warning',
      title: `${countOf(whole.length, 'asset')} came whole again, though unchanged, when asked for with the server's own validator.`,
      evidence: whole.map(({ exchange, again }) => ({
        url: exchange.url,
        shows: `status ${again.status} and ${size(again.sent)} in place of 304`,
        header: 'etag',
        bytes: again.sent,
      })),
      gain: { kind: 'bytes', low: bytes, high: bytes, because: 'less each time that a browser asks again' },
      fix: [
        { where: 'nginx', lines: ['etag on; if_modified_since exact;', '# in a cluster: the same file times on every instance'] },
        { where: 'express', lines: ["app.set('etag', 'strong')"] },
        { where: 'anywhere', lines: ['Answer 304 without a body when If-None-Match has the current ETag.'] },
      ],
    })
  },
}
