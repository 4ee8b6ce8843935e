import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prometheusKind } from '../../../../runner/probes/prometheus/prometheus.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal

let server: Server
let refused: readonly string[] = []
let asked: (string | undefined)[] = []
beforeEach(async () => {
  refused = []
  asked = []
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    const query = url.searchParams.get('query') ?? ''
    asked.push(`${request.headers['user-agent']}: ${request.headers.authorization} ${url.pathname} ${query}`)
    response.statusCode = refused.includes(query) ? 422 : 200
    response.end(
      JSON.stringify(
        refused.includes(query)
          ? { status: 'error', errorType: 'execution', error: 'query timed out' }
          : { status: 'success', data: { resultType: 'scalar', result: [1_700_000_000, '7'] } },
      ),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => server.close())

const probe = () => {
  const { port } = server.address() as AddressInfo
  const given = {
    url: `http://127.0.0.1:${port}/mimir/`,
    queries: { depth: { query: 'depth', limit: 'most' }, age: 'age' },
    headers: { authorization: 'Bearer 42' },
  }
  return prometheusKind.create('queue', prometheusKind.options.parse(given), world)
}

test('a query that fails in mid-run is a gap and a caveat, and the other ones are read', async () => {
  const watching = probe()
  await watching.start(never)
  refused = ['age']
  expect(await watching.read(never)).toEqual([{ name: 'queue.depth', unit: 'count', value: 7, limit: 7 }])
  expect((await watching.stop()).caveats).toMatchObject([
    { code: 'prometheus-query-failed', text: expect.stringContaining('"age" of "queue" failed in 1 of 1 readings: query timed out') },
  ])
})

test('when all of them fail, so does the reading', async () => {
  const watching = probe()
  await watching.start(never)
  refused = ['age', 'depth']
  await expect(watching.read(never)).rejects.toThrow('query timed out')
})

test('the path of the server and the headers are kept, and it is said who asks', async () => {
  await probe().start(never)
  expect(asked).toEqual(['depth', 'most', 'age'].map((query) => `scale-surgeon (probe): Bearer 42 /mimir/api/v1/query ${query}`))
})

test('names of series are checked, and one query at least is needed', () => {
  const parse = (queries: object): boolean => prometheusKind.options.safeParse({ url: 'http://127.0.0.1:1', queries }).success
  expect(parse({ depth: 'depth' })).toBe(true)
  expect(parse({})).toBe(false)
  expect(parse({ 'Queue depth': 'depth' })).toBe(false)
})
