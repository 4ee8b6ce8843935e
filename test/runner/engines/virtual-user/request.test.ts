import { expect, test } from 'vitest'
import {
  encodeBody,
  encodeForm,
  encodeMultipart,
  endpointName,
  isExpected,
  joinUrl,
  mergeHeaders,
  originOf,
  pathOf,
  redirectOf,
  resolveLocation,
  withQuery,
} from '../../../../runner/engines/virtual-user/request.ts'

test.each([
  ['http://a', '/cart', 'http://a/cart'],
  ['http://a/app', '/cart', 'http://a/app/cart'],
  ['http://a', 'cart', 'http://a/cart'],
  ['http://a', '', 'http://a'],
  ['http://a/app', '', 'http://a/app'], // the target itself, not the folder of that name
  ['http://a', '/x#part', 'http://a/x'], // fragments never leave the browser
  ['http://a', '/über uns', 'http://a/%C3%BCber%20uns'],
  ['http://a', '/already%20encoded', 'http://a/already%20encoded'],
  ['http://a', 'https://b/x', 'https://b/x'],
])('%s and %s make %s', (base, path, whole) => {
  expect(joinUrl(base, path)).toBe(whole)
})

test('an origin has no default port, no login and no capitals', () => {
  expect(originOf('HTTPS://Name:Pass@Shop.Example:443/A?b')).toBe('https://shop.example')
  expect(originOf('http://shop.example:8080')).toBe('http://shop.example:8080')
  expect(originOf('http://[::1]:80/x')).toBe('http://[::1]')
  expect(originOf('http://shop.example:443/')).toBe('http://shop.example:443')
})

test('a path goes from the first slash to the fragment', () => {
  expect(pathOf('http://a/b/c?d=1#e')).toBe('/b/c?d=1')
  expect(pathOf('http://a?d=1')).toBe('/?d=1')
  expect(pathOf('http://a')).toBe('/')
})

test.each(['http://b/x', '//b/x', '/x', 'x', './x', '../x', '../../../x', 'x/../y', '?q=1', '/a/./b/../c?q=../z', '..', '.', '', '/x y'])(
  'Location "%s" leads where the URL standard says',
  (location) => {
    const current = 'http://a.example:81/one/two?three=3'
    expect(resolveLocation(current, location)).toBe(new URL(location, current).href)
  },
)

test('queries are encoded, added to those there are, and undefined values left out', () => {
  expect(withQuery('/s', { q: 'red & blue', n: 2, all: true, no: undefined })).toBe('/s?q=red%20%26%20blue&n=2&all=true')
  expect(withQuery('/s?a=1#part', { b: 2 })).toBe('/s?a=1&b=2#part')
  expect(withQuery('/s', { no: undefined })).toBe('/s')
})

test('a host other than the target stands in the name', () => {
  expect(endpointName('GET', 'http://a/products/17', 'http://a/')).toBe('GET /products/:id')
  expect(endpointName('GET', 'http://cdn.example/app.js', 'http://a')).toBe('GET cdn.example/app.js')
  expect(endpointName('GET', 'http://a:81/app.js', 'http://a')).toBe('GET a:81/app.js')
})

test('the later header wins, whatever its capitals', () => {
  expect(mergeHeaders({ 'User-Agent': 'a', accept: '*/*' }, undefined, { 'user-agent': 'b' })).toEqual({ accept: '*/*', 'user-agent': 'b' })
})

test.each([
  [301, 'POST', { method: 'GET', keepsBody: false }],
  [302, 'PUT', { method: 'GET', keepsBody: false }],
  [303, 'HEAD', { method: 'HEAD', keepsBody: false }],
  [307, 'POST', { method: 'POST', keepsBody: true }],
  [308, 'DELETE', { method: 'DELETE', keepsBody: true }],
  [304, 'GET', undefined],
  [200, 'GET', undefined],
] as const)('%i after %s goes on as %o', (status, method, expected) => {
  expect(redirectOf(status, method)).toEqual(expected)
})

test('200 to 399 is expected unless the journey says otherwise', () => {
  expect([199, 200, 399, 400].map((status) => isExpected(status, undefined))).toEqual([false, true, true, false])
  expect(isExpected(404, 404)).toBe(true)
  expect(isExpected(200, [201, 204])).toBe(false)
})

test('a form is encoded as browsers do', () => {
  const form = { 'na me': 'a&b=c', sign: "!'()*~-._", n: 1.5, yes: true }
  const entries = Object.entries(form).map(([name, value]): [string, string] => [name, String(value)])
  expect(encodeForm(form).content).toBe(new URLSearchParams(entries).toString())
})

test('a multipart body has a part for each field, with file name and type where there is one', () => {
  const { content, contentType } = encodeMultipart({ title: 'a "b"', pic: { filename: 'p"q.png', content: new Uint8Array([1, 2]), type: 'image/png' } }, 'XX')
  expect(contentType).toBe('multipart/form-data; boundary=XX')
  expect(content).toEqual([
    '--XX\r\nContent-Disposition: form-data; name="title"\r\n\r\na "b"\r\n',
    '--XX\r\nContent-Disposition: form-data; name="pic"; filename="p%22q.png"\r\nContent-Type: image/png\r\n\r\n',
    new Uint8Array([1, 2]),
    '\r\n',
    '--XX--\r\n',
  ])
})

test('each kind of body brings its content type; a raw one brings none', () => {
  expect(encodeBody({ json: { a: [1, null] } }, 'X')).toEqual({ content: '{"a":[1,null]}', contentType: 'application/json' })
  expect(encodeBody({ form: { a: 1 } }, 'X')?.contentType).toBe('application/x-www-form-urlencoded')
  expect(encodeBody({ body: 'raw' }, 'X')).toEqual({ content: 'raw', contentType: undefined })
  expect(encodeBody({}, 'X')).toBeUndefined()
})
