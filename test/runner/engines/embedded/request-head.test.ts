import { expect, test } from 'vitest'
import { headOf } from '../../../../runner/engines/embedded/request-head.ts'

const get = { method: 'GET', path: '/', host: 'shop:8080', headers: [], bodyLength: undefined } as const

test('a request without anything of its own', () => {
  expect(headOf(get)).toBe('GET / HTTP/1.1\r\nhost: shop:8080\r\nconnection: keep-alive\r\n\r\n')
})

test.each([
  ['POST', undefined, 'content-length: 0'],
  ['POST', 5, 'content-length: 5'],
  ['GET', 5, 'content-length: 5'],
  ['DELETE', undefined, undefined],
] as const)('%s with a body of %s bytes says %s', (method, bodyLength, expected) => {
  const said = headOf({ ...get, method, bodyLength })
    .split('\r\n')
    .filter((line) => line.startsWith('content-length'))
  expect(said).toEqual(expected === undefined ? [] : [expected])
})

test('host, connection and a length that is right are said once, as the journey wants them', () => {
  const headers = ['Host', 'other', 'Connection', 'close', 'Content-Length', '2', 'X-Umlaut', 'ü']
  expect(headOf({ ...get, method: 'POST', headers, bodyLength: 2 })).toBe(
    'POST / HTTP/1.1\r\nhost: other\r\nconnection: close\r\nX-Umlaut: ü\r\ncontent-length: 2\r\n\r\n',
  )
})

test.each([
  ['a line end in a value', ['x', 'a\r\nhost: evil']],
  ['a line end in a name', ['x\r\ny', 'a']],
  ['a blank in a name', ['bad header', 'x']],
  ['a character beyond Latin-1', ['x', '€']],
  ['a coding of its own', ['transfer-encoding', 'chunked']],
  ['another length than the body has', ['content-length', '7']],
  ['a connection that becomes something else', ['connection', 'upgrade']],
])('%s is no request', (_, headers) => {
  expect(() => headOf({ ...get, headers })).toThrow()
})

test.each(['no-slash', '/a b', '/a\r\nb', '/\u0000'])('the path %j is no request', (path) => {
  expect(() => headOf({ ...get, path })).toThrow('invalid path')
})
