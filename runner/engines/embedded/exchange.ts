/**
 * One HTTP exchange on one connection, with its moments.
 * It uses the callbacks that undici calls deprecated (onConnect, onHeaders …): they are what its core speaks, and the newer ones parse
 * every answer's headers into an object before anybody asked, which costs a tenth of the rate one core can send.
 */
import type { Dispatcher } from 'undici'
import type { TransportError } from '../../run.ts'
import { errorKind, shortageOf, TimeoutError } from '../../transport-error.ts'
import type { Connection, Connections, Waiting } from './connections.ts'

export type Wire = {
  readonly method: Dispatcher.HttpMethod
  readonly path: string
  /** Alternating name and value. */
  readonly headers: string[]
  readonly body: string | Uint8Array | null
  /** Milliseconds for set-up and answer together. */
  readonly timeoutMs: number
}

export class Exchange implements Dispatcher.DispatchHandler, Waiting {
  status = 0
  /** Alternating name and value, as they came. */
  rawHeaders: Buffer[] = []
  readonly chunks: Buffer[] = []
  /** Undefined after a whole answer, whatever its status. */
  error: TransportError | undefined
  /** Code of what this machine lacked, if that was the cause. */
  shortage: string | undefined
  /** Set when the request could not be built: a mistake in the journey, which never reached the wire. */
  mistake: Error | undefined
  askedAt = 0
  /** -1 until it was sent. */
  sentAt = -1
  endedAt = 0
  /** How long the connection had been idle when it was taken up again; -1 for one that was opened for this request. */
  idleBefore = -1
  isOver = false
  /** Set for as long as it stands, or has stood, in line for a connection. */
  #waiting: Wire | undefined
  #hasAnswer = false
  #abort: ((error?: Error) => void) | undefined
  #connection: Connection | undefined
  #openedBefore = 0
  #limit: NodeJS.Timeout | undefined

  constructor(
    private readonly connections: Connections,
    private readonly now: () => number,
    private readonly done: (exchange: Exchange) => void,
  ) {}

  send(wire: Wire): void {
    this.askedAt = this.now()
    this.#limit = setTimeout(onLimit, wire.timeoutMs, this)
    const connection = this.connections.acquire()
    if (connection !== undefined) {
      this.#dispatch(wire, connection)
      return
    }
    this.#waiting = wire
    this.connections.lineUp(this)
  }

  takeUp(connection: Connection): void {
    this.#dispatch(this.#waiting as Wire, connection)
  }

  /** All connections that may be open were busy. */
  get stoodInLine(): boolean {
    return this.#waiting !== undefined
  }

  /** From wanting a connection to having one; 0 for one that was there already, and free. */
  get setupTime(): number {
    if (this.sentAt < 0) return this.endedAt - this.askedAt
    return this.idleBefore >= 0 && !this.stoodInLine ? 0 : this.sentAt - this.askedAt
  }

  /** From the send to the last byte; undefined for what was never sent. */
  get serviceTime(): number | undefined {
    return this.sentAt < 0 ? undefined : this.endedAt - this.sentAt
  }

  /** The connection ended without a single byte of an answer. */
  get gotNothing(): boolean {
    return !this.#hasAnswer && this.sentAt >= 0 && (this.error === 'closed' || this.error === 'reset')
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort
    this.sentAt = this.now()
    if (this.#connection?.opened === this.#openedBefore) this.idleBefore = this.sentAt - this.#connection.usedAt
  }

  onResponseStarted(): void {
    this.#hasAnswer = true
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true // 103 Early Hints and the like; the answer follows
    this.status = status
    this.rawHeaders = headers
    return true
  }

  onData(chunk: Buffer): boolean {
    this.chunks.push(chunk)
    return true
  }

  onComplete(): void {
    if (this.isOver) return
    this.#finish()
    if (this.#connection) this.connections.release(this.#connection)
    this.done(this)
  }

  onError(error: Error): void {
    if (this.isOver) return
    this.#finish()
    if ('code' in error && (error.code === 'UND_ERR_INVALID_ARG' || error.code === 'UND_ERR_NOT_SUPPORTED')) this.mistake = error
    this.error = errorKind(error)
    this.shortage = shortageOf(error)
    this.status = 0 // half an answer is none
    this.rawHeaders = []
    this.chunks.length = 0
    if (this.#connection) this.connections.discard(this.#connection)
    this.done(this)
  }

  /** Ends it at its limit, or when the run ends. */
  cut(error: Error): void {
    if (this.#abort) this.#abort(error)
    this.onError(error) // while it still connects there is nothing that could be aborted
  }

  #dispatch({ path, method, headers, body }: Wire, connection: Connection): void {
    this.#connection = connection
    this.#openedBefore = connection.opened
    // `reset: false` keeps the connection after HEAD and after GET with a body, where undici would close it by itself.
    connection.client.dispatch({ path, method, headers, body, reset: false }, this)
  }

  #finish(): void {
    this.isOver = true
    this.endedAt = this.now()
    clearTimeout(this.#limit)
  }
}

const onLimit = (exchange: Exchange): void => exchange.cut(new TimeoutError('The request reached its limit.'))

/** Value of a header among alternating names and values. @param wanted in lower case */
export const headerOf = (rawHeaders: readonly Buffer[], wanted: string): string | undefined => {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === wanted.length && name.toString('latin1').toLowerCase() === wanted) return rawHeaders[at + 1]?.toString('utf8')
  }
  return undefined
}
