/** What a request of the shop is and what an answer is; reading bodies. */
import type { IncomingMessage } from 'node:http'

export type Answer = { readonly status: number; readonly type: string; readonly body: string; readonly headers?: Readonly<Record<string, string>> }

export type Question = {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** @throws {BadRequestError} when the body is longer than allowed */
  readonly body: () => Promise<Buffer>
}

/** The client's mistake, with the status it is answered with. */
export class BadRequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
    this.name = 'BadRequestError'
  }
}

export const jsonText = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body,
  headers,
})
export const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => jsonText(JSON.stringify(value), status, headers)

const mostBytes = 10 * 1024 * 1024

export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes <= mostBytes) chunks.push(chunk)
  }
  // Only now: leaving the loop early would take the connection down before the client has its answer.
  if (bytes > mostBytes) throw new BadRequestError(413, `The body has ${bytes} bytes. At most ${mostBytes} are taken.`)
  return Buffer.concat(chunks)
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequestError(400, 'The body is no JSON.')
  }
}

/** Fields of a form or of a JSON object; everything else has none. */
export const readFields = async ({ headers, body }: Question): Promise<Readonly<Record<string, unknown>>> => {
  const text = (await body()).toString()
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  const value = text === '' ? {} : parseJson(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
