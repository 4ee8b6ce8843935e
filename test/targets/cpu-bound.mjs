/**
 * A service whose truth is known: each request takes so many milliseconds of one core, and the process holds so many megabytes.
 * `node cpu-bound.mjs --cpu-ms 18 --megabytes 300`; listens on PORT.
 */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { 'cpu-ms': { type: 'string', default: '10' }, megabytes: { type: 'string', default: '0' } } })
const wanted = Number(values['cpu-ms']) * 1000
const ballast = Buffer.alloc(Number(values.megabytes) * 1e6, 1) // filled, so that the pages are really there

/** By the processor's own account, so that a thread which is kept waiting does not get away with less. */
const work = () => {
  const { user, system } = process.cpuUsage()
  const until = user + system + wanted
  for (;;) {
    const now = process.cpuUsage()
    if (now.user + now.system >= until) return
  }
}

createServer((request, response) => {
  if (request.url !== '/health') work()
  response.end(`${ballast.length}`)
}).listen(Number(process.env.PORT), '127.0.0.1')
