/** Every request of a visit goes through here: paced, counted, and ended by the visit's ceilings. */
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { Answered, Client } from './client.ts'
import type { Connections } from './visit.ts'

export type Limits = {
  /** Of the page and its assets. */
  readonly files: number
  /** Bytes of all bodies. */
  readonly bytes: number
  /** Bytes of one. */
  readonly fileBytes: number
  readonly seconds: number
  /** Requests a second, where the host's owner permits no more. */
  readonly rate: number
}

const longPause = 1000 // milliseconds; after one a server may well have hung up, and does nobody harm by it

type Sent = { readonly url: URL; readonly addresses: readonly string[]; readonly headers: Readonly<Record<string, string>> }

export class Traffic {
  requests = 0
  bytes = 0
  #files = 0
  #lastEnd = -Infinity
  readonly #started = performance.now()
  readonly #origins = new Map<string, { requests: number; later: number; reused: number; setUps: number[]; isOpen: boolean }>()

  constructor(
    private readonly client: Client,
    readonly limits: Limits,
  ) {}

  /** Which ceiling is reached, in words; undefined while there is room for one more file. */
  full(): string | undefined {
    const { files, bytes, seconds } = this.limits
    if (this.#files >= files) return `--max-files ${files} was reached`
    if (this.bytes >= bytes) return `--max-megabytes ${Math.round(bytes / 1e6)} was reached`
    return performance.now() - this.#started >= seconds * 1000 ? `${seconds} s had passed, the most that an audit takes` : undefined
  }

  countFile(): void {
    this.#files += 1
  }

  async ask({ url, addresses, headers }: Sent): Promise<Answered> {
    const wait = this.#lastEnd + 1000 / this.limits.rate - performance.now()
    if (wait > 0) await pause(wait)
    this.requests += 1
    const origin = this.#origins.get(url.origin) ?? { requests: 0, later: 0, reused: 0, setUps: [], isOpen: false }
    this.#origins.set(url.origin, origin)
    const wasOpen = origin.isOpen && wait < longPause
    origin.isOpen = false
    const answered = await this.client.ask({ url, addresses, headers, limit: Math.max(1, Math.min(this.limits.fileBytes, this.limits.bytes - this.bytes)) })
    const { body, setUp } = answered.exchange
    this.#lastEnd = performance.now()
    this.bytes += body.sent
    origin.requests += 1
    if (wasOpen) origin.later += 1
    if (wasOpen && setUp === null) origin.reused += 1
    if (setUp !== null) origin.setUps.push(setUp)
    origin.isOpen = answered.isRead
    return answered
  }

  connections(): Connections[] {
    return [...this.#origins].flatMap(([origin, { requests, later, reused, setUps }]) =>
      setUps.length === 0 ? [] : [{ origin, requests, later, reused, setUp: setUps.reduce((sum, each) => sum + each, 0) / setUps.length }],
    )
  }
}
