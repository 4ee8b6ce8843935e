/** HTTP/2 as TLS negotiates it, and HTTP/3 as Alt-Svc announces it. Browsers speak neither without TLS. */
import { headerOf } from '../../runner/audit/visit.ts'
import { count, countOf } from '../figure.ts'
import { absent, type Check, fine, found } from './finding.ts'

const parallel = 6 // connections that browsers open to one origin with HTTP/1.1

export const http2: Check = {
  name: 'http-2',
  look: ({ page, assets, greetings }) => {
    const origin = new URL(page.url).origin
    const greeting = greetings.find((each) => each.origin === origin)
    if (greeting === undefined) return absent
    const http3 = /\bh3\b/.test(headerOf(page.headers, 'alt-svc') ?? '') ? 'HTTP/2 and HTTP/3' : 'HTTP/2 (HTTP/3 is not announced)'
    if (greeting.alpn === 'h2') return fine(http3)
    const requests = 1 + assets.filter(({ exchange }) => new URL(exchange.url).origin === origin).length
    return found({
      severity: requests > parallel ? 'warning' : 'note',
      title: `${new URL(origin).host} speaks HTTP/1.1 only; the page takes ${countOf(requests, 'request')} to it.`,
      evidence: [{ url: origin, shows: `h2 and http/1.1 were offered, ${greeting.alpn ?? 'no protocol'} was chosen` }],
      gain: {
        kind: 'unknown',
        because: `it grows with the distance: ${count(requests)} requests take at least ${countOf(Math.ceil(requests / parallel), 'round trip')} over the ${parallel} connections of a browser, and HTTP/2 sends them all at once`,
      },
      fix: [
        { where: 'nginx', lines: ['listen 443 ssl http2; # from 1.25.1 on: http2 on;'] },
        { where: 'express', lines: ['Node serves Express by HTTP/1.1: put nginx or Caddy in front.'] },
        { where: 'caddy', lines: ['On by itself; look for a "protocols" line that leaves h2 out.'] },
      ],
    })
  },
}
