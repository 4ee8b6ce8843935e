/**
 * Watches one of autocannon's clients, which keeps one connection and has one request under way, and repairs what it gets wrong:
 *
 * - Its times: it takes the answer for that of the oldest request it remembers, so one lost request makes every later time of the
 *   connection too long. Here the clock runs from the newest one.
 * - An answer that announces the connection's end: it sends the next request on it all the same. That one is sent again on a new
 *   connection; it counts once, from there.
 * - A connection that ends and then reports an error: it opens a connection for each of the two. Only the newest one lives.
 * - An answer that ends with its connection, or is cut off in the middle: its parser is neither told of the end nor cleared.
 * - A certificate that is not valid: it accepts any.
 */
import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { EngineError } from '../../errors/engine-error.ts'
import type { ErrorKind } from '../../run.ts'
import type { Milliseconds } from '../../stats/histogram.ts'
import { errorKind, shortageOf } from '../../transport-error.ts'
import type { Ended } from './recorder.ts'

/** What is used of the client; the parts without a method of their own in autocannon's manual are looked for before they are relied on. */
export type Client = EventEmitter & {
  readonly conn: Socket & { readonly authorized?: boolean; readonly authorizationError?: unknown }
  readonly parser: { reinitialize(type: 'RESPONSE'): void; finish(): unknown }
  readonly pipelinedRequests: { clear(): void }
  readonly requestIterator: { readonly currentRequest: { readonly endpoint?: string } }
  readonly reqsMade: number
  /** The client leaves when it has made so many requests. */
  responseMax: number | undefined
  destroy(): void
}

type UnderWay = Pick<Ended, 'sentAt' | 'setup' | 'endpoint'>

export type Observer = {
  readonly started: (now: Milliseconds) => void
  readonly ended: (request: Ended) => void
  readonly interrupted: (now: Milliseconds) => void
  /** Sent on a connection whose end had been announced, and so once more. */
  readonly sentAgain: () => void
  /** This machine lacks what a connection needs, such as file descriptors. */
  readonly short: (code: string) => void
}

const check = (client: Client): void => {
  const isKnown =
    typeof client.conn?.once === 'function' &&
    typeof client.parser?.reinitialize === 'function' &&
    typeof client.parser.finish === 'function' &&
    typeof client.pipelinedRequests?.clear === 'function' &&
    typeof client.requestIterator?.currentRequest === 'object' &&
    typeof client.reqsMade === 'number'
  if (!isKnown)
    throw new EngineError(
      'This autocannon is built differently from version 9.0, whose connections this program knows how to watch. Without that its figures can not be believed. Install autocannon 9.0.',
    )
}

/** Node keeps the error's code in its place. */
const certificateError = (reason: unknown): Error => (reason instanceof Error ? reason : Object.assign(new Error(String(reason)), { code: String(reason) }))

export class Connection {
  #socket: Socket | undefined
  /** When the request under way was sent; undefined when there is none. */
  #sentAt: Milliseconds | undefined
  #setup: Milliseconds = 0
  /** The last answer announced that the connection ends with it. */
  #isClosing = false
  /** The request under way was sent on a connection that was about to end. */
  #isDoomed = false
  #isOver = false
  /** Ended without a reason so far. */
  #lost: UnderWay | undefined

  constructor(
    private readonly client: Client,
    private readonly observer: Observer,
    private readonly insecure: boolean,
  ) {
    client.on('request', () => this.#request())
    client.on('headers', ({ shouldKeepAlive }: { shouldKeepAlive: boolean }) => {
      this.#isClosing = !shouldKeepAlive
    })
    client.on('response', (status: number, bytes: number) => this.#response(status, bytes))
    client.on('connError', (error: Error) => this.#error(error))
    client.on('timeout', () => this.#timedOut())
    client.on('done', () => this.#done())
  }

  /** The request under way may still be answered; no other follows it. */
  drain(): void {
    this.client.responseMax = Math.max(1, this.client.reqsMade)
  }

  end(): void {
    this.client.destroy()
  }

  #request(): void {
    if (this.#isOver) return
    const now = performance.now()
    if (this.client.conn !== this.#socket) this.#takeOver(now)
    else this.#isDoomed = this.#isClosing
    this.#sentAt = now
    this.#setup = 0
    if (!this.#isDoomed) this.observer.started(now)
  }

  /** A new connection: whatever became of the last one's request, it ends here. */
  #takeOver(now: Milliseconds): void {
    check(this.client)
    const { conn: socket } = this.client
    this.#retire()
    this.#socket = socket
    this.#isClosing = false
    this.client.pipelinedRequests.clear()
    this.client.parser.reinitialize('RESPONSE')
    if (this.#sentAt !== undefined) this.#lose(now)
    this.#isDoomed = false
    const connected = (): void => {
      if (this.client.conn !== socket || this.#sentAt === undefined) return
      this.#setup = performance.now() - this.#sentAt
      if (socket.authorized === false && !this.insecure) socket.destroy(certificateError(socket.authorizationError))
    }
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected)
    // Before autocannon hears of it: an answer without a length is complete now.
    socket.prependOnceListener('end', () => {
      if (this.client.conn !== socket) return
      this.#isClosing = true
      this.client.parser.finish()
    })
  }

  /** The last connection may be half open still, and would answer into the new one. */
  #retire(): void {
    const socket = this.#socket
    if (socket === undefined || socket.destroyed) return
    socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error')
    socket.on('error', () => {})
    socket.destroy()
  }

  /** autocannon moves on to its next request only after it has said that it sends one. */
  #underWay(sentAt: Milliseconds): UnderWay {
    return { sentAt, setup: this.#setup, endpoint: this.client.requestIterator.currentRequest.endpoint ?? '' }
  }

  /** Gone without an error or an answer: a timeout tells so a moment later, an end without one does not. */
  #lose(now: Milliseconds): void {
    if (this.#isDoomed) {
      this.observer.sentAgain()
      return
    }
    const lost = this.#underWay(this.#sentAt ?? now)
    this.#lost = lost
    queueMicrotask(() => {
      if (this.#lost !== lost) return
      this.#lost = undefined
      this.#fail(lost, 'closed', now)
    })
  }
  #timedOut(): void {
    if (this.#lost === undefined) return
    const lost = this.#lost
    this.#lost = undefined
    this.#fail(lost, 'timeout', performance.now())
  }

  #fail(request: UnderWay, failure: ErrorKind, endedAt: Milliseconds): void {
    this.observer.ended({ ...request, endedAt, status: 0, failure, bytes: 0 })
  }

  #response(status: number, bytes: number): void {
    if (this.#sentAt === undefined || this.#isDoomed) return
    const sentAt = this.#sentAt
    this.#sentAt = undefined
    const failure: ErrorKind | undefined = status >= 400 ? `HTTP ${status}` : status < 200 ? 'protocol' : undefined
    this.observer.ended({ ...this.#underWay(sentAt), endedAt: performance.now(), status, failure, bytes })
  }

  #error(error: Error): void {
    const shortage = shortageOf(error)
    if (shortage !== undefined) this.observer.short(shortage)
    if (this.#sentAt === undefined) return
    const sentAt = this.#sentAt
    this.#sentAt = undefined
    if (this.#isDoomed) this.observer.sentAgain()
    else this.#fail(this.#underWay(sentAt), errorKind(error), performance.now())
  }

  #done(): void {
    this.#isOver = true
    if (this.#sentAt !== undefined && !this.#isDoomed) this.observer.interrupted(performance.now())
    this.#sentAt = undefined
  }
}
