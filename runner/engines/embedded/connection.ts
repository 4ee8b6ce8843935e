/** One connection: a socket, one request at a time on it, and the answers read from it. */
import type { Socket } from 'node:net'
import { AnswerParser, ClosedError } from './answer-parser.ts'
import type { Exchange } from './exchange.ts'

export class Connection {
  /** When its last answer ended, or when it was opened ahead of its first request. */
  idleSince: number | undefined = undefined
  /** From when on it is not used any more, as long as it is idle. */
  closesAt = Infinity
  /** Milliseconds for which the server promised to keep it, with its last answer. */
  idleLimit: number | undefined = undefined
  socket: Socket | undefined = undefined
  #isOpen = false
  #isOver = false
  #exchange: Exchange | undefined = undefined
  readonly #parser = new AnswerParser()
  readonly #onIdleEnd: (connection: Connection) => void

  /** @param onIdleEnd when it ends with no request on it */
  constructor(onIdleEnd: (connection: Connection) => void) {
    this.#onIdleEnd = onIdleEnd
  }

  /** Sends the request as soon as the connection is open. */
  carry(exchange: Exchange): void {
    this.#exchange = exchange
    if (this.#isOpen) this.#send(exchange)
  }

  readonly onOpen = (): void => {
    if (this.#isOver) return
    this.#isOpen = true
    if (this.#exchange) this.#send(this.#exchange)
  }

  #send(exchange: Exchange): void {
    const { socket } = this
    if (socket === undefined) return
    const { method, head, body } = exchange.wire
    this.#parser.begin(method)
    exchange.onSend(this.idleSince)
    if (body === null) socket.write(head, 'latin1')
    else {
      socket.cork() // one packet where it fits
      socket.write(head, 'latin1')
      socket.write(body)
      socket.uncork()
    }
  }

  /** @param bytes lent for this call only */
  readonly onBytes = (length: number, bytes: Uint8Array): boolean => {
    const exchange = this.#exchange
    // Bytes that nobody asked for would be taken for the next request's answer.
    if (exchange === undefined || exchange.sentAt < 0) this.#end()
    else {
      exchange.hasAnswer = true
      try {
        const used = this.#parser.read(bytes as Buffer, length)
        if (this.#parser.isDone) this.#answer(exchange, used === length)
      } catch (error) {
        this.onError(error as Error)
      }
    }
    return true
  }

  /** The other side says that nothing more will come. */
  readonly onEnd = (): void => {
    const exchange = this.#exchange
    if (exchange === undefined || exchange.sentAt < 0) {
      this.#fail(new ClosedError('The connection was closed before the request was sent.'))
      return
    }
    try {
      this.#parser.end()
      this.#answer(exchange, false)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  readonly onError = (error: Error): void => this.#fail(error)

  /** What comes from it now concerns nobody. */
  destroy(): void {
    this.#isOver = true
    this.#isOpen = false
    this.#exchange = undefined
    this.socket?.destroy()
  }

  #answer(exchange: Exchange, isClean: boolean): void {
    this.#exchange = undefined
    this.idleLimit = this.#parser.idleLimit
    // An answer that came before the request was out leaves the rest of it in the way of the next one.
    const isReusable = isClean && this.#parser.isReusable && (exchange.wire.body === null || this.socket?.writableLength === 0)
    exchange.onAnswer(this.#parser, isReusable)
    this.#parser.body = '' // a large one would last as long as the connection
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    const exchange = this.#exchange
    if (exchange === undefined) this.#end()
    else exchange.onError(error)
  }

  #end(): void {
    this.destroy()
    this.#onIdleEnd(this)
  }
}
