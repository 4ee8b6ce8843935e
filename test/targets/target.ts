/** Servers whose true answer is known. Each module says its truth beside the server, so that a measurement can be held to it. All on loopback. */
import { once } from 'node:events'
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { type AddressInfo, createServer as createRawServer, type Server as RawServer, type Socket } from 'node:net'

export type Target = {
  /** Without a slash at its end. */
  readonly url: string
  /** Requests that reached the server, of one path (query left out) or all. */
  requests(path?: string): Promise<number>
  /** Connections that were opened to it. */
  connections(): Promise<number>
  stop(): Promise<void>
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export class RequestCounts {
  readonly #byPath = new Map<string, number>()

  add(url: string): void {
    const path = url.split('?', 1)[0] ?? '/'
    this.#byPath.set(path, (this.#byPath.get(path) ?? 0) + 1)
  }

  of(path?: string): number {
    if (path !== undefined) return this.#byPath.get(path) ?? 0
    return [...this.#byPath.values()].reduce((sum, count) => sum + count, 0)
  }
}

/** Listens on a free loopback port; `secure` for a server that speaks TLS. */
export const listen = async (server: HttpServer | HttpsServer | RawServer, counts: RequestCounts, secure = false): Promise<Target> => {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A client that goes away is what many of these tests are about.
    socket.on('error', () => {})
  })
  await once(server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests: async (path) => counts.of(path),
    connections: async () => connections,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

export const serve = (handler: Handler): Promise<Target> => {
  const counts = new RequestCounts()
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    counts.add(request.url ?? '/')
    handler(request, response)
  })
  return listen(server, counts)
}

/** A server below HTTP: gets the socket when the head of a request has arrived, and may do to it what node:http would not. */
export const serveRaw = (answer: (socket: Socket) => void): Promise<Target> => {
  const counts = new RequestCounts()
  const server = createRawServer((socket) => {
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      for (let end = heard.indexOf('\r\n\r\n'); end !== -1; end = heard.indexOf('\r\n\r\n')) {
        const head = heard.slice(0, end)
        const bodyLength = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
        if (heard.length < end + 4 + bodyLength) return
        heard = heard.slice(end + 4 + bodyLength)
        counts.add(head.split(' ', 2)[1] ?? '/')
        answer(socket)
      }
    })
  })
  return listen(server, counts)
}
