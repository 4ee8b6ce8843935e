/** A program connects anew for each call, and every port towards that place is taken or still waiting: no connection can be made. */
import { median } from '../../runner/stats/few.ts'
import type { Resource } from '../attribution/resources.ts'
import { clock } from '../attribution/words.ts'
import { count, figure } from '../figure.ts'
import { again, type Case, causeAmong, type Diagnosis } from './illness.ts'

const waits = 60 // seconds in TIME-WAIT, which Linux has fixed

const spent = { share: 0.98, readings: 3 } as const

/** What broke first; or, where something else had broken before, a range that stayed used up while requests failed. */
const usedUp = (seen: Case): { readonly resource: Resource; readonly from: number; readonly because: string } | undefined => {
  const found = causeAmong(seen, 'ephemeral_ports')
  if (found?.cause.kind === 'limit' && seen.attribution.state === 'named')
    return { resource: found.resource, from: seen.attribution.breach.at, because: found.cause.because }
  for (const resource of seen.resources.filter(({ what }) => what === 'ephemeral_ports')) {
    const { limit, name, readings } = resource
    const full = limit === null ? [] : readings.filter(({ value }) => value >= spent.share * limit)
    const [first] = full
    if (limit === null || first === undefined || full.length < spent.readings || seen.run.load.failed === 0) continue
    const because = `${name} was ${count(first.value)} of ${count(limit)} from ${clock(first.at)} on; ${count(seen.run.load.failed)} requests of the run failed.`
    return { resource, from: first.at, because }
  }
  return undefined
}

export const ephemeralPorts: Diagnosis = (seen) => {
  const found = usedUp(seen)
  if (found === undefined) return undefined
  const { resource, from, because } = found
  const destination = (seen.run.observations ?? []).find(({ kind, probe }) => kind === 'destination' && probe === resource.service)?.subject
  const waiting = seen.resources
    .find(({ service, what }) => service === resource.service && what === 'sockets_time_wait')
    ?.readings.filter((each) => each.at >= from)
    .map(({ value }) => value)
  const limit = resource.limit ?? 0
  return {
    illness: 'ephemeral-ports',
    name: 'Ephemeral ports used up',
    evidence: [
      because,
      `${destination === undefined ? 'They' : `They are of connections to ${destination}, which`} keep their port for ${waits} s after they end, so ${count(limit)} ports give at most ${figure(limit / waits, '')} new connections a second to one place; then connecting fails with EADDRNOTAVAIL.`,
      ...(waiting === undefined || waiting.length === 0 ? [] : [`${count(Math.round(median(waiting)))} sockets of this machine were in TIME-WAIT then.`]),
    ],
    remedy: [
      'Keep connections: new http.Agent({ keepAlive: true }) in Node, a pool for a database; in nginx: upstream backend { server …; keepalive 32; } with proxy_http_version 1.1; proxy_set_header Connection "";',
      'More ports, until that is done: sysctl -w net.ipv4.ip_local_port_range="1024 65535" and sysctl -w net.ipv4.tcp_tw_reuse=1',
    ],
    confirm: again(seen, `${resource.name} stays below 50 % of its limit`),
  }
}
