/**
 * Reads HTTP/1.x answers from a connection's bytes, one at a time (RFC 9112). Strict where leniency would let two answers run into
 * each other: a bare line feed, a folded line, a blank before the colon or two lengths that differ are no HTTP.
 *
 * Our own, because a general client takes twice the processor time of everything else that a request needs (bench/README.md).
 */
import type { Method } from '../../../scenarios/journey.ts'

/** The connection says something that is not HTTP/1.x. */
export class ProtocolError extends Error {
  readonly code = 'PERF_PROTOCOL'
}
/** The connection ended before the answer did. */
export class ClosedError extends Error {
  readonly code = 'PERF_CLOSED'
}

/** Text stands for bytes, a character each (Latin-1): it comes with the head in one piece and mostly is never looked at. */
export type Body = string | readonly Buffer[]

const mostHead = 256 * 1024 // bytes; Node's and nginx's limits are 16 and 32 kB
const mostLine = 16 * 1024 // bytes of a chunk's size line or of a trailer
const atOnce = 4096 // bytes that are turned into text in search of the head's end; more only when it isn't among them

type State = 'head' | 'length' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'until-close' | 'done'

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?\r\n/
const chunkSize = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/

export class AnswerParser {
  status = 0
  /** The header lines, each with its line end, as Latin-1. */
  head = ''
  body: Body = ''
  hasCookies = false
  /** Whether another request may follow on the connection. */
  isReusable = false
  /** Milliseconds for which the server promises to keep the connection when it is idle; undefined when it says nothing. */
  idleLimit: number | undefined
  #state: State = 'done'
  #isHead = false
  #left = 0
  #pending = ''
  #chunks: Buffer[] = []

  /** @param method of the request whose answer comes now */
  begin(method: Method): void {
    this.#isHead = method === 'HEAD'
    this.#state = 'head'
    this.#pending = ''
    this.body = ''
    this.hasCookies = false
    this.idleLimit = undefined
  }

  get isDone(): boolean {
    return this.#state === 'done'
  }

  /**
   * @param length how many of the bytes count; they are copied where they must last
   * @returns how many belong to the answer: fewer than `length` when something follows its end
   * @throws {ProtocolError}
   */
  read(bytes: Buffer, length: number): number {
    let at = 0
    while (at < length && this.#state !== 'done') at = this.#step(bytes, at, length)
    return at
  }

  /** The connection has ended. @throws {ClosedError} in the middle of an answer */
  end(): void {
    if (this.#state !== 'until-close') throw new ClosedError('The connection was closed before the whole answer had come.')
    this.#finish()
  }

  #step(bytes: Buffer, at: number, length: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, at, length)
      case 'length':
      case 'chunk':
        return this.#readCounted(bytes, at, length)
      case 'until-close':
        this.#chunks.push(Buffer.from(bytes.subarray(at, length)))
        return length
      default:
        return this.#readLine(bytes, at, length)
    }
  }

  #readHead(bytes: Buffer, at: number, length: number): number {
    const before = this.#pending.length
    let to = Math.min(length, at + atOnce)
    let text = this.#pending + bytes.toString('latin1', at, to)
    let end = text.indexOf('\r\n\r\n', Math.max(0, before - 3))
    if (end < 0 && to < length) {
      to = length
      text = this.#pending + bytes.toString('latin1', at, to)
      end = text.indexOf('\r\n\r\n', Math.max(0, before - 3))
    }
    if (end < 0) {
      if (text.length > mostHead) throw new ProtocolError(`The answer's head has more than ${mostHead} bytes.`)
      // What is no HTTP may go on for ever without an empty line.
      if (!'HTTP/1.'.startsWith(text.slice(0, 7))) throw new ProtocolError('The answer does not begin with HTTP/1.')
      this.#pending = text
      return to
    }
    const bodyAt = end + 4
    this.#readFields(text, end + 2)
    this.#pending = ''
    if (this.#state === 'length' && text.length - bodyAt >= this.#left) {
      this.body = text.slice(bodyAt, bodyAt + this.#left)
      this.#state = 'done'
      return at + bodyAt - before + this.#left
    }
    return at + bodyAt - before
  }

