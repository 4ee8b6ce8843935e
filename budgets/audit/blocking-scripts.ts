/** Scripts in the head that the page waits for before it shows anything. */
import { countOf, figure } from '../figure.ts'
import { absent, type Check, fine, found } from './finding.ts'
import { isAnswered, size } from './words.ts'

export const blockingScripts: Check = {
  name: 'blocking-scripts',
  look: ({ assets }) => {
    const scripts = assets.filter(({ references, exchange }) => isAnswered(exchange) && references.some(({ role }) => role === 'script'))
    if (scripts.length === 0) return absent
    const blocking = scripts.filter(({ references }) => references.some((reference) => reference.role === 'script' && reference.isBlocking))
    if (blocking.length === 0) return fine('no script in the head holds the page up')
    const times = blocking.map(({ exchange }) => exchange.milliseconds)
    return found({
      severity: 'warning',
      title: `${countOf(blocking.length, 'script')} in the head ${blocking.length === 1 ? 'holds' : 'hold'} the page up: neither defer, async nor a module.`,
      evidence: blocking.map(({ exchange }) => ({
        url: exchange.url,
        shows: `${figure(exchange.milliseconds, 'ms')} to fetch from here, ${size(exchange.body.sent)}`,
        bytes: exchange.body.sent,
      })),
      gain: {
        kind: 'milliseconds',
        low: Math.max(...times),
        high: times.reduce((sum, each) => sum + each, 0),
        because: 'until the page shows, side by side or one after another, as measured from here; running them comes on top',
      },
      fix: [{ where: 'markup', lines: blocking.slice(0, 1).map(({ url }) => `<script src="${new URL(url).pathname}" defer></script>`) }],
    })
  },
}
