/**
 * A service whose limit is a pool: SERVERS connections, each busy for SERVICE ms by chance, one line without an end in front. It tells a
 * Prometheus of itself under names of its own (GET /metrics), as services do, so that the configuration has to say what they mean.
 *   node shop.mjs   with SERVERS, SERVICE (mean, ms), PORT; prints its port
 */
import { createServer } from 'node:http'

const servers = Number(process.env.SERVERS ?? 4)
const service = Number(process.env.SERVICE ?? 40)
const bounds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 10]
const counts = bounds.map(() => 0)
let [answered, seconds, busy] = [0, 0, 0]
const line = []

const tell = (took) => {
  answered += 1
  seconds += took
  for (const [at, bound] of bounds.entries()) if (took <= bound) counts[at] += 1
}

const serve = ({ response, arrived }) => {
  busy += 1
  setTimeout(
    () => {
      busy -= 1
      response.end('served')
      tell((performance.now() - arrived) / 1000)
      const next = line.shift()
      if (next !== undefined) serve(next)
    },
    -service * Math.log(1 - Math.random()),
  )
}

const metrics = () =>
  [
    `shop_pool_busy ${busy}`,
    `shop_pool_size ${servers}`,
    `shop_queue_length ${line.length}`,
    ...bounds.map((bound, at) => `shop_answer_seconds_bucket{status="200",le="${bound}"} ${counts[at]}`),
    `shop_answer_seconds_bucket{status="200",le="+Inf"} ${answered}`,
    `shop_answer_seconds_sum{status="200"} ${seconds}`,
    `shop_answer_seconds_count{status="200"} ${answered}`,
    `process_cpu_seconds_total ${(process.cpuUsage().user + process.cpuUsage().system) / 1e6}`,
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '',
  ].join('\n')

const server = createServer((request, response) => {
  const job = { response, arrived: performance.now() }
  if (request.url === '/metrics') response.end(metrics())
  else if (busy < servers) serve(job)
  else line.push(job)
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
