/** A page that anybody on the way can read and change. On this machine nobody is on the way. */
import { isLoopback } from '../../runner/safety/loopback.ts'
import { type Check, fine, found } from './finding.ts'

const isHere = (hostname: string): boolean => hostname === 'localhost' || hostname.endsWith('.localhost') || isLoopback(hostname.replace(/^\[|\]$/g, ''))

export const https: Check = {
  name: 'https',
  look: ({ page }) => {
    const { protocol, hostname, host } = new URL(page.url)
    if (protocol === 'https:') return fine('HTTPS')
    if (isHere(hostname)) return { state: 'unknown', because: 'TLS, its certificate and HTTP/2: the page is plain HTTP on this machine' }
    return found({
      severity: 'warning',
      title: `${host} serves the page as plain HTTP.`,
      evidence: [{ url: page.url, shows: `status ${page.status} without TLS, and no redirect to https` }],
      gain: { kind: 'protection', because: 'nobody on the way reads or changes it; browsers speak HTTP/2 only then' },
      fix: [
        {
          where: 'nginx',
          lines: ['certbot --nginx --redirect # or, with a certificate at hand:', 'server { listen 80; return 301 https://$host$request_uri; }'],
        },
        { where: 'caddy', lines: ['On by itself for every site that is named by its domain.'] },
      ],
    })
  },
}
