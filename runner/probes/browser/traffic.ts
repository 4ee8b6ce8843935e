/** Keeps account of a page's requests as the browser tells them: bytes by kind, what failed, what is under way. */
import type { CDPSession } from 'playwright-core'
import { type TransferKind, transferKinds } from './figures.ts'

type Asked = {
  readonly kind: TransferKind
  readonly host: string
  /** Seconds on the browser's clock. */
  readonly began: number
  ended?: number
  bytes: number
  failed?: string
}

export type Account = {
  readonly requests: number
  readonly failed: number
  /** Requests that were kept from leaving, by host. */
  readonly blocked: ReadonlyMap<string, number>
  readonly bytes: Readonly<Record<TransferKind, number>>
}

const kinds: Readonly<Record<string, TransferKind>> = { Document: 'document', Script: 'script', Stylesheet: 'style', Image: 'image', Font: 'font' }

export class Traffic {
  readonly #asked = new Map<string, Asked>()
  /** Redirects take bytes too. */
  readonly #redirected: { readonly kind: TransferKind; readonly bytes: number }[] = []
  #origin: number | undefined

  /** @param isAllowed whether a host may be contacted: of the others, no request has left */
  constructor(private readonly isAllowed: (host: string) => boolean) {}

  /** From now on, until its page is closed. */
  async follow(session: CDPSession): Promise<void> {
    session.on('Network.requestWillBeSent', ({ requestId, request, type, timestamp, redirectResponse }) => {
      if (!/^https?:/.test(request.url)) return // a data: or blob: address goes nowhere
      const before = this.#asked.get(requestId)
      if (before !== undefined && redirectResponse !== undefined) this.#redirected.push({ kind: before.kind, bytes: redirectResponse.encodedDataLength })
      this.#origin ??= timestamp
      this.#asked.set(requestId, {
        kind: kinds[type ?? ''] ?? 'other',
        host: new URL(request.url).hostname,
        began: before?.began ?? timestamp,
        bytes: 0,
      })
    })
    session.on('Network.responseReceived', ({ requestId, response }) => {
      const asked = this.#asked.get(requestId)
      if (asked !== undefined && response.status >= 400) asked.failed = `HTTP ${response.status}`
    })
    session.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => this.#end(requestId, timestamp, encodedDataLength))
    session.on('Network.loadingFailed', ({ requestId, timestamp, errorText, canceled }) => {
      const asked = this.#asked.get(requestId)
      if (asked !== undefined && canceled !== true) asked.failed = errorText
      this.#end(requestId, timestamp, 0)
    })
    await session.send('Network.enable')
  }

  #end(requestId: string, timestamp: number, bytes: number): void {
    const asked = this.#asked.get(requestId)
    if (asked === undefined) return
    asked.ended = timestamp
    asked.bytes = bytes
  }

  /** Milliseconds since the navigation began, to within the few that the browser takes to begin it. */
  get stretches(): { readonly start: number; readonly end: number | undefined }[] {
    const since = (timestamp: number): number => (timestamp - (this.#origin ?? 0)) * 1000
    return [...this.#asked.values()].map(({ began, ended }) => ({ start: since(began), end: ended === undefined ? undefined : since(ended) }))
  }

  get account(): Account {
    const all = [...this.#asked.values()]
    const outside = all.filter(({ host, failed }) => failed !== undefined && !this.isAllowed(host))
    const blocked = new Map<string, number>()
    for (const { host } of outside) blocked.set(host, (blocked.get(host) ?? 0) + 1)
    const bytesOf = (kind: TransferKind): number => [...all, ...this.#redirected].reduce((sum, each) => sum + (each.kind === kind ? each.bytes : 0), 0)
    return {
      requests: all.length - outside.length,
      failed: all.filter(({ host, failed }) => failed !== undefined && this.isAllowed(host)).length,
      blocked,
      bytes: Object.fromEntries(transferKinds.map((kind) => [kind, bytesOf(kind)])) as Record<TransferKind, number>,
    }
  }
}
