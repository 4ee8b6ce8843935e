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
/** Each answer: to which path, with which status, held how long, and when. */
const answers = []
const line = []
const leaked = []

/** Milliseconds of the next service: always the same, the slow one in its turn, or drawn. */
const draw = () => {
  taken += 1
  if (service.mean !== undefined) return -service.mean * Math.log(1 - random())
  return service.slowEvery !== undefined && taken % service.slowEvery === 0 ? service.slow : service.constant
}

const answer = (job, status) => {
  const at = performance.now()
  answers.push({ path: job.path, number: job.number, status, held: at - job.arrived, at })
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
  const path = request.url.split('?', 1)[0]
  const job = { response, path, number: request.headers['x-arrival'], arrived: performance.now(), ready: 0 }
  total += 1
  if (total > dieAfter) process.kill(process.pid, 'SIGKILL')
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

/** From when numbered arrivals were due, with `gap` between them, until they were answered; the quickest is taken to have been held as long as the quickest was. */
const sinceDue = (succeeded, gap) => {
  const times = succeeded.map(({ number, at }) => at - Number(number) * gap)
  const offset = Math.min(...times) - Math.min(...succeeded.map(({ held }) => held))
  return summary(times.map((time) => time - offset))
}

const countsOf = (values) => {
  const counts = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

/** path: only requests to it · hold: milliseconds for which no answer goes out · gap: see sinceDue */
process.on('message', ({ id, path, hold, gap }) => {
  if (hold !== undefined) heldUntil = performance.now() + hold
  const asked = path === undefined ? answers : answers.filter((answer) => answer.path === path)
  const succeeded = asked.filter(({ status }) => status === 200)
  process.send({
    id,
    requests: path === undefined ? total : (requests.get(path) ?? 0),
    connections,
    statuses: countsOf(asked.map(({ status }) => status)),
    held: summary(succeeded.map(({ held }) => held)),
    ...(gap !== undefined && { sinceDue: sinceDue(succeeded, gap) }),
    work,
    leaked: leaked.length * leak,
    memory: process.memoryUsage().arrayBuffers,
  })
})
process.once('disconnect', () => process.exit())
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => process.send({ port: server.address().port }))
