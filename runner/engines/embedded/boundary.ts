/** Where connections may go: loopback, and the addresses that were checked before the run. Nothing is looked up here. */
import { isIP } from 'node:net'
import type { Boundary, Target } from '../../plan.ts'
import { isLoopback } from '../../safety/loopback.ts'

const bare = (hostname: string): string =>
  hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')

/** The addresses a host name may be connected at; undefined when it is off the list. */
export type Lookup = (hostname: string) => readonly string[] | undefined

/**
 * A name that means loopback to the system but isn't `localhost` gets through as the target only, whose addresses were checked;
 * any other name that isn't listed is refused without asking a name server.
 */
export const lookupWithin = (boundary: Boundary, target: Target): Lookup => {
  const listed = new Map(boundary.hosts.map(({ hostname, addresses }) => [bare(hostname), addresses]))
  const addresses = new Set(boundary.hosts.flatMap((host) => host.addresses.map(bare)))
  const isAllowed = (address: string): boolean => isLoopback(address) || addresses.has(bare(address))
  return (hostname) => {
    const name = bare(hostname)
    if (isIP(name) !== 0) return isAllowed(name) ? [name] : undefined
    if (name === bare(target.hostname) && target.addresses.length > 0) {
      const checked = target.addresses.filter(isAllowed)
      return checked.length > 0 ? checked : undefined
    }
    if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1', '::1']
    return listed.get(name)
  }
}
