/**
 * A target whose queue is known: k servers, exponential service by timer, one line in front without an end.
 *   node queue.mjs   with SERVERS and SERVICE (mean, ms); GET / is served, GET /use tells how many servers were busy since it was asked last
 */
import { createServer } from 'node:http'

const servers = Number(process.env.SERVERS ?? 1)
const service = Number(process.env.SERVICE ?? 10)
const line = []
let busy = 0
let busyTime = 0 // servers × ms
let changed = performance.now()
let asked = changed

const change = (by) => {
  const now = performance.now()
  busyTime += busy * (now - changed)
  changed = now
  busy += by
}

/** Timers keep whole milliseconds, and the mean is what counts: the fraction is drawn. */
const drawn = () => {
  const time = -service * Math.log(1 - Math.random())
  return Math.floor(time) + (Math.random() < time % 1 ? 1 : 0)
}

const serve = (response) => {
  change(1)
  setTimeout(() => {
    response.end('served')
    change(-1)
    const next = line.shift()
    if (next !== undefined) serve(next)
  }, drawn())
}

const server = createServer((request, response) => {
  if (request.url === '/use') {
    change(0)
    response.end(`busy ${busyTime / Math.max(1, changed - asked)}\n`)
    busyTime = 0
    asked = changed
  } else if (busy < servers) serve(response)
  else line.push(response)
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
