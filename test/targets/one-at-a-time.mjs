/**
 * An instance that serves one request at a time, RATE a second and not one more: each takes its turn of 1 ÷ RATE s in a line of its own. It
 * listens BOOT s after it was started. /state tells what it has done; a preflight is answered and not counted.
 *   node one-at-a-time.mjs PORT RATE BOOT
 */
import { createServer } from 'node:http'

const [port, rate, boot] = process.argv.slice(2).map(Number)
const turn = 1 / rate
const now = () => performance.now() / 1000
const isLoad = ({ headers }) => !/; (preflight|pilot|browser)\)$/.test(headers['user-agent'] ?? '')

let [free, arrived, answered, work] = [0, 0, 0, 0]
let responseTimes = []

const state = () => {
  const times = responseTimes
  responseTimes = []
  // What is under way or waits is work that was begun and isn't done.
  return { arrived, waiting: arrived - answered, busy: work - Math.max(0, free - now()), responseTimes: times }
}

const server = createServer((request, response) => {
  if (request.url === '/state') return response.end(JSON.stringify(state()))
  if (!isLoad(request)) return response.end('ok')
  const came = now()
  arrived += 1
  work += turn
  free = Math.max(free, came) + turn
  setTimeout(
    () => {
      answered += 1
      responseTimes.push(now() - came)
      response.end('ok')
    },
    (free - came) * 1000,
  )
})
server.keepAliveTimeout = 60_000
setTimeout(() => server.listen(port, '127.0.0.1'), boot * 1000)
