import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rabbitMqKind } from '../../../../runner/probes/rabbitmq/rabbitmq.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal

let server: Server
let answers: Record<string, unknown> = {}
let asked: string[] = []
beforeEach(async () => {
  asked = []
  answers = { '/api/overview': { disable_stats: false, object_totals: { connections: 2, channels: 3 } }, '/api/queues/shop%2Feu': [], '/api/nodes': [] }
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1')
    asked.push(`${request.method} ${pathname} ${request.headers.authorization}`)
    response.end(JSON.stringify(answers[pathname] ?? { error: 'Object Not Found' }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => server.close())

const probe = (given: object = {}) => {
  const { port } = server.address() as AddressInfo
  return rabbitMqKind.create('broker', rabbitMqKind.options.parse({ url: `http://perf:x@127.0.0.1:${port}`, vhost: 'shop/eu', ...given }), world)
}

test('the virtual host, the user and the patterns of names are kept to', async () => {
  answers['/api/queues/shop%2Feu'] = ['orders.new', 'orders.old', 'mail', 'ordersXnew'].map((name) => ({ name, messages_ready: 1 }))
  const watching = probe({ queues: ['orders.*', 'mail'] })
  await watching.start(never)
  const depths = (await watching.read(never)).filter(({ name }) => name.startsWith('broker.depth.'))
  expect(depths.map(({ name }) => name)).toEqual(['broker.depth.orders.new', 'broker.depth.orders.old', 'broker.depth.mail'])
  expect(asked.slice(0, 3)).toEqual(['overview', 'queues/shop%2Feu', 'nodes'].map((what) => `GET /api/${what} Basic ${btoa('perf:x')}`))
})

test('of thousands of queues fifty are read, the same ones all along, and a caveat says how many were not', async () => {
  const queues = Array.from({ length: 200 }, (_, n) => ({ name: `q${n}`, messages_ready: n }))
  answers['/api/queues/shop%2Feu'] = queues
  const watching = probe()
  await watching.start(never)
  answers['/api/queues/shop%2Feu'] = queues.toReversed()
  const names = (await watching.read(never)).map(({ name }) => name).filter((name) => name.startsWith('broker.depth.'))
  expect(new Set(names)).toEqual(new Set(Array.from({ length: 50 }, (_, n) => `broker.depth.q${n}`)))
  expect((await watching.stop()).caveats).toMatchObject([{ code: 'rabbitmq-queues-left-out', text: expect.stringMatching(/^150 queues of "broker"/) }])
})

test('a server that collects no statistics, and one that is no RabbitMQ, are told before the load', async () => {
  answers['/api/overview'] = { disable_stats: true }
  await expect(probe().start(never)).rejects.toThrow(/collects no statistics \(management\.disable_stats = true\)/)
  answers['/api/overview'] = { object_totals: { connections: 'many' } }
  await expect(probe().start(never)).rejects.toThrow(/is none of the management plugin's: it at "object_totals\.connections" is wrong/)
})
