import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createShop } from '../../../runner/demo-shop/shop.ts'
import type { Change } from '../../../runner/demo-shop/switches.ts'
import { userAgentOf } from '../../../runner/user-agent.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const open = async (change?: Change): Promise<(path: string, init?: RequestInit) => Promise<Response>> => {
  const server = createShop(change)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init })
}
const post = (body: unknown): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

describe('a visitor', () => {
  test('finds the front page, its assets and the catalogue', async () => {
    const shop = await open()
    const page = await (await shop('/')).text()
    const links = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
    expect(new Set(links)).toEqual(new Set(['/assets/logo.svg', '/assets/shop.css', '/assets/shop.js']))
    for (const link of links) expect((await shop(link)).status).toBe(200)
    expect(await (await shop('/products?page=10')).json()).toMatchObject({ page: 10, pages: 10 })
    expect((await shop('/products?page=11')).status).toBe(404)
    expect(await (await shop('/products/7')).json()).toMatchObject({ id: 7 })
    expect((await shop('/products/241')).status).toBe(404)
    expect(await (await shop('/search?q=LAMP')).json()).toMatchObject({ found: 12 })
  })

  test('keeps a cart by cookie, buys it once, and comes home with an empty one', async () => {
    const shop = await open()
    const first = await shop('/cart', post({ product: 3, quantity: 2 }))
    expect(await first.json()).toMatchObject({ items: 2 })
    const headers = { cookie: first.headers.get('set-cookie')?.split(';')[0] ?? '' }
    expect(await (await shop('/cart', { headers })).json()).toMatchObject({ items: 2 })
    expect((await shop('/checkout', { method: 'POST', headers, body: new URLSearchParams({ card: '4' }) })).status).toBe(201)
    expect((await shop('/checkout', { method: 'POST', headers })).status).toBe(409)
  })

  test('logs in with a form, and is known by the cookie afterwards', async () => {
    const shop = await open()
    const fields = (password: string) => ({ method: 'POST', body: new URLSearchParams({ user: 'ann', password }) })
    expect((await shop('/login', fields('guess'))).status).toBe(401)
    const headers = { cookie: (await shop('/login', fields('secret'))).headers.get('set-cookie')?.split(';')[0] ?? '' }
    expect(await (await shop('/account', { headers })).json()).toEqual({ user: 'ann' })
    expect((await shop('/account')).status).toBe(401)
  })

  test('is sent from the sale to a page of products', async () => {
    const shop = await open()
    const answer = await shop('/sale')
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/products?page=2'])
  })

  test('uploads files in parts', async () => {
    const shop = await open()
    const body = new FormData()
    body.set('note', 'hello')
    body.set('picture', new Blob(['x'.repeat(5000)]), 'picture.png')
    expect(await (await shop('/upload', { method: 'POST', body })).json()).toMatchObject({ parts: 2 })
  })

  test.each([
    ['/cart', '{', 400],
    ['/cart', '{"product": 1, "quantity": -1}', 400],
    ['/cart', '{"product": "__proto__"}', 404],
    ['/upload', 'no parts', 415],
    ['/nowhere', '', 404],
  ])('gets told of a mistake: POST %s with %s is answered with %i', async (path, body, status) => {
    const shop = await open()
    expect((await shop(path, { method: 'POST', body })).status).toBe(status)
  })
})

describe('the switches', () => {
  test('a delay holds every answer back', async () => {
    const shop = await open({ delayMs: 80 })
    const start = performance.now()
    await shop('/assets/shop.css')
    expect(performance.now() - start).toBeGreaterThan(78)
  })

  test('half of the answers fail with an error rate of one half, the same ones each time', async () => {
    const failures = async (): Promise<string> => {
      const shop = await open({ errorRate: 0.5 })
      let statuses = ''
      for (let n = 0; n < 200; n += 1) statuses += (await shop('/assets/logo.svg')).ok ? '.' : 'x'
      return statuses
    }
    const found = await failures()
    expect(found.split('x').length - 1).toBeGreaterThan(75)
    expect(found.split('x').length - 1).toBeLessThan(125)
    expect(await failures()).toBe(found)
  })

  test('a pool without room answers 503', async () => {
    const shop = await open({ pool: 1, queueLimit: 0 })
    const answers = await Promise.all([shop('/products/1'), shop('/products/2'), shop('/products/3')])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 503, 503])
  })

  test('a leak keeps what it is told to', async () => {
    const shop = await open({ leakKbPerRequest: 8 })
    for (let n = 0; n < 5; n += 1) await shop('/assets/logo.svg')
    expect(await (await shop('/stats')).json()).toMatchObject({ memory: { leakedBytes: 5 * 8 * 1024 } })
  })

  test('a slow query holds up searches', async () => {
    const shop = await open({ slowQuery: true })
    const start = performance.now()
    await shop('/search?q=lamp')
    expect(performance.now() - start).toBeGreaterThan(4 * 20 - 2)
  })

  test('change while the shop runs, and refuse what makes no sense', async () => {
    const shop = await open()
    expect(await (await shop('/switches', post({ errorRate: 1 }))).json()).toMatchObject({ errorRate: 1, pool: 8 })
    expect((await shop('/')).status).toBe(500)
    expect((await shop('/health')).status).toBe(200)
    expect((await shop('/switches', post({ errorRate: 2 }))).status).toBe(400)
    expect((await shop('/switches', post({ typo: 2 }))).status).toBe(400)
    expect(await (await shop('/switches')).json()).toMatchObject({ errorRate: 1 })
  })
})

describe('the counts', () => {
  test('are exact by endpoint and status, with preflight requests apart and the control paths left out', async () => {
    const shop = await open()
    for (const id of [1, 2, 999]) await (await shop(`/products/${id}`)).text()
    await shop('/', { headers: { 'user-agent': userAgentOf('1.0.0', 'a-run', 'preflight') } })
    await shop('/stats')
    expect(await (await shop('/stats')).json()).toMatchObject({
      requests: 3,
      endpoints: { 'GET /products/:id': { 200: 2, 404: 1 } },
      preflight: { requests: 1, endpoints: { 'GET /': { 200: 1 } } },
    })
  })

  test('count a request whose client went away, without a status', async () => {
    const shop = await open({ delayMs: 100 })
    await expect(shop('/', { signal: AbortSignal.timeout(20) })).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(await (await shop('/stats')).json()).toMatchObject({ requests: 1, endpoints: { 'GET /': { 0: 1 } } })
  })
})
