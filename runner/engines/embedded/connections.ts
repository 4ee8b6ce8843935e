/**
 * Connections to one origin. One request at a time each; when all are busy another one is opened, so that a request
 * never queues behind another. The one used last is used next: the rest fall idle and are closed after four seconds, or two seconds
 * before the server said that it would close them.
 * Where there is a limit and it is reached, requests stand in line, first come first served, and their time runs on.
 */
import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { pinnedTo } from '../../safety/pinned-lookup.ts'
import { BlockedError } from '../../transport-error.ts'
import type { Lookup } from './boundary.ts'
import { Connection } from './connection.ts'

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

const idleFor = 4000 // milliseconds; servers in common use close idle connections after five seconds and more
const ahead = 2000 // milliseconds before the server closes it, which is when a request could meet its end
const sweep = 250 // milliseconds between looks for connections that were idle long enough

/** Bytes are read into the same memory by all connections of a thread: they are looked at, or copied, before the next ones come. */
const readInto = Buffer.allocUnsafeSlow(64 * 1024)

export class Connections {
  /** The one used last at the end. */
  readonly #free: Connection[] = []
  readonly #all = new Set<Connection>()
  #line: Waiting[] = []
  #served = 0 // of the line's beginning
  #most: number
  readonly #isTls: boolean
  readonly #hostname: string
  readonly #port: number
  readonly #servername: string | undefined
  #turn = 0
  #session: Buffer | undefined
  #sweeper: NodeJS.Timeout | undefined

  constructor(
    readonly origin: string,
    private readonly options: ConnectionOptions,
    private readonly traffic: Traffic,
    private readonly now: () => number,
  ) {
    this.#most = options.connections ?? Number.POSITIVE_INFINITY
    const { protocol, hostname, port } = new URL(origin)
    this.#isTls = protocol === 'https:'
    this.#hostname = hostname.replace(/^\[|\]$/g, '')
    this.#port = port ? Number(port) : this.#isTls ? 443 : 80
    this.#servername = isIP(this.#hostname) === 0 ? this.#hostname : undefined // TLS names a host, never an address
  }

  /** Undefined when as many as may be are open, and all are busy: {@link lineUp} then. */
  acquire(): Connection | undefined {
    return this.#free.pop() ?? (this.#all.size < this.#most ? this.#open() : undefined)
  }

  lineUp(waiting: Waiting): void {
    this.#line.push(waiting)
  }

  release(connection: Connection, at: number): void {
    connection.idleSince = at
    connection.closesAt = at + (connection.idleLimit === undefined ? idleFor : Math.max(connection.idleLimit / 2, connection.idleLimit - ahead))
    const next = this.#nextInLine()
    if (next !== undefined) {
      next.takeUp(connection)
      return
    }
    this.#free.push(connection)
    this.#sweeper ??= setInterval(() => this.#sweep(), sweep).unref()
  }

  discard(connection: Connection): void {
    connection.destroy()
    this.#leave(connection)
  }

  /** Opens connections for requests to come; failures stay silent, they will show in the requests themselves. */
  async warm(count: number): Promise<void> {
    const connections = Array.from({ length: count }, () => this.#open())
    await Promise.all(
      connections.map(
        (connection) =>
          new Promise<void>((resolve) => {
            const { socket } = connection
            socket?.once(this.#opened, () => {
              this.release(connection, this.now())
              resolve()
            })
            socket?.once('close', resolve)
            if (socket === undefined) resolve()
          }),
      ),
    )
  }

  close(): void {
    this.#most = 0
    clearInterval(this.#sweeper)
    for (const connection of [...this.#all]) this.discard(connection)
    this.#free.length = 0
  }

  #sweep(): void {
    const now = this.now()
    const kept = this.#free.filter((connection) => {
      if (connection.closesAt > now) return true
      this.discard(connection)
      return false
    })
    this.#free.splice(0, this.#free.length, ...kept)
  }

  readonly #forget = (connection: Connection): void => {
    const at = this.#free.lastIndexOf(connection)
    if (at >= 0) this.#free.splice(at, 1)
    this.#leave(connection)
  }

  /** Its place goes to the next in line. */
  #leave(connection: Connection): void {
    this.#all.delete(connection)
    const next = this.#all.size < this.#most ? this.#nextInLine() : undefined
    if (next !== undefined) next.takeUp(this.#open())
  }

  #nextInLine(): Waiting | undefined {
    while (this.#served < this.#line.length) {
      const next = this.#line[this.#served++]
      if (next !== undefined && !next.isOver) return next
    }
    if (this.#served > 0) {
      this.#line = []
      this.#served = 0
    }
    return undefined
  }

  get #opened(): 'secureConnect' | 'connect' {
    return this.#isTls ? 'secureConnect' : 'connect'
  }

  /** The one place of this engine that opens connections, so the one place that the boundary needs. */
  #open(): Connection {
    const connection = new Connection(this.#forget)
    this.#all.add(connection)
    const addresses = this.options.lookup(this.#hostname)
    const first = addresses?.[0]
    if (addresses === undefined || first === undefined) {
      queueMicrotask(() => connection.onError(new BlockedError(`${this.#hostname} is not on the list of hosts that may be loaded.`)))
      return connection
    }
    // With several addresses each connection starts with the next one, so that all of them get load.
    const turned = addresses.length === 1 ? addresses : addresses.map((_, at) => addresses[(at + this.#turn) % addresses.length] ?? first)
    this.#turn += 1
    const port = this.#port
    const where: TcpNetConnectOpts =
      turned.length === 1 ? { host: first, port } : { host: this.#hostname, port, autoSelectFamily: true, lookup: pinnedTo(turned) }
    const socket = this.#isTls ? this.#connectTls(where, connection) : connectTcp({ ...where, onread: { buffer: readInto, callback: connection.onBytes } })
    connection.socket = socket
    socket.setNoDelay(true)
    this.traffic.watch(socket)
    socket.once(this.#opened, connection.onOpen)
    socket.on('error', connection.onError)
    socket.on('end', connection.onEnd)
    socket.on('close', connection.onEnd) // some ends are told by this alone
    return connection
  }

  #connectTls(where: TcpNetConnectOpts, connection: Connection): TLSSocket {
    const socket = connectTls({
      ...where,
      ...(this.#servername && { servername: this.#servername }),
      ...(this.#session && { session: this.#session }),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: !this.options.insecure,
    })
    socket.on('data', (bytes: Buffer) => connection.onBytes(bytes.length, bytes))
    return socket.on('session', (ticket) => {
      this.#session = ticket
    })
  }
}
