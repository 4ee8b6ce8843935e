/** A target in a process of its own (plain JavaScript: Node 20 runs no TypeScript). Its one argument is JSON: {delay: ms, dieAfter?: requests}. */
import { createServer } from 'node:http'

const { delay, dieAfter = Number.POSITIVE_INFINITY } = JSON.parse(process.argv[2])
const requests = new Map()
const held = []
let total = 0
let connections = 0

const answer = (response, arrived) => {
  const now = performance.now()
  // A timer starts from the loop's own clock, which lags behind: it may fire early.
  if (now < arrived + delay) return setTimeout(answer, 1, response, arrived)
  held.push(now - arrived)
  response.end('ok')
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const arrived = performance.now()
  total += 1
  if (total > dieAfter) process.kill(process.pid, 'SIGKILL')
  const path = request.url.split('?', 1)[0]
  requests.set(path, (requests.get(path) ?? 0) + 1)
  request.resume()
  response.setHeader('content-length', 2)
  if (delay === 0) answer(response, arrived)
  else setTimeout(answer, delay, response, arrived)
})
server.on('connection', (socket) => {
  connections += 1
  // Without this a one-packet answer may wait for the client's delayed ACK.
  socket.setNoDelay(true)
})

const quantile = (sorted, p) => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0

process.on('message', ({ id, path }) => {
  const sorted = held.toSorted((a, b) => a - b)
  process.send({
    id,
    requests: path === undefined ? total : (requests.get(path) ?? 0),
    connections,
    held: { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 },
  })
})
process.once('disconnect', () => process.exit())
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => process.send({ port: server.address().port }))
