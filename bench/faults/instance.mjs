/**
 * One of several instances: each answer takes DELAY milliseconds. After a GET /slow it takes that of SLOW, as on a machine whose disk or
 * network has become slow; the program itself has nothing to do meanwhile.
 *   node --import …/health.js instance.mjs   with DELAY, SLOW
 */
import { createServer } from 'node:http'

let delay = Number(process.env.DELAY)
const server = createServer(({ url }, response) => {
  if (url === '/slow') delay = Number(process.env.SLOW)
  setTimeout(() => response.end('done'), delay)
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
