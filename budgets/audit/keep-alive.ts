/** Servers that hang up after each answer, so that every request pays for a connection of its own. */
import { headerOf, type Visit } from '../../runner/audit/visit.ts'
import { count, countOf, figure } from '../figure.ts'
import { type Check, fine, found } from './finding.ts'

const parallel = 6 // connections of a browser to one origin: set-ups on them go on side by side

const closes = ({ page, assets }: Pick<Visit, 'page' | 'assets'>, origin: string): boolean =>
  [...(page ? [page] : []), ...assets.map(({ exchange }) => exchange)].some(
    ({ url, headers }) => new URL(url).origin === origin && /\bclose\b/i.test(headerOf(headers, 'connection') ?? ''),
  )

export const keepAlive: Check = {
  name: 'keep-alive',
  look: (seen) => {
    const asked = seen.connections.filter(({ later }) => later > 0)
    if (asked.length === 0) return { state: 'unknown', because: 'keep-alive: no second request followed a whole answer' }
    const closing = asked.filter(({ later, reused }) => reused < later)
    if (closing.length === 0) return fine('connections are kept')
    const setUps = closing.reduce((sum, { later, reused, setUp }) => sum + (later - reused) * setUp, 0)
    return found({
      severity: 'warning',
      title: `${closing.map(({ origin }) => new URL(origin).host).join(' and ')} closed the connection after ${count(closing.reduce((sum, { later, reused }) => sum + later - reused, 0))} of ${countOf(
        closing.reduce((sum, { requests }) => sum + requests, 0),
        'answer',
      )}.`,
      evidence: closing.map(({ origin, setUp }) => ({
        url: origin,
        shows: `${closes(seen, origin) ? 'connection: close' : 'hung up without saying so'}; a new connection took ${figure(setUp, 'ms')}`,
        header: 'connection',
      })),
      gain: {
        kind: 'milliseconds',
        low: setUps / parallel,
        high: setUps,
        because: 'of connection set-up, as measured from here; from afar a round trip or more each',
      },
      fix: [
        { where: 'nginx', lines: ['keepalive_timeout 65s; keepalive_requests 1000;'] },
        { where: 'express', lines: ["server.keepAliveTimeout = 65_000 // and no 'Connection: close'"] },
        { where: 'caddy', lines: ['On by itself; look for "header Connection close" in its file.'] },
      ],
    })
  },
}
