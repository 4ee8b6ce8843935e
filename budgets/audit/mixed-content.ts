/** Assets asked for by plain HTTP from a page with TLS: browsers refuse scripts and styles, and show a warning for images. */
import { countOf } from '../figure.ts'
import { absent, type Check, fine, found } from './finding.ts'

export const mixedContent: Check = {
  name: 'mixed-content',
  look: ({ page, markup }) => {
    if (!page.url.startsWith('https:') || markup === undefined || markup.references.length === 0) return absent
    const plain = markup.references.filter(({ url }) => url.startsWith('http:'))
    if (plain.length === 0) return fine('every asset is asked for by https')
    const isRefused = plain.some(({ role }) => role !== 'image' && role !== 'icon')
    return found({
      severity: isRefused ? 'critical' : 'warning',
      title: `${countOf(plain.length, 'asset')} of this https page ${plain.length === 1 ? 'is' : 'are'} asked for by plain http.`,
      evidence: plain.map(({ url, role }) => ({ url, shows: role })),
      gain: { kind: 'protection', because: isRefused ? 'browsers refuse such scripts and styles' : 'nobody on the way can change them' },
      fix: [
        { where: 'markup', lines: ['Write https:// in their addresses.'] },
        { where: 'anywhere', lines: ['Content-Security-Policy: upgrade-insecure-requests'] },
      ],
    })
  },
}
