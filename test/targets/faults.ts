/** Targets that fail below HTTP, each with the kind of error that a run must report. */
import { createServer } from 'node:net'
import type { TransportError } from '../../runner/run.ts'
import { freePort } from '../support/free-port.ts'
import { listen, RequestCounts, serve, serveRaw, type Target } from './target.ts'

export type FaultyTarget = Target & { readonly truth: () => { readonly error: TransportError } }

const failing = (target: Target, error: TransportError): FaultyTarget => ({ ...target, truth: () => ({ error }) })

/** A port that nobody listens on. */
export const startRefused = async (): Promise<FaultyTarget> =>
  failing({ url: `http://127.0.0.1:${await freePort()}`, requests: async () => 0, connections: async () => 0, stop: async () => {} }, 'refused')

/** The connection is reset (RST) as soon as a request has arrived. */
export const startReset = async (): Promise<FaultyTarget> => failing(await serveRaw((socket) => socket.resetAndDestroy()), 'reset')

/** The connection is closed in good order (FIN) instead of an answer. */
export const startCloses = async (): Promise<FaultyTarget> => failing(await serveRaw((socket) => socket.end()), 'closed')

/** 1000 bytes are announced, 500 come, then the connection is closed. */
export const startHalfAnswer = async (): Promise<FaultyTarget> =>
  failing(await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 1000\r\n\r\n${'x'.repeat(500)}`)), 'closed')

/** Something answers, but it speaks no HTTP. */
export const startNoHttp = async (): Promise<FaultyTarget> => failing(await serveRaw((socket) => socket.end('220 mail.invalid ESMTP ready\r\n')), 'protocol')

/** Takes the request and never answers. */
export const startHangs = async (): Promise<FaultyTarget> => failing(await serve(() => {}), 'timeout')

/** Answers the head at once; the end of the body never comes. */
export const startHangsInBody = async (): Promise<FaultyTarget> =>
  failing(await serve((_, response) => void response.writeHead(200, { 'content-length': 1000 }).write('x'.repeat(500))), 'timeout')

/** Takes the client's TLS greeting and never says a word. */
export const startStalledTls = async (): Promise<FaultyTarget> => {
  const deaf = await listen(
    createServer((socket) => void socket.resume()),
    new RequestCounts(),
    true,
  )
  return failing(deaf, 'timeout')
}

/** Accepts connections and reads nothing: what a client sees of a process that is stuck. */
export const startDeaf = async (): Promise<FaultyTarget> => failing(await listen(createServer({ pauseOnConnect: true }), new RequestCounts()), 'timeout')
