/**
 * Ports of this machine that are taken by connections to one place. Each connection needs one of its own towards the same address, also
 * for the minute after its end (TIME-WAIT), so a program that connects anew for each call runs out of them.
 */
import { join } from 'node:path'
import { type Destination, portRangeOf, portsByDestination, socketsOf } from '../../machine/proc.ts'
import { textOf } from '../../machine/text.ts'

/** Below this share of the range the exact number matters to nobody. */
const worthListing = 0.05
/** Share of the time that may go into listing: the list has a line for each socket, and is longest when it matters. */
const listingShare = 0.005

export class PortUse {
  #listFrom = 0
  #fullest: Destination | undefined
  #most: Destination | undefined

  /** @param ignored destinations that are the load itself, as `address:port` */
  constructor(
    private readonly proc: string,
    private readonly ignored: ReadonlySet<string>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Ports towards the destination that has most of them, and how many there are for each; undefined where this machine does not tell. */
  read(): { readonly taken: number; readonly limit: number } | undefined {
    const range = portRangeOf(this.#text('sys/net/ipv4/ip_local_port_range'))
    const sockets = socketsOf(this.#text('net/sockstat'))
    if (range === undefined || sockets === undefined) return undefined
    const limit = range.to - range.from + 1
    const from = this.now()
    if (sockets < worthListing * limit) this.#fullest = undefined
    else if (from >= this.#listFrom) {
      const lists = ['net/tcp', 'net/tcp6'].map((list) => this.#text(list))
      this.#fullest = portsByDestination(lists, range).find(({ destination }) => !this.ignored.has(destination))
      if ((this.#fullest?.ports ?? 0) > (this.#most?.ports ?? 0)) this.#most = this.#fullest
      const took = this.now() - from
      this.#listFrom = from + took / listingShare
    }
    return { taken: this.#fullest?.ports ?? 0, limit }
  }

  /** The destination that had most at any time. */
  get most(): Destination | undefined {
    return this.#most
  }

  #text(path: string): string {
    return textOf(join(this.proc, path)) ?? ''
  }
}
