import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { userAgentOf } from '../../../runner/user-agent.ts'
import { ownVersion } from '../../../runner/version.ts'
import { startCookies, startEcho, startRedirects, startStatuses } from '../../targets/answers.ts'
import { serve } from '../../targets/target.ts'
import { cellOf, forEachEngine, requestsIn } from './measuring.ts'

const once = { rate: '10/s', duration: '100ms' } as const
/** What a journey said by console.log after the word `said`; k6 puts words of its own before it. */
const saidIn = (log: readonly string[]): string => /said (.*)$/.exec(log.find((line) => line.includes('said ')) ?? '')?.[1] ?? ''

const journeyOf = (body: string): string => `export default scenario({ journeys: [journey('one', async (user) => { const { http } = user; ${body} })] })`

forEachEngine((measure, engine) => {
  test('every method and every kind of body goes out as it was asked for', async () => {
    const target = await startEcho()
    const { error } = await measure({
      target: target.url,
      ...once,
      plan: { headers: { 'x-mine': 'plan', accept: 'text/plain' } },
      scenario: journeyOf(`
      await http.get('/get', { query: { q: 'a b', n: 1, none: undefined }, headers: { Accept: 'application/json' } })
      await http.head('/head')
      await http.post('/json', { json: { a: [1, 'ü'] } })
      await http.put('/form', { form: { 'a b': 'c&d', n: 2 } })
      await http.patch('/raw', { body: 'text', headers: { 'content-type': 'text/x' } })
      await http.delete('/bytes', { body: new Uint8Array([104, 105]) })
      await http.options('/options')
      await http.request('POST', '/multipart', { multipart: { title: 'ü', file: { filename: 'a.txt', content: 'inside', type: 'text/plain' }, raw: { filename: 'b', content: new Uint8Array([105, 110]), type: 'text/x' } } })
      await http.post('/empty')`),
    })
    await target.stop()
    expect(error).toBeUndefined()
    const sent = new Map(target.truth().map((request) => [request.url.split('?')[0], request]))
    const brief = [...sent.values()].map(({ method, url, body, headers }) => [method, url, body, headers['content-type']])
    const multipart = sent.get('/multipart')
    const boundary = multipart?.headers['content-type']?.replace('multipart/form-data; boundary=', '')
    expect(brief).toEqual([
      ['GET', '/get?q=a%20b&n=1', '', undefined],
      ['HEAD', '/head', '', undefined],
      ['POST', '/json', '{"a":[1,"ü"]}', 'application/json'],
      ['PUT', '/form', 'a+b=c%26d&n=2', 'application/x-www-form-urlencoded'],
      ['PATCH', '/raw', 'text', 'text/x'],
      ['DELETE', '/bytes', 'hi', undefined],
      ['OPTIONS', '/options', '', undefined],
      [
        'POST',
        '/multipart',
        `--${boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nü\r\n--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ninside\r\n--${boundary}\r\nContent-Disposition: form-data; name="raw"; filename="b"\r\nContent-Type: text/x\r\n\r\nin\r\n--${boundary}--\r\n`,
        `multipart/form-data; boundary=${boundary}`,
      ],
      ['POST', '/empty', '', undefined],
    ])
    const { headers = {} } = sent.get('/get') ?? {}
    expect(headers).toMatchObject({ 'x-mine': 'plan', accept: 'application/json', 'user-agent': userAgentOf(ownVersion(), 'test-run') })
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual(['x-mine']) // nothing that the target was not told of
    if (engine === 'embedded') expect(await target.connections()).toBe(1) // HEAD and bodies do not cost the connection
  })

  test("a user agent of the journey's own is sent as it stands", async () => {
    const target = await startEcho()
    await measure({
      target: target.url,
      ...once,
      plan: { headers: { 'User-Agent': 'plan' } },
      scenario: journeyOf(`await http.get('/plan'); await http.get('/own', { headers: { 'user-agent': 'own' } })`),
    })
    await target.stop()
    expect(target.truth().map(({ headers }) => headers['user-agent'])).toEqual(['plan', 'own'])
  })

  test('what comes back is decoded when it is read', async () => {
    const target = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', 'X-Twice': ['a', 'b'] })
      response.end(gzipSync('{"name":"Zoë"}'))
    })
    const { log, error } = await measure({
      target: target.url,
      ...once,
      scenario: journeyOf(
        `const answer = await http.get('/'); console.log('said ' + JSON.stringify([answer.json(), answer.body, answer.headers['x-twice'], answer.status, answer.ok, answer.url, answer.error ?? null]))`,
      ),
    })
    await target.stop()
    expect(error).toBeUndefined()
    expect(JSON.parse(saidIn(log))).toEqual([{ name: 'Zoë' }, '{"name":"Zoë"}', 'a, b', 200, true, `${target.url}/`, null])
  })

  test('each hop of a redirect is a request of its own, with the method that the status asks for', async () => {
    const target = await startRedirects()
    const { total, log } = await measure({
      target: target.url,
      ...once,
      scenario: journeyOf(`
      const three = await http.get('/hops/3', { expect: 200 })
      const seeOther = await http.post('/see-other', { body: 'x' })
      const keep = await http.put('/keep', { body: 'x' })
      const none = await http.get('/hops/2', { redirects: 0 })
      const loop = await http.get('/loop', { redirects: 4 })
      console.log('said ' + JSON.stringify([three.status, three.url, seeOther.body, keep.body, none.status, none.ok, loop.status]))`),
    })
    await target.stop()
    expect(JSON.parse(saidIn(log))).toEqual([200, `${target.url}/hops/0`, 'GET', 'PUT', 302, true, 302])
    expect(requestsIn(total)).toBe(await target.requests())
    expect(requestsIn(total)).toBe(4 + 2 + 2 + 1 + 5)
    expect(cellOf(total, 'GET /hops/:id')).toMatchObject({ count: 5, statuses: { 200: 1, 302: 4 } })
    expect(cellOf(total, 'GET /echo').count).toBe(1)
  })

  test('a redirect off the list is refused before a packet is sent, and the hop before it counts', async () => {
    const target = await startRedirects('http://203.0.113.1/')
    const { total, log } = await measure({
      target: target.url,
      ...once,
      scenario: journeyOf(`const away = await http.get('/away'); console.log('said ' + [away.status, away.error, away.ok].join())`),
    })
    await target.stop()
    expect(saidIn(log)).toBe('0,blocked,false')
    expect(cellOf(total, 'GET /away').count).toBe(1)
    expect(cellOf(total, 'GET 203.0.113.1/', 'failure')).toMatchObject({ count: 1, errors: { blocked: 1 }, statuses: { 0: 1 } })
    for (const { count, responseTime } of total.cells) expect(responseTime.count).toBe(count)
    expect(cellOf(total, 'GET 203.0.113.1/', 'failure').responseTime.max).toBeLessThan(2000) // nobody waited for an address that never answers
    expect(total.iterations.unavailable).toBe(0)
  })

  test('a redirect to another origin does not carry the login along', async () => {
    const other = await startEcho()
    const target = await startRedirects(`${other.url}/landing`)
    await measure({ target: target.url, ...once, scenario: journeyOf(`await http.get('/away', { headers: { Authorization: 'Bearer x', 'x-kept': 'yes' } })`) })
    await Promise.all([target.stop(), other.stop()])
    const [landed] = other.truth()
    expect(landed?.headers).toMatchObject({ 'x-kept': 'yes' })
    expect(landed?.headers).not.toHaveProperty('authorization')
  })

  test("a visitor's cookies last for one journey, unless they are to be kept", async () => {
    const scenario = journeyOf(`await http.get('/set?a=1&b=2'); await http.get('/look'); await http.get('/clear?a'); await http.get('/look')`)
    const seen = async (keepCookies: boolean) => {
      const target = await startCookies()
      await measure({ target: target.url, rate: '5/s', duration: '400ms', scenario, plan: { keepCookies, users: 1 } })
      await target.stop()
      return target.truth().map((cookies) => Object.entries(cookies).sort().flat().join(''))
    }
    expect(await seen(false)).toEqual(['', 'a1b2', 'a1b2', 'b2', '', 'a1b2', 'a1b2', 'b2'])
    expect(await seen(true)).toEqual(['', 'a1b2', 'a1b2', 'b2', 'b2', 'a1b2', 'a1b2', 'b2'])
  })

  test('statuses that were not expected are failures under their own names', async () => {
    const target = await startStatuses(200, 404, 503)
    const { total } = await measure({
      target: target.url,
      rate: '60/s',
      duration: '1s',
      scenario: journeyOf(`await http.get('/'); await http.get('/status/418', { expect: [418] })`),
    })
    await target.stop()
    expect(cellOf(total, 'GET /').statuses).toEqual({ 200: 20 })
    expect(cellOf(total, 'GET /', 'failure')).toMatchObject({ count: 40, statuses: { 404: 20, 503: 20 }, errors: { 'HTTP 404': 20, 'HTTP 503': 20 } })
    expect(cellOf(total, 'GET /status/:id').count).toBe(60)
    expect(total.iterations).toMatchObject({ completed: 60, unavailable: 20 }) // a 404 is an answer
  })

  test('what a request expects decides whether its status is a failure', async () => {
    const target = await startStatuses(200)
    const { total } = await measure({
      target: target.url,
      ...once,
      scenario: journeyOf(`
      await http.get('/status/404')
      await http.get('/status/404', { expect: 404, endpoint: 'missing' })
      await http.get('/status/200', { expect: [201, 202], endpoint: 'wanted 201' })
      await http.get('/status/503', { tags: { kind: 'slow' }, endpoint: 'down' })`),
    })
    await target.stop()
    expect(total.cells.map(({ endpoint, outcome, errors }) => [endpoint, outcome, errors])).toEqual([
      ['GET /status/:id', 'failure', { 'HTTP 404': 1 }],
      ['down', 'failure', { 'HTTP 503': 1 }],
      ['missing', 'success', {}],
      ['wanted 201', 'failure', { 'HTTP 200': 1 }],
    ])
    expect(total.metrics).toEqual({ 'requests{kind=slow}': { kind: 'counter', sum: 1 } })
    expect(total.iterations).toMatchObject({ completed: 1, unavailable: 1 })
  })

  test('a batch goes out at once and comes back in the order asked; names and tags are kept', async () => {
    const target = await startEcho()
    const { total, log } = await measure({
      target: target.url,
      ...once,
      scenario: journeyOf(`
      const answers = await http.batch([['GET', '/a'], ['POST', '/b', { json: 1, tags: { kind: 'write' } }], ['GET', '/c/77', { endpoint: 'the third', tags: { kind: 'read' } }]])
      console.log('said ' + answers.map((answer) => answer.json().url).join())`),
    })
    await target.stop()
    expect(saidIn(log)).toBe('/a,/b,/c/77')
    expect(total.cells.map(({ endpoint }) => endpoint)).toEqual(['GET /a', 'POST /b', 'the third'])
    expect(total.metrics).toEqual({ 'requests{kind=write}': { kind: 'counter', sum: 1 }, 'requests{kind=read}': { kind: 'counter', sum: 1 } })
    expect(await target.connections()).toBe(3)
    expect(total.bytesReceived).toBeGreaterThan(300)
    expect(total.bytesSent).toBeGreaterThan(300)
  })

  test('a request that is no HTTP is a mistake of the journey, not a failure of the target', async () => {
    const target = await startEcho()
    const { error, total } = await measure({ target: target.url, ...once, scenario: journeyOf(`await http.get('/', { headers: { 'bad header': 'x' } })`) })
    await target.stop()
    // k6 says nothing that would tell it from another failure.
    if (engine === 'k6') expect(cellOf(total, 'GET /', 'failure').errors).toEqual({ protocol: 1 })
    else expect([String(error), requestsIn(total)]).toEqual([expect.stringContaining("can't be sent"), 0])
    expect(await target.requests()).toBe(0)
  })
})
