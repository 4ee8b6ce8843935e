/** Assets that the page asks for in vain. */
import { countOf } from '../figure.ts'
import { absent, type Check, fine, found } from './finding.ts'

export const brokenAssets: Check = {
  name: 'broken-assets',
  look: ({ assets, failed }) => {
    if (assets.length + failed.length === 0) return absent
    const broken = [
      ...assets.filter(({ exchange }) => exchange.status >= 400).map(({ exchange }) => ({ url: exchange.url, shows: `status ${exchange.status}` })),
      ...failed.map(({ url, because }) => ({ url, shows: `no answer: ${because}` })),
    ]
    if (broken.length === 0) return fine(`${countOf(assets.length, 'asset')} answered`)
    return found({
      severity: 'warning',
      title: `${countOf(broken.length, 'asset')} that the page asks for did not come.`,
      evidence: broken,
      gain: { kind: 'unknown', because: 'it depends on what the page does without them' },
      fix: [{ where: 'markup', lines: ['Correct the address, or take it out.'] }],
    })
  },
}
