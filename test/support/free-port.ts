import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'

const listening = async (port: number): Promise<Server> => {
  const server = createServer()
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return server
}

const closed = async (server: Server): Promise<void> => {
  server.close()
  await once(server, 'close')
}

/** A loopback port that nobody listens on right now. The system hands out others first, so it stays free for a while. */
export const freePort = async (): Promise<number> => {
  const server = await listening(0)
  const { port } = server.address() as AddressInfo
  await closed(server)
  return port
}

/** The first of two free ports in a row. */
export const freePortPair = async (): Promise<number> => {
  for (;;) {
    const port = await freePort()
    try {
      await closed(await listening(port + 1))
      return port
    } catch {
      // Somebody has the second one.
    }
  }
}
