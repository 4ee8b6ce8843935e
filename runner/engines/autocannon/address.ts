/** The one address that all connections of a sweep go to: of those that were checked, the first that accepts a connection. */
import { connect } from 'node:net'
import { TargetError } from '../../errors/target-error.ts'
import type { Plan } from '../../plan.ts'
import { isLoopback } from '../../safety/loopback.ts'

const patience = 5000 // milliseconds

const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience })
    const answer = (is: boolean) => (): void => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false))
  })

/**
 * The target's URL with its name replaced by an address: a name would be looked up anew for each connection, after it was checked.
 * @throws {TargetError} when none accepts a connection
 */
export const addressOf = async ({ target, boundary }: Pick<Plan, 'target' | 'boundary'>): Promise<URL> => {
  const url = new URL(target.url)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const listed = new Set(boundary.hosts.flatMap(({ addresses }) => addresses))
  for (const address of target.addresses) {
    if (!(isLoopback(address) || listed.has(address)) || !(await accepts(address, port))) continue
    url.hostname = address.includes(':') ? `[${address}]` : address
    return url
  }
  throw new TargetError(
    `${target.hostname} accepts no connection on port ${port} at ${target.addresses.join(', ')}. A sweep holds its connections to one of these. Check that the target runs and listens there.`,
    'refused',
  )
}
