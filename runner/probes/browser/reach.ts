/**
 * Which hosts a visited page may make the browser contact: loopback, the target and what the allow-list holds, at the addresses that were
 * checked. Kept to where the browser resolves names, and not by looking at each request: that would slow all of them down, and would not
 * see where a redirect or a web socket leads.
 */
import { isIP } from 'node:net'
import type { Boundary, Target } from '../../plan.ts'
import { isLoopback } from '../../safety/loopback.ts'

export type Reach = {
  readonly isAllowed: (host: string) => boolean
  /** Arguments of the browser that keep it within. */
  readonly flags: readonly string[]
}

const bracketed = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address)
const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase()

export const reachOf = ({ hostname, addresses }: Target, { hosts }: Boundary): Reach => {
  const known = new Map([...hosts, { hostname, addresses }].map((each) => [bare(each.hostname), each.addresses[0] ?? each.hostname]))
  const isOwn = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost') || isLoopback(host)
  const literals = ['127.0.0.1', '::1', ...[...known.keys()].filter((host) => isIP(host) !== 0)]
  const rules = [
    ...['localhost', '*.localhost', ...new Set(literals.map(bracketed))].map((host) => `EXCLUDE ${host}`),
    ...[...known].filter(([host]) => isIP(host) === 0 && !isOwn(host)).map(([host, address]) => `MAP ${host} ${bracketed(address)}`),
    'MAP * ~NOTFOUND',
  ]
  return {
    isAllowed: (host) => isOwn(bare(host)) || known.has(bare(host)),
    // A proxy would resolve names itself, and WebRTC goes by addresses alone.
    flags: [`--host-resolver-rules=${rules.join(', ')}`, '--no-proxy-server', '--force-webrtc-ip-handling-policy=disable_non_proxied_udp'],
  }
}
