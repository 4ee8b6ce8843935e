/**
 * Connections to one origin. One request at a time each (pipelining 1); when all are busy another one is opened, so that a request
 * never queues behind another. The one used last is used next: the rest fall idle and close by themselves after four seconds.
 * Where there is a limit and it is reached, requests stand in line, first come first served, and their time runs on.
 */
import { connect as connectTcp, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type buildConnector, Client } from 'undici'
import { BlockedError } from '../../transport-error.ts'
import type { Lookup } from './boundary.ts'

export type ConnectionOptions = {
  readonly lookup: Lookup
  readonly insecure: boolean
  /** How many may be open at once to one origin. @default as many as there are requests under way */
  readonly connections?: number | undefined
}

/** A request in line for a connection. */
export type Waiting = {
  /** It has given up. */
  readonly isOver: boolean
  takeUp(connection: Connection): void
}

/** Counts bytes of all sockets: at each reading what came since the last one. */
export class Traffic {
  readonly #open = new Map<Socket, { received: number; sent: number }>()
  #received = 0
  #sent = 0

  watch(socket: Socket): void {
    this.#open.set(socket, { received: 0, sent: 0 })
    socket.once('close', () => {
      this.#read(socket)
      this.#open.delete(socket)
    })
  }

  #read(socket: Socket): void {
    const seen = this.#open.get(socket)
    if (seen === undefined) return
    const { bytesRead, bytesWritten } = socket
    this.#received += bytesRead - seen.received
    this.#sent += bytesWritten - seen.sent
    seen.received = bytesRead
    seen.sent = bytesWritten
  }

  take(): { received: number; sent: number } {
    for (const socket of this.#open.keys()) this.#read(socket)
    const taken = { received: this.#received, sent: this.#sent }
    this.#received = 0
    this.#sent = 0
    return taken
  }
}

/** One undici client, which is one connection after another, and what undici does not tell of it. */
export type Connection = {
  readonly client: Client
  /** How many connections it had to open so far: more after a request than before it means that the request waited for one. */
  opened: number
  /** When its last answer ended; -Infinity before the first. */
  usedAt: number
  socket: Socket | undefined
}

type Opening = { readonly protocol: string; readonly hostname: string; readonly port: number; readonly servername: string | undefined }

export class Connections {
  readonly #free: Connection[] = []
  readonly #all = new Set<Connection>()
  readonly #spare: { readonly socket: Socket; readonly since: number }[] = []
  readonly #line: Waiting[] = []
  #most: number
  #turn = 0
  #session: Buffer | undefined

  constructor(
    readonly origin: string,
    private readonly options: ConnectionOptions,
    private readonly traffic: Traffic,
    private readonly now: () => number,
  ) {
    this.#most = options.connections ?? Number.POSITIVE_INFINITY
  }

  /** Undefined when as many as may be are open, and all are busy: {@link lineUp} then. */
  acquire(): Connection | undefined {
    return this.#free.pop() ?? (this.#all.size < this.#most ? this.#create() : undefined)
  }

  lineUp(waiting: Waiting): void {
    this.#line.push(waiting)
  }

  release(connection: Connection): void {
    connection.usedAt = this.now()
    const next = this.#nextInLine()
    if (next === undefined) this.#free.push(connection)
    else next.takeUp(connection)
  }

  /** After a failure nothing of the connection is trusted any more. */
  discard(connection: Connection): void {
    this.#all.delete(connection)
    connection.client.destroy(null, () => undefined)
    connection.socket?.destroy() // undici does not know of a socket that is still connecting
    const next = this.#all.size < this.#most ? this.#nextInLine() : undefined
    if (next !== undefined) next.takeUp(this.#create())
  }

  /** Opens sockets for requests to come; failures stay silent, they will show in the requests themselves. */
  async warm(count: number): Promise<void> {
    const url = new URL(this.origin)
    const opening = { protocol: url.protocol, hostname: url.hostname, port: portOf(url.protocol, url.port), servername: serverName(url.hostname) }
    await Promise.all(
      Array.from({ length: count }, () => {
        return new Promise<void>((resolve) => {
          this.#open(opening, (error, socket) => {
            if (error === null && socket !== null) this.#spare.push({ socket, since: this.now() })
            resolve()
          })
        })
      }),
    )
  }

  close(): void {
    this.#most = 0
    for (const { socket } of this.#spare) socket.destroy()
    for (const connection of [...this.#all]) this.discard(connection)
  }

  #nextInLine(): Waiting | undefined {
    for (let next = this.#line.shift(); next !== undefined; next = this.#line.shift()) if (!next.isOver) return next
    return undefined
  }

  #create(): Connection {
    const connector: buildConnector.connector = ({ protocol, hostname, port, servername }, callback) => {
      const spare = this.#takeSpare()
      if (spare !== undefined) {
        connection.usedAt = spare.since
        connection.socket = spare.socket
        queueMicrotask(() => callback(null, spare.socket)) // undici writes nothing when it is called back at once
        return
      }
      connection.opened += 1
      const opening = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port: portOf(protocol, port), servername: servername || serverName(hostname) }
      connection.socket = this.#open(opening, callback)
    }
    const client = new Client(this.origin, {
      connect: connector,
      pipelining: 1,
      // The request's own limit covers everything; undici's would be two more timers for each request.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const connection: Connection = { client, opened: 0, usedAt: -Infinity, socket: undefined }
    this.#all.add(connection)
    return connection
  }

  #takeSpare(): { socket: Socket; since: number } | undefined {
    for (let spare = this.#spare.pop(); spare !== undefined; spare = this.#spare.pop()) {
      if (!spare.socket.destroyed && spare.socket.readable) return spare
    }
    return undefined
  }

  /** The one place of this engine that opens connections, so the one place that the boundary needs. */
  #open(to: Opening, callback: buildConnector.Callback): Socket | undefined {
    const addresses = this.options.lookup(to.hostname)
    const first = addresses?.[0]
    if (addresses === undefined || first === undefined) {
      queueMicrotask(() => callback(new BlockedError(`${to.hostname} is not on the list of hosts that may be loaded.`), null))
      return undefined
    }
    // With several addresses each connection starts with the next one, so that all of them get load.
    const turned = addresses.length === 1 ? addresses : addresses.map((_, at) => addresses[(at + this.#turn) % addresses.length] ?? first)
    this.#turn += 1
    const where: TcpNetConnectOpts =
      turned.length === 1 ? { host: first, port: to.port } : { host: to.hostname, port: to.port, autoSelectFamily: true, lookup: pinnedTo(turned) }
    const socket = to.protocol === 'https:' ? this.#openTls(where, to.servername) : connectTcp(where)
    socket.setNoDelay(true)
    this.traffic.watch(socket)
    let isOpen = false
    socket.once(to.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      isOpen = true
      callback(null, socket)
    })
    socket.on('error', (error) => {
      if (!isOpen) callback(error, null)
    })
    return socket
  }

  #openTls(where: TcpNetConnectOpts, servername: string | undefined): TLSSocket {
    const session = this.#session
    const socket = connectTls({
      ...where,
      ...(servername && { servername }),
      ...(session && { session }),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: !this.options.insecure,
    })
    return socket.on('session', (ticket) => {
      this.#session = ticket
    })
  }
}

const portOf = (protocol: string, port: string): number => (port ? Number(port) : protocol === 'https:' ? 443 : 80)

/** TLS names a host, never an address. */
const serverName = (hostname: string): string | undefined => (isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined)

/** Answers every look-up with the same addresses. */
const pinnedTo =
  (addresses: readonly string[]): LookupFunction =>
  (_, { all }, found) => {
    const pinned = addresses.map((address) => ({ address, family: isIP(address) }))
    if (all) found(null, pinned)
    else found(null, pinned[0]?.address ?? '', pinned[0]?.family)
  }
