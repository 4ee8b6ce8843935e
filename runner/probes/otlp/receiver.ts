/** Takes what a target pushes over OTLP/HTTP, on a port of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Push, pushInJson, pushInProtobuf } from './messages.ts'

const unzipped = promisify(gunzip)

/** Bytes of one push, unpacked; ten thousand points are a few megabytes. */
const largest = 16 * 1024 * 1024

export const path = '/v1/metrics'

/** What a push is answered with when it is not taken. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > largest) throw new Refusal(413, `a push of more than ${largest} bytes came; metrics of one second are smaller`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const unpacked = async (body: Buffer, encoding: string): Promise<Buffer> => {
  if (encoding === 'identity') return body
  if (encoding !== 'gzip') throw new Refusal(415, `a push packed with ${encoding} came; it may be packed with gzip, or not at all`)
  return unzipped(body, { maxOutputLength: largest }).catch((error: NodeJS.ErrnoException) => {
    const isLarge = error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new Refusal(isLarge ? 413 : 400, isLarge ? `a push of more than ${largest} bytes came, unpacked` : `a push came that is not gzip: ${error.message}`)
  })
}

const readers = { 'application/x-protobuf': (body: Buffer) => pushInProtobuf(body), 'application/json': (body: Buffer) => pushInJson(body.toString()) }

const pushIn = async (request: IncomingMessage): Promise<Push> => {
  const { pathname } = new URL(request.url ?? '/', 'http://receiver')
  if (pathname !== path) throw new Refusal(404, `${request.method} ${pathname} was asked for; metrics are taken with POST ${path}, traces and logs are not`)
  if (request.method !== 'POST') throw new Refusal(405, `${request.method} ${path} was asked for; metrics are taken with POST`)
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? ''
  const read = Object.hasOwn(readers, type) ? readers[type as keyof typeof readers] : undefined
  if (read === undefined) throw new Refusal(415, `content of type "${type}" came; protobuf (application/x-protobuf) and JSON (application/json) are taken`)
  const body = await unpacked(await bodyOf(request), request.headers['content-encoding'] ?? 'identity')
  try {
    return read(body)
  } catch (error) {
    throw new Refusal(400, `a push came that is no ${type === 'application/json' ? 'JSON' : 'protobuf'} of metrics: ${(error as Error).message}`)
  }
}

/** Beginning of HTTP/2 without TLS, which is how gRPC begins. */
const http2 = 'PRI * HTTP/2'

export type Receiver = { readonly port: number; close(): Promise<void> }

/**
 * @param taken called with each push @param refused called with the reason why one was not taken
 * @throws {Error} when nobody may listen there
 */
export const receive = async (host: string, port: number, taken: (push: Push) => void, refused: (because: string) => void): Promise<Receiver> => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      taken(await pushIn(request))
      const type = request.headers['content-type']
      // An empty message says that all was taken.
      response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(type?.startsWith('application/json') ? '{}' : '')
    } catch (error) {
      const because = (error as Error).message
      refused(because)
      // The rest of what is too large is not waited for.
      response.writeHead(error instanceof Refusal ? error.status : 400, { 'content-type': 'text/plain', connection: 'close' }).end(`${because}\n`)
    }
  }
  const server: Server = createServer((request, response) => void answer(request, response))
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket) => {
    const isGrpc = error.rawPacket?.toString('latin1').startsWith(http2) === true
    refused(isGrpc ? 'gRPC came (HTTP/2); pushes are taken over HTTP/1.1 only' : `a request came that is no HTTP: ${error.message}`)
    socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
