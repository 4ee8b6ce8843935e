import { connect } from 'node:http2'
import { Agent, get } from 'node:https'
import { afterEach, expect, test } from 'vitest'
import { startChunked, startCookies, startEcho, startHttp2, startNoKeepAlive, startRedirects, startStatuses, startTls } from './answers.ts'
import type { Target } from './target.ts'

let target: Target | undefined
afterEach(() => target?.stop())
const kept = <T extends Target>(started: T): T => {
  target = started
  return started
}

test('statuses come in turn, and by name', async () => {
  const statuses = kept(await startStatuses(200, 200, 503))
  const seen: Record<string, number> = {}
  for (let n = 0; n < 7; n += 1) {
    const { status } = await fetch(statuses.url)
    seen[status] = (seen[status] ?? 0) + 1
  }
  expect(seen).toEqual(statuses.truth(7))
  expect(seen).toEqual({ 200: 5, 503: 2 })
  expect((await fetch(`${statuses.url}/status/418`)).status).toBe(418)
})

test('redirects lead on, in circles and away', async () => {
  const redirects = kept(await startRedirects())
  expect((await fetch(`${redirects.url}/hops/3`)).status).toBe(200)
  expect(await redirects.requests()).toBe(redirects.truth(3).requests)
  await expect(fetch(`${redirects.url}/loop`)).rejects.toThrow()
  expect((await fetch(`${redirects.url}/away`, { redirect: 'manual' })).headers.get('location')).toBe('http://elsewhere.invalid/')
  expect(await (await fetch(`${redirects.url}/see-other`, { method: 'POST', body: 'x' })).text()).toBe('GET')
  expect(await (await fetch(`${redirects.url}/keep`, { method: 'POST', body: 'x' })).text()).toBe('POST')
})

test('cookies are set, told back and taken back', async () => {
  const cookies = kept(await startCookies())
  const set = await fetch(`${cookies.url}/set?a=1&b=two`)
  expect(set.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=two; Path=/'])
  expect(await (await fetch(cookies.url, { headers: { cookie: 'a=1; b=two=2' } })).json()).toEqual({ a: '1', b: 'two=2' })
  expect((await fetch(`${cookies.url}/clear?a`)).headers.getSetCookie()).toEqual(['a=; Path=/; Max-Age=0'])
  expect(cookies.truth()).toEqual([{}, { a: '1', b: 'two=2' }, {}])
})

test('an echo tells method, URL, headers and body', async () => {
  const echo = kept(await startEcho())
  const answer = await fetch(`${echo.url}/a?b=c`, { method: 'PUT', headers: { 'x-own': 'yes' }, body: '{"d":1}' })
  const sent = await answer.json()
  expect(sent).toMatchObject({ method: 'PUT', url: '/a?b=c', headers: { 'x-own': 'yes' }, body: '{"d":1}' })
  expect(echo.truth()).toEqual([sent])
  expect([await echo.requests('/a'), await echo.requests()]).toEqual([1, 1])
})

test('a certificate of its own is refused unless it is trusted', async () => {
  const tls = kept(await startTls())
  const ask = (ca?: string): Promise<string> =>
    new Promise((resolve) => {
      get(tls.url, { ca }, (response) => resolve(`HTTP ${response.resume().statusCode}`)).on('error', (error: NodeJS.ErrnoException) =>
        resolve(`${error.code}`),
      )
    })
  expect(await ask()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  expect(await ask(tls.certificate)).toBe('HTTP 200')
  expect([tls.truth({ trusts: false }).error, tls.truth({ trusts: true }).error]).toEqual(['tls', undefined])
})

test.each([false, true])('HTTP/2 is spoken, and HTTP/1.1 beside it unless it stands alone (%s)', async (alone) => {
  const http2 = kept(await startHttp2({ alone }))
  const session = connect(http2.url, { rejectUnauthorized: false })
  const second = await new Promise((resolve) => session.request({ ':path': '/' }).setEncoding('utf8').on('data', resolve))
  session.close()
  const first = await new Promise((resolve) => {
    get(http2.url, { agent: new Agent({ rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }) }, (response) =>
      response.setEncoding('utf8').on('data', resolve),
    ).on('error', ({ message }) => resolve(message))
  })
  expect({ version: second }).toEqual(http2.truth({ speaks: '2.0' }))
  if (alone) expect([http2.truth({ speaks: '1.1' }), first]).toEqual([{ error: 'tls' }, expect.stringContaining('no application protocol')])
  else expect({ version: first }).toEqual(http2.truth({ speaks: '1.1' }))
})

test('without keep-alive every request has a connection of its own', async () => {
  const closing = kept(await startNoKeepAlive())
  for (let n = 0; n < 3; n += 1) await (await fetch(closing.url)).text()
  expect(await closing.connections()).toBe(closing.truth(3).connections)
})

test('a chunked body has its whole length', async () => {
  const chunked = kept(await startChunked())
  const answer = await fetch(chunked.url)
  expect(answer.headers.get('content-length')).toBeNull()
  expect((await answer.arrayBuffer()).byteLength).toBe(chunked.truth().bytes)
  expect(chunked.truth().bytes).toBe(1024 * 1024)
})
