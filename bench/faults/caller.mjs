/**
 * An application that asks a service for each request over a new connection, and closes it first, as clients without a pool do. The
 * service answers a line with a line; it is in the same process, since only the connections matter.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, createServer as createService } from 'node:net'

const service = createService((socket) => socket.on('data', () => socket.write('pong\n')).on('error', () => {}))
await once(service.listen(0, '127.0.0.1'), 'listening')
const { port } = service.address()

const ask = async () => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('ping\n')
  await once(socket, 'data')
  socket.end()
}

const server = createServer(async (_, response) => {
  try {
    await ask()
  } catch {
    response.statusCode = 502
  }
  response.end('done')
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
