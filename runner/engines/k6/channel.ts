/** The loopback end of k6's results channel: takes each push in, answers at once, and hands it on afterwards, every push once. */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Channel = {
  readonly port: number
  /** Epoch milliseconds of the last push; the opening's before the first. */
  readonly lastPush: () => number
  /** Pushes that came with another token or path: somebody else talks to this port. */
  readonly refused: () => number
  /** Resolves when everything taken in has been handed on; no push is accepted afterwards. */
  readonly close: () => Promise<void>
}

const sameText = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/**
 * @param token what k6 must say to be believed, see K6_CLOUD_TOKEN
 * @param take gets each body in the order of arrival, outside of the request, so that a slow reader never makes k6 retry
 */
export const openChannel = async (token: string, take: (body: Buffer) => void): Promise<Channel> => {
  const seen = new Set<string>()
  let lastPush = Date.now()
  let refused = 0
  let handing = Promise.resolve()

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isOurs = request.method === 'POST' && request.url?.startsWith('/v2/metrics/') && sameText(request.headers.authorization ?? '', `Token ${token}`)
    if (!isOurs) {
      refused += 1
      response.writeHead(403).end()
      return
    }
    const body = await buffer(request)
    lastPush = Date.now()
    response.writeHead(200).end()
    // A push whose answer got lost comes again with the same key; counted twice it would be load that never was.
    const key = request.headers['k6-idempotency-key']
    if (typeof key === 'string') {
      if (seen.has(key)) return
      seen.add(key)
    }
    handing = handing.then(() => take(body))
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy()) // k6 went away in mid-push; it sends again, or its log says what it lost
  })
  server.keepAliveTimeout = 60_000 // k6 pushes once a second over one connection
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    lastPush: () => lastPush,
    refused: () => refused,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeIdleConnections()
      })
      await handing
    },
  }
}
