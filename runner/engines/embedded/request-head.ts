/** The text that opens a request on the wire, checked so that nothing in a journey can turn one request into two. */
import type { Method } from '../../../scenarios/journey.ts'

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Latin-1 without controls: a line end in a value would begin another header.
const invalidValue = /[^\t\u0020-\u007e\u0080-\u00ff]/
const invalidPath = /[^\u0021-\u00ff]/
/** Headers by which sender and receiver agree about the connection itself; here that is ours to say. */
const ofConnection: ReadonlySet<string> = new Set(['transfer-encoding', 'keep-alive', 'upgrade', 'expect'])
const bringsBody: ReadonlySet<Method> = new Set(['POST', 'PUT', 'PATCH'])

export type Request = {
  readonly method: Method
  readonly path: string
  /** Name and port, as the header `host` has them. */
  readonly host: string
  /** Alternating name and value. */
  readonly headers: readonly string[]
  /** Bytes; undefined when there is no body. */
  readonly bodyLength: number | undefined
}

/** @throws {Error} when the request can't be valid HTTP/1.1; its message is a clause without a full stop */
export const headOf = ({ method, path, host, headers, bodyLength }: Request): string => {
  if (!token.test(method)) throw new Error(`"${method}" is no method`)
  if (!path.startsWith('/') || invalidPath.test(path)) throw new Error('invalid path')
  let [named, connection, lines] = [host, 'keep-alive', '']
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]]
    const lower = name.toLowerCase()
    if (!token.test(name)) throw new Error(`invalid header name "${name}"`)
    if (invalidValue.test(value) || ofConnection.has(lower)) throw new Error(`invalid ${lower} header`)
    if (lower === 'host') named = value
    else if (lower === 'connection') connection = connectionOf(value)
    else if (lower === 'content-length') checkLength(value, bodyLength ?? 0)
    else lines += `${name}: ${value}\r\n`
  }
  const length = bodyLength ?? (bringsBody.has(method) ? 0 : undefined)
  if (length !== undefined) lines += `content-length: ${length}\r\n`
  return `${method} ${path} HTTP/1.1\r\nhost: ${named}\r\nconnection: ${connection}\r\n${lines}\r\n`
}

const connectionOf = (value: string): string => {
  const wish = value.toLowerCase()
  if (wish !== 'close' && wish !== 'keep-alive') throw new Error('invalid connection header')
  return wish
}

const checkLength = (value: string, length: number): void => {
  if (Number(value) !== length) throw new Error(`content-length is ${value}, but the body has ${length} bytes`)
}
