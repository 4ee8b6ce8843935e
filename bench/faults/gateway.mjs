/**
 * A gateway that asks a service behind it, and asks again when that takes too long.
 *   node gateway.mjs   with BEHIND (URL), TRIES
 */
import { createServer } from 'node:http'

const patience = 400 // milliseconds

const ask = async (left) => {
  try {
    const answer = await fetch(process.env.BEHIND, { signal: AbortSignal.timeout(patience) })
    await answer.text()
    return answer.status
  } catch {
    return left > 1 ? ask(left - 1) : 504
  }
}

const server = createServer(async (_request, response) => {
  response.statusCode = await ask(Number(process.env.TRIES))
  response.end('done')
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
