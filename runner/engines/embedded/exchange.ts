/** One HTTP exchange on one connection, with its moments. */
import type { Method } from '../../../scenarios/journey.ts'
import type { TransportError } from '../../run.ts'
import { errorKind, shortageOf, TimeoutError } from '../../transport-error.ts'
import type { AnswerParser, Body } from './answer-parser.ts'
import type { Connection } from './connection.ts'
import type { Connections, Waiting } from './connections.ts'
import type { Deadlines, Limited } from './deadlines.ts'

export type Wire = {
  readonly method: Method
  /** Request line and headers, Latin-1, up to the empty line. */
  readonly head: string
  readonly body: string | Uint8Array | null
}

export class Exchange implements Limited, Waiting {
  before: Limited | undefined = undefined
  after: Limited | undefined = undefined
  status = 0
  /** The answer's header lines, see answer-head.ts. */
  head = ''
  body: Body = ''
  hasCookies = false
  /** Undefined after a whole answer, whatever its status. */
  error: TransportError | undefined = undefined
  /** Code of what this machine lacked, if that was the cause. */
  shortage: string | undefined = undefined
  readonly askedAt: number
  /** -1 until it was sent. */
  sentAt = -1
  endedAt = 0
  /** How long the connection had been idle when it was taken up again; -1 for one that was opened for this request. */
  idleBefore = -1
  /** Whether any byte of an answer has come. */
  hasAnswer = false
  isOver = false
  /** All connections that may be open were busy. */
  stoodInLine = false
  #connection: Connection | undefined = undefined

  constructor(
    readonly wire: Wire,
    /** Moment at which set-up and answer must be through. */
    readonly deadline: number,
    private readonly deadlines: Deadlines,
    private readonly connections: Connections,
    private readonly now: () => number,
    private readonly done: (exchange: Exchange) => void,
  ) {
    this.askedAt = now()
    deadlines.add(this, Math.max(1, Math.ceil(deadline - this.askedAt)))
    const connection = connections.acquire()
    if (connection !== undefined) this.takeUp(connection)
    else {
      this.stoodInLine = true
      connections.lineUp(this)
    }
  }

  takeUp(connection: Connection): void {
    this.#connection = connection
    connection.carry(this)
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
    return !this.hasAnswer && this.sentAt >= 0 && (this.error === 'closed' || this.error === 'reset')
  }

  /** Now it goes out. @param idleSince since when its connection had nothing to do; undefined for one opened for this request */
  onSend(idleSince: number | undefined): void {
    this.sentAt = this.now()
    if (idleSince !== undefined) this.idleBefore = this.sentAt - idleSince
  }

  /** @param isReusable whether its connection may carry another one */
  onAnswer({ status, head, body, hasCookies }: AnswerParser, isReusable: boolean): void {
    if (this.isOver) return
    this.#finish()
    this.status = status
    this.head = head
    this.body = body
    this.hasCookies = hasCookies
    if (this.#connection && isReusable) this.connections.release(this.#connection, this.endedAt)
    else if (this.#connection) this.connections.discard(this.#connection)
    this.done(this)
  }

  /** Half an answer is none. */
  onError(error: Error): void {
    if (this.isOver) return
    this.#finish()
    this.error = errorKind(error)
    this.shortage = shortageOf(error)
    if (this.#connection) this.connections.discard(this.#connection) // after a failure nothing of it is trusted any more
    this.done(this)
  }

  onLimit(): void {
    this.onError(new TimeoutError('The request reached its limit.'))
  }

  #finish(): void {
    this.isOver = true
    this.endedAt = this.now()
    this.deadlines.remove(this)
  }
}
