import { expect, test } from 'vitest'
import { compileAwaits } from '../../../../runner/engines/k6/compile/awaits.ts'

/** A bundle as esbuild writes it, with the journey at its end. */
const bundleOf = (journey: string): string => `import exec from "k6/execution"
import { track } from "https://example.test/track.js"
const journey = (name, run) => ({ name, run })
const synchronousJourney = (name, run) => ({ name, run, isSynchronous: true })
const ids = [1, 2]
const sum = (list) => list.length
const later = () => { Promise.resolve().then(() => ids.push(3)) }
const signIn = async (user, name) => { const page = await user.http.get('/in/' + name); return page.status }
const signOut = async (user) => { await user.http.get('/out') }
const everywhere = { signOut }
${journey}
export { journey as perfJourney, synchronousJourney as perfSynchronous }`

const compiled: readonly (readonly [what: string, journey: string])[] = [
  ['one request', `async ({ http }) => { await http.get('/') }`],
  ['a request that is the whole expression', `async ({ http }) => http.get('/')`],
  ['a hand-written synchronous journey', `({ http }) => { http.get('/') }`],
  ['a hand-written synchronous journey that gives its request', `({ http }) => http.get('/')`],
  ['a user that is not taken apart', `async (user) => { const page = await user.http.get('/'); user.check(page, { ok: (r) => r.ok }) }`],
  ['names of its own', `async ({ http: client, think: wait }) => { await client.get('/'); await wait('1s') }`],
  ['a part taken later', `async (user) => { const { http } = user; const client = http; await client.get('/') }`],
  ['groups within groups', `async ({ http, group }) => { await group('a', async () => { await group('b', () => http.get('/')) }) }`],
  [
    'a group whose value is used',
    `async ({ http, group }) => { const page = await group('a', async () => { const p = await http.get('/'); return p.json() }); sum(page) }`,
  ],
  [
    'loops, conditions and try',
    `async ({ http }) => { for (const id of ids) { try { if ((await http.get('/' + id)).ok) continue } finally { await http.get('/f') } } }`,
  ],
  ['a choice between two requests', `async ({ http, random }) => { await (random() < 0.5 ? http.get('/a') : http.get('/b')) }`],
  ['a batch', `async ({ http }) => { const [first] = await http.batch([['GET', '/']]); first.json() }`],
  ['a helper', `async (user) => { if ((await signIn(user, 'a')) !== 200) return; await user.think('1s') }`],
  ['a helper within', `async ({ http }) => { const visit = async (id) => { await http.get('/' + id) }; for (const id of ids) await visit(id) }`],
  [
    'plain functions',
    `async ({ http, check }) => { const page = await http.get('/'); check(page, { some: ({ body }) => sum(body) > 0 }); ids.map((id) => id + 1) }`,
  ],
  ['no request at all', `async ({ arrival }) => { if (arrival % 4 === 0) throw new Error('every fourth') }`],
  ['a request from try that is waited for', `async ({ http }) => { try { return await http.get('/') } catch { return undefined } }`],
  ['the words in texts', `async ({ http }) => { await http.get('/async await ' + 'await') }`],
]

const left: readonly (readonly [what: string, journey: string, because: string])[] = [
  ['a request not waited for', `async ({ http }) => { http.get('/'); await http.get('/b') }`, 'a call is not waited for'],
  ['a request kept for later', `async ({ http }) => { const page = http.get('/'); await page }`, 'a promise goes elsewhere'],
  ['requests side by side', `async ({ http }) => { await Promise.all([http.get('/a'), http.get('/b')]) }`, 'it waits for something else'],
  ['then', `({ http }) => http.get('/').then(() => http.get('/b'))`, 'it goes on after a promise by itself'],
  ['a promise of its own', `async () => { await new Promise((done) => setTimeout(done, 10)) }`, 'it waits for something else'],
  ['a timer', `async ({ http }) => { setTimeout(() => ids.pop(), 1); await http.get('/') }`, 'it uses setTimeout'],
  ['an await of a value', `async ({ http }) => { await ids; await http.get('/') }`, 'it waits for something else'],
  ['the API in an object', `async ({ http }) => { const box = { http }; await box.http.get('/') }`, 'http goes elsewhere'],
  ['the API given away', `async ({ http }) => { sum(http); await http.get('/') }`, 'the API is given to another function'],
  ['the user given away', `async (user) => { everywhere.user = user; await user.http.get('/') }`, 'user goes elsewhere'],
  ['a computed name', `async ({ http }) => { await http['get']('/') }`, 'it waits for something else'],
  ['a request within map', `async ({ http }) => { ids.map((id) => http.get('/' + id)) }`, 'a function in it calls the API by itself'],
  ['async functions within map', `async ({ http }) => { ids.map(async (id) => { await http.get('/' + id) }) }`, 'an async function in it runs on its own'],
  ['a promise from try', `async ({ http }) => { try { return http.get('/') } catch { return undefined } }`, 'a promise is returned from inside of try'],
  ['a helper that others call, too', `async (user) => { await signOut(user) }`, 'signOut is used elsewhere, too'],
  [
    'a helper that is handed on',
    `async ({ http }) => { const visit = async (id) => { await http.get('/' + id) }; ids.forEach(visit) }`,
    'visit goes elsewhere',
  ],
  ['a helper not waited for', `async (user) => { signIn(user, 'a') }`, 'a call is not waited for'],
  ['a group that gives a promise', `async ({ group }) => { await group('a', () => track('x')) }`, 'it gives what may be a promise'],
  ['a group from elsewhere', `async ({ group }) => { await group('a', later) }`, 'a group is given a function from elsewhere'],
  ['work that goes on', `async ({ http }) => { later(); await http.get('/') }`, 'begin what goes on later'],
  ['work of another module that goes on', `async ({ http }) => { track('x'); await http.get('/') }`, 'it calls another module'],
  ['a loop over promises', `async ({ http }) => { for await (const id of ids) await http.get('/' + id) }`, 'it loops over promises'],
  ['a generator', `function* ({ http }) { yield http.get('/') }`, 'it is a generator'],
  ['the rest of the user', `async ({ think, ...rest }) => { await rest.http.get('/') }`, 'the API is taken apart'],
  ['a part that is exchanged', `async ({ http }) => { http = { get: track }; await http.get('/') }`, 'http goes elsewhere'],
  ['a call that may not be', `async ({ http }) => { await http?.get('/') }`, 'it waits for something else'],
]

