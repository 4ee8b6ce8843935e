/** What a journey gets back. Headers and body are decoded when they are first read: most journeys read neither. */
import { brotliDecompressSync, inflateRawSync, unzipSync } from 'node:zlib'
import type { HttpResponse } from '../../../scenarios/journey.ts'
import type { TransportError } from '../../run.ts'
import { headersOf } from './answer-head.ts'
import type { Body } from './answer-parser.ts'
import type { Exchange } from './exchange.ts'

/** `deflate` means zlib's format, but some servers send it bare. */
const inflate = (bytes: Buffer): Buffer => ((bytes[0] ?? 0) % 16 === 8 ? unzipSync(bytes) : inflateRawSync(bytes))

const decodings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: unzipSync,
  'x-gzip': unzipSync,
  deflate: inflate,
  br: brotliDecompressSync,
}

const decompressed = (bytes: Buffer, encodings: string | undefined): Buffer => {
  if (encodings === undefined || bytes.length === 0) return bytes
  // Several encodings were applied in the order listed.
  return encodings
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .reverse()
    .reduce((content, encoding) => decodings[encoding]?.(content) ?? content, bytes)
}

const textOf = (bytes: Buffer, contentType: string | undefined): string => {
  const charset = /charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'utf-8'
  if (charset === 'utf-8' || charset === 'utf8') return bytes.toString('utf8')
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return bytes.toString('utf8') // a charset nobody knows
  }
}

const bytesOf = (body: Body): Buffer => {
  if (typeof body === 'string') return Buffer.from(body, 'latin1')
  const [only] = body
  return body.length === 1 && only ? only : Buffer.concat(body)
}

export class Answer implements HttpResponse {
  readonly status: number
  readonly url: string
  readonly ok: boolean
  readonly error: TransportError | undefined
  readonly serviceTime: number
  readonly #head: string
  readonly #raw: Body
  #headers: Record<string, string> | undefined
  #body: string | undefined

  constructor({ status, error, serviceTime, head, body }: Exchange, url: string, ok: boolean) {
    this.status = status
    this.url = url
    this.ok = ok
    this.error = error
    this.serviceTime = serviceTime ?? 0
    this.#head = head
    this.#raw = body
  }

  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= headersOf(this.#head)
    return this.#headers
  }

  get body(): string {
    if (this.#body === undefined) {
      const bytes = bytesOf(this.#raw)
      this.#body = bytes.length === 0 ? '' : textOf(decompressed(bytes, this.headers['content-encoding']), this.headers['content-type'])
    }
    return this.#body
  }

  json<T = unknown>(): T {
    return JSON.parse(this.body) as T
  }
}
