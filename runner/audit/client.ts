/** One request after the other, on connections that are kept where the server lets them: HTTP/1.1 by Node's own client. */
import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { performance } from 'node:perf_hooks'
import { pinnedTo } from '../safety/pinned-lookup.ts'
import { TimeoutError } from '../transport-error.ts'
import { bodyOf } from './body.ts'
import { unpack } from './unpack.ts'
import type { Exchange, Headers } from './visit.ts'

/** Milliseconds: `idle` without a byte ends in an error, `whole` ends the reading, so that a server that drips does not hold the visit. */
export type Patience = { readonly idle: number; readonly whole: number }
const ordinary: Patience = { idle: 10_000, whole: 60_000 }

const mostUnpacked = 20e6 // bytes; a page or script that is larger is a mistake or an attack

export type Asked = {
  readonly url: URL
  /** Those that were checked. */
  readonly addresses: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** Bytes of the body that are read. */
  readonly limit: number
}

/** `content`: the body unpacked, as far as it was read · `isRead`: to its end, so that the connection can serve again. */
export type Answered = { readonly exchange: Exchange; readonly content: Buffer | undefined; readonly isRead: boolean }

export type Client = { readonly ask: (asked: Asked) => Promise<Answered>; readonly close: () => void }

type Raw = { readonly answer: IncomingMessage; readonly bytes: Buffer; readonly isWhole: boolean; readonly milliseconds: number; readonly setUp: number | null }

const headersOf = ({ headersDistinct }: IncomingMessage): Headers =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values ?? []]))

/** When the new connection was ready, in milliseconds from now; null while it is not, or was there before. */
const watchSetUp = (asked: ClientRequest, isSecure: boolean, started: number): (() => number | null) => {
  let ready: number | null = null
  asked.once('socket', (socket) => {
    if (!asked.reusedSocket)
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        ready = performance.now() - started
      })
  })
  return () => ready
}

/** Reads at most so many bytes for so long; what is left of the answer is left, and its connection with it. */
const readUpTo = (answer: IncomingMessage, limit: number, milliseconds: number): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    const leave = (): void => {
      clearTimeout(timer)
      resolve({ bytes: Buffer.concat(parts), isWhole: false })
      answer.destroy()
    }
    const timer = setTimeout(leave, milliseconds)
    answer.on('data', (part: Buffer) => {
      parts.push(part.subarray(0, Math.max(0, limit - size)))
      size += part.length
      if (size > limit) leave()
    })
    answer.once('end', () => {
      clearTimeout(timer)
      resolve({ bytes: Buffer.concat(parts), isWhole: true })
    })
    answer.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })

/** @param insecure answers of a server that proves nothing are read, too */
export const createClient = (insecure: boolean, patience: Patience = ordinary): Client => {
  const plain = new PlainAgent({ keepAlive: true, maxSockets: 1 })
  const secure = new SecureAgent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: !insecure })

  const send = ({ url, addresses, headers, limit }: Asked): Promise<Raw> =>
    new Promise((resolve, reject) => {
      const started = performance.now()
      const isSecure = url.protocol === 'https:'
      const asked = (isSecure ? secureRequest : plainRequest)(url, { agent: isSecure ? secure : plain, lookup: pinnedTo(addresses), headers })
      const setUp = watchSetUp(asked, isSecure, started)
      asked.setTimeout(patience.idle, () => asked.destroy(new TimeoutError(`nothing came for ${patience.idle / 1000} s`)))
      asked.once('error', (error) => {
        // The server hung up between two requests, as it may: the same request on a new connection tells how it answers.
        if (asked.reusedSocket && 'code' in error && error.code === 'ECONNRESET') send({ url, addresses, headers, limit }).then(resolve, reject)
        else reject(error)
      })
      asked.once('response', (answer) => {
        readUpTo(answer, limit, patience.whole).then(
          ({ bytes, isWhole }) => resolve({ answer, bytes, isWhole, milliseconds: performance.now() - started, setUp: setUp() }),
          reject,
        )
      })
      asked.end()
    })

  return {
    ask: async (asked) => {
      const { answer, bytes, isWhole, milliseconds, setUp } = await send(asked)
      const headers = headersOf(answer)
      const encodings = (headers['content-encoding'] ?? []).flatMap((value) => value.toLowerCase().split(',')).map((each) => each.trim())
      // Of a compressed body that was cut, what came can be unpacked no further than its cut.
      const unpacked = bytes.length === 0 ? ({ state: 'whole', bytes } as const) : await unpack(bytes, encodings, mostUnpacked)
      const content = unpacked.state === 'unreadable' ? undefined : unpacked.bytes
      const body = bodyOf(bytes.length, content, isWhole && unpacked.state !== 'cut', headers)
      return { exchange: { url: asked.url.href, status: answer.statusCode ?? 0, headers, milliseconds, setUp, body }, content, isRead: isWhole }
    },
    close: () => {
      plain.destroy()
      secure.destroy()
    },
  }
}