for (const [what, run] of compiled)
  test(`${what}: every await goes, and nothing moves`, () => {
    const code = bundleOf(`const one = journey("one", ${run})`)
    const result = compileAwaits(code)
    expect(result.journeys).toEqual([{ name: 'one', because: undefined }])
    expect(result.code.split('\n')).toHaveLength(code.split('\n').length)
    const [line = ''] = result.code.split('\n').filter((each) => each.startsWith('const one'))
    expect(line).toMatch(/^const one = synchronousJourney\("one", /)
    expect(line.length - 'synchronousJourney'.length).toBe(`const one = journey("one", ${run})`.length - 'journey'.length)
    expect(line.replace(/'[^']*'/g, '')).not.toMatch(/\b(async|await)\b/)
    expect(line.replace(/\s+/g, '')).toBe(
      `const one = synchronousJourney("one", ${run})`.replace(/'[^']*'|\b(async|await)\b/g, (text) => (text.startsWith("'") ? text : '')).replace(/\s+/g, ''),
    )
  })

for (const [what, run, because] of left)
  test(`${what}: left as it is, because ${because}`, () => {
    const code = bundleOf(`const one = journey("one", ${run})`)
    const result = compileAwaits(code)
    expect(result.journeys).toHaveLength(1)
    expect(result.journeys[0]?.because).toContain(because)
    expect(result.code).toBe(code)
  })

test('a helper is compiled when all who call it are, and in no journey otherwise', () => {
  const called = `await signIn(user, 'a')`
  const both = compileAwaits(bundleOf(`journey('a', async (user) => { ${called} }); journey('b', async (user) => { ${called}; await user.think('1s') })`))
  expect(both.journeys.map(({ because }) => because)).toEqual([undefined, undefined])
  expect(both.code).toContain(`const signIn =       (user, name) => { const page =       user.http.get`)
  const one = compileAwaits(bundleOf(`journey('a', async (user) => { ${called} }); journey('b', async (user) => { ${called}; await ids })`))
  expect(one.journeys[0]?.because).toBe('signIn is used elsewhere, too')
  expect(one.code).toContain('const signIn = async (user, name)')
})

test('what a journey requests is told, and whether that is all it does', () => {
  const read = (run: string) => {
    const { requests, isOneRequest } = compileAwaits(bundleOf(`journey('a', ${run})`))
    return { requests, isOneRequest }
  }
  expect(read(`async ({ http }) => { await http.post('/cart', { json: { id: 1 } }) }`)).toEqual({
    requests: [{ method: 'POST', url: '/cart' }],
    isOneRequest: true,
  })
  expect(read(`({ http }) => http.request('GET', '/')`)).toEqual({ requests: [{ method: 'GET', url: '/' }], isOneRequest: true })
  expect(read(`async ({ http, check }) => { check(await http.get('/'), {}) }`)).toEqual({ requests: [{ method: 'GET', url: '/' }], isOneRequest: false })
  expect(read(`async ({ http }) => { await http.get('/' + sum(ids)) }`)).toEqual({ requests: [], isOneRequest: false })
  expect(read(`async ({ think }) => { await think('1s') }`)).toEqual({ requests: [], isOneRequest: false })
})

test('a journey is made without its function where that is a written request and nothing else', () => {
  const soleOf = (run: string) => compileAwaits(bundleOf(`journey('a', ${run})`)).sole
  const front = { method: 'GET', url: '/' }
  for (const run of [`async ({ http }) => { await http.get('/') }`, `({ http }) => http.get('/')`, `async (user) => await user.http.request('GET', '/')`])
    expect([run, soleOf(run)]).toEqual([run, front])
  for (const run of [
    `async ({ http }) => { await http.get('/', { timeout: '1s' }) }`,
    `async ({ http }) => { await http.get('/'); await http.get('/') }`,
    `async ({ http: { get } }) => { await get('/') }`,
    `async ({ http, ids = console.log('read') }) => { await http.get('/') }`,
    `async ({ http, check }) => { check(await http.get('/'), {}) }`,
  ])
    expect([run, soleOf(run)]).toEqual([run, undefined])
})

test('a bundle without journeys of ours stays as it is', () => {
  expect(compileAwaits('export const arrive = async () => { await 1 }')).toEqual({
    code: 'export const arrive = async () => { await 1 }',
    journeys: [],
    requests: [],
    isOneRequest: false,
    sole: undefined,
  })
})
