import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { startCookies, startEcho, startRedirects, startStatuses } from '../../../targets/answers.ts'
import { serve } from '../../../targets/target.ts'
import { cellOf, measure, requestsIn, testWithK6 } from './measuring.ts'

const once = { rate: '10/s', duration: '100ms' } as const
const journeyOf = (body: string): string => `export default scenario({ journeys: [journey('one', async (user) => { const { http } = user; ${body} })] })`

testWithK6('every method and every kind of body goes out as it was asked for', async () => {
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
      await http.request('POST', '/multipart', { multipart: { title: 'ü', file: { filename: 'a.txt', content: new Uint8Array([105, 110]), type: 'text/plain' } } })
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
      `--${boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nü\r\n--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nin\r\n--${boundary}--\r\n`,
      `multipart/form-data; boundary=${boundary}`,
    ],
    ['POST', '/empty', '', undefined],
  ])
  const { headers = {} } = sent.get('/get') ?? {}
  expect(headers).toMatchObject({ 'x-mine': 'plan', accept: 'application/json', 'x-perf-run-id': 'test-run' })
  expect(headers['user-agent']).toMatch(/^scale-surgeon\/\d/)
})

testWithK6('what comes back is decoded when it is read, and console lines reach the log', async () => {
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
  const said = log.find((line) => line.includes('said '))?.replace(/^.*said /, '')
  expect(JSON.parse(said ?? '')).toEqual([{ name: 'Zoë' }, '{"name":"Zoë"}', 'a, b', 200, true, `${target.url}/`, null])
})

testWithK6('each hop of a redirect is a request of its own, and one that leaves the boundary is refused before it connects', async () => {
  const target = await startRedirects('http://203.0.113.9/away')
  const { total, error } = await measure({
    target: target.url,
    ...once,
    scenario: journeyOf(`
      const three = await http.get('/hops/3', { expect: 200 })
      const seeOther = await http.post('/see-other', { body: 'x' })
      const keep = await http.put('/keep', { body: 'x' })
      const none = await http.get('/hops/1', { redirects: 0 })
      const away = await http.get('/away', { timeout: '2s' })
      user.check(user, {
        'ends at the end': () => three.status === 200 && three.url.endsWith('/hops/0'),
        'see other becomes GET': () => seeOther.body === 'GET',
        'keep stays PUT': () => keep.body === 'PUT',
        'not followed': () => none.status === 302,
        'refused': () => away.status === 0 && away.error === 'blocked' && !away.ok,
      })`),
  })
  const seen = await target.requests()
  await target.stop()
  expect(error).toBeUndefined()
  expect(total.checks).toEqual(
    Object.fromEntries(
      ['ends at the end', 'see other becomes GET', 'keep stays PUT', 'not followed', 'refused'].map((name) => [name, { passed: 1, failed: 0 }]),
    ),
  )
  expect(seen).toBe(10)
  expect(requestsIn(total)).toBe(11)
  expect(cellOf(total, 'GET /hops/:id').statuses).toEqual({ 302: 4, 200: 1 })
  expect(cellOf(total, 'GET 203.0.113.9/away', 'failure')).toMatchObject({ count: 1, errors: { blocked: 1 }, statuses: { 0: 1 } })
  for (const cell of total.cells) expect(cell.responseTime.count).toBe(cell.count)
})

testWithK6('cookies stay with their user: for one iteration, or for good where the plan says so', async () => {
  const scenario = journeyOf(`await http.get('/set?a=1'); await http.get('/again')`)
  const target = await startCookies()
  await measure({ target: target.url, rate: '4/s', duration: '500ms', scenario, plan: { users: 1 } })
  const fresh = [...target.truth()]
  await measure({ target: target.url, rate: '4/s', duration: '500ms', scenario, plan: { users: 1, keepCookies: true } })
  await target.stop()
  expect(fresh).toEqual([{}, { a: '1' }, {}, { a: '1' }])
  expect(target.truth().slice(4)).toEqual([{}, { a: '1' }, { a: '1' }, { a: '1' }])
})

testWithK6('a status is a failure unless the request expects it', async () => {
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
