/**
 * A target in a process of its own (plain JavaScript: Node 20 runs no TypeScript). Its one argument is JSON, see Orders in child.ts.
 * A request is taken up when a server of the pool is free, and answered when its service is over; meanwhile it is `held`.
 */
import { createServer } from 'node:http'

const { service, dieAfter = Infinity, pool = { servers: Infinity, places: Infinity }, leak = 0 } = JSON.parse(process.argv[2])

/** mulberry32 */
let state = service.seed ?? 0
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

let [total, connections, busy, heldUntil, taken, work] = [0, 0, 0, 0, 0, 0]
const requests = new Map()
const statuses = {}
const held = []
const line = []
const leaked = []
/** When which arrival was answered, of requests that say their number. */
const answered = []

/** Milliseconds of the next service: always the same, the slow one in its turn, or drawn. */
const draw = () => {
  taken += 1
  if (service.mean !== undefined) return -service.mean * Math.log(1 - random())
  return service.slowEvery !== undefined && taken % service.slowEvery === 0 ? service.slow : service.constant
}

const answer = (job, status) => {
  statuses[status] = (statuses[status] ?? 0) + 1
  if (status === 200) held.push(performance.now() - job.arrived)
  if (job.number !== undefined) answered.push([Number(job.number), performance.now()])
  job.response.writeHead(status, { 'content-length': 2 }).end('ok')
}

const finish = (job) => {
  const left = Math.max(job.ready, heldUntil) - performance.now()
  // A timer starts from the loop's own clock, which lags behind: it may fire early.
  if (left > 0) return setTimeout(finish, left, job)
  answer(job, 200)
  busy -= 1
  const next = line.shift()
  if (next !== undefined) takeUp(next)
}

const takeUp = (job) => {
  busy += 1
  const time = draw()
  work += time
  job.ready = Math.max(performance.now(), heldUntil) + time
  finish(job)
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const job = { response, arrived: performance.now(), ready: 0, number: request.headers['x-arrival'] }
  total += 1
  if (total > dieAfter) process.kill(process.pid, 'SIGKILL')
  const path = request.url.split('?', 1)[0]
  requests.set(path, (requests.get(path) ?? 0) + 1)
  request.resume()
  if (leak > 0) leaked.push(Buffer.alloc(leak, 1))
  if (busy < pool.servers) takeUp(job)
  else if (line.length < pool.places) line.push(job)
  else answer(job, 503)
})
server.on('connection', (socket) => {
  connections += 1
  // Without this a one-packet answer may wait for the client's delayed ACK.
  socket.setNoDelay(true)
})

const quantile = (sorted, p) => sorted[Math.max(1, Math.ceil(p * sorted.length - 1e-9)) - 1] ?? 0

const summary = (times) => {
  const sorted = times.toSorted((a, b) => a - b)
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 }
}

/** From when arrivals were due, with `gap` between them, until they were answered; the quickest is taken to have been held as long as the quickest was. */
const sinceDue = (gap) => {
  const times = answered.map(([number, at]) => at - number * gap)
  const offset = Math.min(...times) - Math.min(...held)
  return summary(times.map((time) => time - offset))
}

/** hold: milliseconds for which no answer goes out · forget: what was counted so far */
process.on('message', ({ id, path, hold, forget, gap }) => {
  if (hold !== undefined) heldUntil = performance.now() + hold
  if (forget) {
    total = 0
    taken = 0
    held.length = 0
    answered.length = 0
    for (const status of Object.keys(statuses)) delete statuses[status]
  }
  process.send({
    id,
    requests: path === undefined ? total : (requests.get(path) ?? 0),
    connections,
    statuses,
    held: summary(held),
    ...(gap !== undefined && { sinceDue: sinceDue(gap) }),
    work,
    leaked: leaked.length * leak,
    memory: process.memoryUsage().arrayBuffers,
  })
})
process.once('disconnect', () => process.exit())
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => process.send({ port: server.address().port }))
