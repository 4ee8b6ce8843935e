/** A program connects anew for each call, and every port towards that place is taken or still waiting: no connection can be made. */
import { median } from '../../runner/stats/few.ts'
import { count, figure } from '../figure.ts'
import { again, causeAmong, type Diagnosis } from './illness.ts'

const waits = 60 // seconds in TIME-WAIT, which Linux has fixed

export const ephemeralPorts: Diagnosis = (seen) => {
  const found = causeAmong(seen, 'ephemeral_ports')
  if (found === undefined || found.cause.kind !== 'limit' || seen.attribution.state !== 'named') return undefined
  const { cause, resource } = found
  const { at } = seen.attribution.breach
  const destination = (seen.run.observations ?? []).find(({ kind, probe }) => kind === 'destination' && probe === resource.service)?.subject
  const waiting = seen.resources
    .find(({ service, what }) => service === resource.service && what === 'sockets_time_wait')
    ?.readings.filter((each) => each.at >= at)
    .map(({ value }) => value)
  const limit = cause.limit ?? 0
  return {
    illness: 'ephemeral-ports',
    name: 'Ephemeral ports used up',
    evidence: [
      cause.because,
      `${destination === undefined ? 'They' : `They are of connections to ${destination}, which`} keep their port for ${waits} s after they end, so ${count(limit)} ports give at most ${figure(limit / waits, '')} new connections a second to one place; then connecting fails with EADDRNOTAVAIL.`,
      ...(waiting === undefined || waiting.length === 0 ? [] : [`${count(Math.round(median(waiting)))} sockets of this machine were in TIME-WAIT then.`]),
    ],
    remedy: [
      'Keep connections: new http.Agent({ keepAlive: true }) in Node, a pool for a database; in nginx: upstream backend { server …; keepalive 32; } with proxy_http_version 1.1; proxy_set_header Connection "";',
      'More ports, until that is done: sysctl -w net.ipv4.ip_local_port_range="1024 65535" and sysctl -w net.ipv4.tcp_tw_reuse=1',
    ],
    confirm: again(seen, `${cause.name} stays below 50 % of its limit`),
  }
}
