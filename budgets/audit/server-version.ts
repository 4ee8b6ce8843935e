/** Headers that tell which version of what is running, to whoever looks for its known holes. */

import { headerOf } from '../../runner/audit/visit.ts'
import { absent, type Check, type Evidence, found } from './finding.ts'

const telling: Readonly<Record<string, RegExp>> = { server: /\d/, 'x-powered-by': /\S/, 'x-aspnet-version': /\S/, 'x-generator': /\d/ }

export const serverVersion: Check = {
  name: 'server-version',
  look: ({ page }) => {
    const evidence = Object.entries(telling).flatMap(([header, tells]): Evidence[] => {
      const value = headerOf(page.headers, header)
      return value !== undefined && tells.test(value) ? [{ url: page.url, header, shows: `${header}: ${value}` }] : []
    })
    if (evidence.length === 0) return absent
    return found({
      severity: 'note',
      title: `The server tells what it runs: ${evidence.map(({ shows }) => shows).join(', ')}.`,
      evidence,
      gain: { kind: 'protection', because: 'scanners that look for one version find nothing to go by' },
      fix: [
        { where: 'nginx', lines: ['server_tokens off; proxy_hide_header X-Powered-By;'] },
        { where: 'express', lines: ["app.disable('x-powered-by')"] },
        { where: 'caddy', lines: ['header -Server'] },
      ],
    })
  },
}