  /** @param end where the header lines end in `text` */
  #readFields(text: string, end: number): void {
    const match = statusLine.exec(text)
    if (match === null) throw new ProtocolError('The answer does not begin with a status line of HTTP/1.x.')
    this.status = Number(match[2])
    this.isReusable = match[1] === '1'
    let [contentLength, isChunked, hasCoding] = [-1, false, false]
    const start = match[0].length
    for (let line = start; line < end; ) {
      const lineEnd = text.indexOf('\r\n', line)
      const colon = text.indexOf(':', line)
      const first = text.charCodeAt(line)
      if (colon <= line || colon > lineEnd || first === 32 || first === 9 || text.charCodeAt(colon - 1) === 32 || text.charCodeAt(colon - 1) === 9)
        throw new ProtocolError('The answer has a header line without a name.')
      const name = framing(text, line, colon)
      if (name !== undefined) {
        const value = text.slice(colon + 1, lineEnd).trim()
        if (name === 'content-length') contentLength = lengthOf(value, contentLength)
        else if (name === 'set-cookie') this.hasCookies = true
        else if (name === 'transfer-encoding') {
          hasCoding = true
          isChunked = /(?:^|,)\s*chunked$/i.test(value)
        } else if (name === 'connection') this.isReusable = staysOpen(value, this.isReusable)
        else this.idleLimit = idleLimitOf(value)
      }
      line = lineEnd + 2
    }
    if (hasCoding && contentLength >= 0) throw new ProtocolError('The answer has both a length and a transfer coding.')
    this.head = text.slice(start, end)
    this.#frame(contentLength, isChunked, hasCoding)
  }

  #frame(contentLength: number, isChunked: boolean, hasCoding: boolean): void {
    const { status } = this
    if (status === 101) throw new ProtocolError('The answer switches to a protocol that nobody asked for.')
    this.#chunks = []
    if (status < 200)
      this.#state = 'head' // 103 Early Hints and the like; the answer follows
    else if (this.#isHead || status === 204 || status === 304 || (contentLength === 0 && !hasCoding)) this.#state = 'done'
    else if (isChunked) this.#state = 'chunk-size'
    else if (contentLength > 0) {
      this.#state = 'length'
      this.#left = contentLength
    } else {
      this.#state = 'until-close'
      this.isReusable = false
    }
  }

  #readCounted(bytes: Buffer, at: number, length: number): number {
    const to = Math.min(length, at + this.#left)
    this.#chunks.push(Buffer.from(bytes.subarray(at, to)))
    this.#left -= to - at
    if (this.#left > 0) return to
    if (this.#state === 'chunk') this.#state = 'chunk-end'
    else this.#finish()
    return to
  }

  #readLine(bytes: Buffer, at: number, length: number): number {
    const feed = bytes.indexOf(10, at)
    const isWhole = feed >= 0 && feed < length
    const to = isWhole ? feed + 1 : length
    this.#pending += bytes.toString('latin1', at, to)
    if (this.#pending.length > mostLine) throw new ProtocolError(`The answer has a line of more than ${mostLine} bytes between its chunks.`)
    if (!isWhole) return to
    if (!this.#pending.endsWith('\r\n')) throw new ProtocolError('The answer has a line that ends without a carriage return.')
    const line = this.#pending.slice(0, -2)
    this.#pending = ''
    this.#takeLine(line)
    return to
  }

  #takeLine(line: string): void {
    if (this.#state === 'trailers') {
      if (line === '') this.#finish()
    } else if (this.#state === 'chunk-end') {
      if (line !== '') throw new ProtocolError('A chunk of the answer is longer than it says.')
      this.#state = 'chunk-size'
    } else {
      const size = chunkSize.exec(line)?.[1]
      if (size === undefined) throw new ProtocolError('A chunk of the answer does not begin with its size.')
      this.#left = Number.parseInt(size, 16)
      this.#state = this.#left === 0 ? 'trailers' : 'chunk'
    }
  }

  #finish(): void {
    this.body = this.#chunks
    this.#state = 'done'
  }
}

/** The header's name when it says where the answer ends or what comes after it. */
const framing = (text: string, from: number, to: number): string | undefined => {
  const length = to - from
  // Names that matter have 10, 14 or 17 letters; the others needn't be cut out.
  if (length !== 10 && length !== 14 && length !== 17) return undefined
  const name = text.slice(from, to).toLowerCase()
  return names.has(name) ? name : undefined
}
const names: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'set-cookie'])

const lengthOf = (value: string, known: number): number => {
  if (!/^\d{1,15}$/.test(value)) throw new ProtocolError('The answer has a length that is no number.')
  const length = Number(value)
  if (known >= 0 && known !== length) throw new ProtocolError('The answer has two different lengths.')
  return length
}

const staysOpen = (value: string, otherwise: boolean): boolean => {
  if (value === 'keep-alive') return true
  const tokens = value
    .toLowerCase()
    .split(',')
    .map((token) => token.trim())
  return tokens.includes('close') ? false : tokens.includes('keep-alive') || otherwise
}

const idleLimitOf = (value: string): number | undefined => {
  const seconds = /(?:^|[\s,;])timeout\s*=\s*(\d+)/i.exec(value)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
