import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Asked, createClient, type Patience } from '../../../runner/audit/client.ts'

let connections = 0

/** Asks a server of this process so many times with one client. */
const ask = async (listener: RequestListener, { times = 1, limit = 1e6, patience }: { times?: number; limit?: number; patience?: Patience } = {}) => {
  const server = createServer(listener)
  connections = 0
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const asked: Asked = { url: new URL(`http://shop.test:${(server.address() as AddressInfo).port}/`), addresses: ['127.0.0.1'], headers: {}, limit }
  const client = createClient(false, patience)
  try {
    const answers = []
    for (let time = 0; time < times; time += 1) answers.push(await client.ask(asked))
    return answers
  } finally {
    client.close()
    server.close()
    server.closeAllConnections()
  }
}

test('connections are kept, and only the first answer has a set-up', async () => {
  const answers = await ask((_, response) => void response.end('x'), { times: 3 })
  expect(connections).toBe(1)
  expect(answers.map(({ exchange }) => exchange.setUp === null)).toEqual([false, true, true])
})

test('a server that hangs up in between is asked once more', async () => {
  let requests = 0
  const answers = await ask(
    (request, response) => {
      requests += 1
      if (requests === 2) request.socket.destroy()
      else response.end('x')
    },
    { times: 2 },
  )
  expect(requests).toBe(3)
  expect(answers.map(({ exchange }) => exchange.status)).toEqual([200, 200])
})

test('a body is measured as sent and as read', async () => {
  const text = 'some text '.repeat(500)
  const [answer] = await ask((_, response) => void response.writeHead(200, { 'content-type': 'text/css', 'content-encoding': 'gzip' }).end(gzipSync(text)))
  expect(answer?.content?.toString()).toBe(text)
  expect(answer?.exchange.body).toMatchObject({
    sent: gzipSync(text).length,
    unpacked: 5000,
    isWhole: true,
    packed: { gzip: gzipSync(text, { level: 6 }).length },
  })
})

test('no more than the limit is read', async () => {
  const [answer] = await ask((_, response) => void response.end(Buffer.alloc(500_000)), { limit: 1000 })
  expect(answer).toMatchObject({ isRead: false, exchange: { body: { sent: 1000, isWhole: false } } })
})

test('a server that drips is left after a while, one that says nothing is an error', async () => {
  const drip: RequestListener = (_, response) => {
    const timer = setInterval(() => response.write('.'), 10)
    response.once('close', () => clearInterval(timer))
  }
  const [answer] = await ask(drip, { patience: { idle: 5000, whole: 200 } })
  expect(answer?.exchange.body.isWhole).toBe(false)
  expect(answer?.exchange.body.sent).toBeGreaterThan(0)
  await expect(ask(() => {}, { patience: { idle: 50, whole: 5000 } })).rejects.toThrow('nothing came for 0.05 s')
})
