/** How much script a page loads: as sent or as it could be, and as the browser has to read it. */
import type { Asset } from '../../runner/audit/visit.ts'
import { countOf } from '../figure.ts'
import { absent, type Check, fine, found } from './finding.ts'
import { isAnswered, size } from './words.ts'

// Compressed bytes with which a phone and network of the 75th percentile are interactive within 5 s: Alex Russell, The Performance Inequality Gap, 2023.
const most = 350 * 1024

const isScript = ({ references, exchange }: Asset): boolean => isAnswered(exchange) && references.some(({ role }) => role === 'script')
/** Without the fault that compression names: what is left when that is mended. */
const compressed = ({ exchange: { body } }: Asset): number => Math.min(body.sent, body.packed?.gzip ?? body.sent)

export const scriptWeight: Check = {
  name: 'script-weight',
  look: ({ assets, markup }) => {
    const scripts = assets.filter(isScript).toSorted((a, b) => compressed(b) - compressed(a))
    const inline = markup?.inlineScript ?? 0
    if (scripts.length === 0 && inline === 0) return absent
    const total = scripts.reduce((sum, script) => sum + compressed(script), 0)
    const raw = scripts.reduce((sum, { exchange }) => sum + (exchange.body.unpacked ?? exchange.body.sent), 0)
    const weight = `${size(total)} of script compressed (${size(raw)} to read) in ${countOf(scripts.length, 'file')}${inline > 0 ? `, and ${size(inline)} in the page` : ''}`
    if (total <= most) return fine(weight)
    return found({
      severity: 'warning',
      title: `The page loads ${weight}; ${size(most)} compressed is what slower phones manage in 5 s.`,
      evidence: scripts.map((script) => ({
        url: script.exchange.url,
        shows: `${size(compressed(script))} compressed, ${size(script.exchange.body.unpacked ?? script.exchange.body.sent)} to read`,
        bytes: script.exchange.body.sent,
      })),
      gain: { kind: 'unknown', because: 'only a browser knows how much of it this page runs (Coverage in its developer tools)' },
      fix: [
        {
          where: 'anywhere',
          lines: [
            "Split by page and load the rest when it is wanted: const { chart } = await import('./chart.js')",
            'See what is in it: npx esbuild app.js --bundle --minify --analyze --outfile=out.js',
          ],
        },
      ],
    })
  },
}
