import { describe, expect, test } from 'vitest'
import { headersOf, valuesOf } from '../../../../runner/engines/embedded/answer-head.ts'
import { AnswerParser, ClosedError, ProtocolError } from '../../../../runner/engines/embedded/answer-parser.ts'
import type { Method } from '../../../../scenarios/journey.ts'

type Told = { status: number; headers: Record<string, string>; body: string; isReusable: boolean; rest: number; isDone: boolean }

/** What the parser makes of an answer that comes in pieces of `size` bytes; the memory of each piece is used again, as by a socket. */
const parsed = (text: string, { method = 'GET' as Method, size = Infinity, closes = false } = {}): Told => {
  const bytes = Buffer.from(text, 'latin1')
  const lent = Buffer.alloc(bytes.length)
  const parser = new AnswerParser()
  parser.begin(method)
  let used = 0
  while (used < bytes.length && !parser.isDone) {
    const length = bytes.copy(lent, 0, used, Math.min(bytes.length, used + size))
    used += parser.read(lent, length)
    lent.fill('?')
  }
  if (closes) parser.end()
  const { status, head, body, isReusable, isDone } = parser
  const whole = typeof body === 'string' ? body : Buffer.concat(body).toString('latin1')
  return { status, headers: headersOf(head), body: whole, isReusable, rest: bytes.length - used, isDone }
}

const lines = (...all: readonly string[]): string => all.join('\r\n')
const counted = lines('HTTP/1.1 200 OK', 'Content-Type: text/plain', 'content-length: 11', '', 'hello world')

type How = { readonly method?: Method; readonly closes?: boolean }
const answers: readonly (readonly [string, string, Partial<Told>, How?])[] = [
  ['a body with a length', counted, { status: 200, body: 'hello world', headers: { 'content-type': 'text/plain', 'content-length': '11' }, isReusable: true }],
  ['no body at all', lines('HTTP/1.1 200 OK', 'Content-Length: 0', '', ''), { body: '', isReusable: true }],
  ['a status without a reason', lines('HTTP/1.1 404', 'Content-Length: 0', '', ''), { status: 404 }],
  ['nothing after 204', lines('HTTP/1.1 204 No Content', 'Content-Length: 5', '', ''), { status: 204, body: '', isReusable: true }],
  ['nothing after 304', lines('HTTP/1.1 304 Not Modified', 'Content-Length: 5', '', ''), { status: 304, isReusable: true }],
  ['nothing after HEAD', lines('HTTP/1.1 200 OK', 'Content-Length: 5', '', ''), { body: '', isReusable: true }, { method: 'HEAD' }],
  ['nothing after HEAD in chunks', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', ''), { isReusable: true }, { method: 'HEAD' }],
  ['chunks', lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '5', 'hello', '6;note="a b"', ' world', '0', '', ''), { body: 'hello world' }],
  [
    'chunks with trailers',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked', '', 'A', '0123456789', '000', 'X-Sum: 1', '', ''),
    { body: '0123456789' },
  ],
  ['hints before the answer', lines('HTTP/1.1 103 Early Hints', 'Link: </a>', '', '') + counted, { status: 200, body: 'hello world' }],
  ['a connection that will close', lines('HTTP/1.1 200 OK', 'Connection: Close', 'Content-Length: 2', '', 'ok'), { isReusable: false, body: 'ok' }],
  ['HTTP/1.0', lines('HTTP/1.0 200 OK', 'Content-Length: 2', '', 'ok'), { isReusable: false }],
  ['HTTP/1.0 that stays', lines('HTTP/1.0 200 OK', 'Connection: keep-alive', 'Content-Length: 2', '', 'ok'), { isReusable: true }],
  ['a body up to the end', lines('HTTP/1.1 200 OK', '', 'all of it'), { body: 'all of it', isReusable: false }, { closes: true }],
  ['the same length twice', lines('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 2', '', 'ok'), { body: 'ok' }],
  ['bytes after the end', `${counted}HTTP/1.1 200`, { body: 'hello world', rest: 12 }],
  ['a head longer than a packet', lines('HTTP/1.1 200 OK', `X-Long: ${'x'.repeat(9000)}`, 'Content-Length: 2', '', 'ok'), { body: 'ok' }],
  ['a body longer than a packet', lines('HTTP/1.1 200 OK', 'Content-Length: 10000', '', 'x'.repeat(10_000)), { body: 'x'.repeat(10_000) }],
]

describe.each([Infinity, 1, 2, 3, 7, 64])('in pieces of %d bytes', (size) => {
  for (const [name, text, expected, how] of answers)
    test(name, () => {
      expect(parsed(text, { ...how, size })).toMatchObject({ isDone: true, rest: 0, ...expected })
    })
})

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['another version', lines('HTTP/2.0 200 OK', '', '')],
  ['a status that is no number', lines('HTTP/1.1 OK', '', '')],
  ['a status of four digits', lines('HTTP/1.1 2000 OK', '', '')],
  ['a header without a colon', lines('HTTP/1.1 200 OK', 'nonsense', 'a: b', '', '')],
  ['a header without a name', lines('HTTP/1.1 200 OK', ': b', '', '')],
  ['a blank before the colon', lines('HTTP/1.1 200 OK', 'Content-Length : 5', '', '')],
  ['a folded header', lines('HTTP/1.1 200 OK', 'a: b', ' c: d', '', '')],
  ['two lengths', lines('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 3', '', 'ok')],
  ['a length that is none', lines('HTTP/1.1 200 OK', 'Content-Length: -2', '', 'ok')],
  ['a length and chunks', lines('HTTP/1.1 200 OK', 'Content-Length: 2', 'Transfer-Encoding: chunked', '', '')],
  ['a chunk without a size', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'xyz', '')],
  ['a chunk longer than its size', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', 'okay', '')],
  ['a size without a carriage return', `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '')}2\nok\r\n`],
  ['an upgrade', lines('HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c', '', '')],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(60_000)}`],
])('%s is no HTTP', (_, text) => {
  expect(() => parsed(text)).toThrow(ProtocolError)
})

test.each([
  ['no byte', ''],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-'],
  ['half a body', lines('HTTP/1.1 200 OK', 'Content-Length: 5', '', 'he')],
  ['chunks without the last one', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '5', 'hello', '')],
  ['half a trailer', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '0', 'X-Sum')],
])('an end after %s is no answer', (_, text) => {
  expect(() => parsed(text, { closes: true })).toThrow(ClosedError)
})

test('what the server says about idle connections and cookies is heard', () => {
  const parser = new AnswerParser()
  parser.begin('GET')
  const head = lines('HTTP/1.1 200 OK', 'Keep-Alive: timeout=5, max=100', 'Set-Cookie: a=1', 'set-cookie: b=ü', 'Content-Length: 0', '', '')
  parser.read(Buffer.from(head), Buffer.byteLength(head))
  expect(parser).toMatchObject({ idleLimit: 5000, hasCookies: true })
  expect(valuesOf(parser.head, 'set-cookie')).toEqual(['a=1', 'b=ü'])
  parser.begin('GET')
  expect(parser).toMatchObject({ idleLimit: undefined, hasCookies: false, isDone: false })
})

test('a header named like part of every object is a header', () => {
  expect(headersOf('__proto__: a\r\nconstructor: b\r\nX-Twice: 1\r\nx-twice: 2\r\n')).toEqual(
    Object.fromEntries([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['x-twice', '1, 2'],
    ]),
  )
})
