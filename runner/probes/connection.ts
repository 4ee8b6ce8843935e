/** A probe's own connection to a server, opened before the load: afterwards there may be none left. */

/** At most one connection; one that is lost between two readings is opened anew at the next one. */
export class OwnConnection<Connection> {
  #held: { readonly connection: Connection; readonly isLost: () => boolean } | undefined

  /** @param connect calls `lost` when the connection has ended or can't be used any more */
  constructor(private readonly connect: (lost: () => void) => Promise<Connection>) {}

  /** What is open; undefined when nothing is. */
  get current(): Connection | undefined {
    return this.#held === undefined || this.#held.isLost() ? undefined : this.#held.connection
  }

  async open(): Promise<Connection> {
    const { current } = this
    if (current !== undefined) return current
    let isLost = false
    const connection = await this.connect(() => {
      isLost = true
    })
    this.#held = { connection, isLost: () => isLost }
    return connection
  }

  /** @returns what was open, for whoever closes it */
  release(): Connection | undefined {
    const { current } = this
    this.#held = undefined
    return current
  }
}
