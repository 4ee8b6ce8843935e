/**
 * A service that does ten things at a time, 80 ms each, and works on when whoever asked has gone.
 *   node backend.mjs
 */
import { createServer } from 'node:http'

const slots = 10
const waiting = []
let running = 0

const next = () => {
  while (running < slots && waiting.length > 0) {
    running += 1
    const response = waiting.shift()
    setTimeout(() => {
      response.end('done')
      running -= 1
      next()
    }, 80)
  }
}

const server = createServer((_request, response) => {
  waiting.push(response)
  next()
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
