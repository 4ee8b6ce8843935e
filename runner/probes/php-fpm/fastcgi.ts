/** Asks a FastCGI server for a page, as far as a page without a body needs it (FastCGI Specification 1.0, sections 3 and 5). */
import { connect, type NetConnectOpts } from 'node:net'

const version = 1
const types = { begin: 1, end: 3, parameters: 4, input: 5, output: 6 } as const
const responder = 1
const request = 1 // the only one of its connection
const longest = 1_000_000 // bytes

const recordOf = (type: number, content: Buffer = Buffer.alloc(0)): Buffer => {
  const head = Buffer.from([version, type, 0, request, 0, 0, 0, 0])
  head.writeUInt16BE(content.length, 4)
  return Buffer.concat([head, content])
}

/** Names and values shorter than 128 bytes have their lengths in one byte each; longer ones are not needed here. */
const parametersOf = (parameters: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(
    Object.entries(parameters).flatMap(([name, value]) => {
      const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)]
      if (valueBytes.length > 127) throw new Error(`${name} is longer than 127 bytes`)
      return [Buffer.from([nameBytes.length, valueBytes.length]), nameBytes, valueBytes]
    }),
  )

export const requestOf = (path: string, query: string): Buffer =>
  Buffer.concat([
    recordOf(types.begin, Buffer.from([0, responder, 0, 0, 0, 0, 0, 0])), // no flags: the server closes the connection
    recordOf(types.parameters, parametersOf({ REQUEST_METHOD: 'GET', SCRIPT_NAME: path, SCRIPT_FILENAME: path, QUERY_STRING: query })),
    recordOf(types.parameters),
    recordOf(types.input),
  ])

/** The page once its end is among the records; undefined before. Headers of the answer are left out. */
export const pageIn = (received: Buffer): string | undefined => {
  const output: Buffer[] = []
  for (let at = 0; at + 8 <= received.length; ) {
    const end = at + 8 + received.readUInt16BE(at + 4)
    if (end > received.length) return undefined
    if (received[at + 1] === types.output) output.push(received.subarray(at + 8, end))
    if (received[at + 1] === types.end) {
      const answer = Buffer.concat(output).toString()
      const body = /\r?\n\r?\n/.exec(answer)
      return body === null ? answer : answer.slice(body.index + body[0].length)
    }
    at = end + (received[at + 6] ?? 0) // padding
  }
  return undefined
}

/** @throws {Error} whose message says who gave no answer, and why */
export const askFastCgi = ({ hostname, port, pathname }: URL, query: string, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname.replace(/^\[|\]$/g, ''), signal } as NetConnectOpts)
    let received: Buffer = Buffer.alloc(0)
    const fail = (because: string): void => {
      socket.destroy()
      reject(new Error(`${hostname}:${port} gave no answer to ${pathname} (${because})`))
    }
    socket.on('connect', () => socket.write(requestOf(pathname, query)))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const page = pageIn(received)
      if (page !== undefined) {
        socket.destroy()
        resolve(page)
      } else if (received.length > longest) fail('it has no end')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
    socket.on('close', () => fail('it closed the connection'))
  })
