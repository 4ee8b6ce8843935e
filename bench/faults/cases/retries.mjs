/** A gateway that asks again, an nginx, and a service that does 125 requests a second. */
import { startProxy } from '../proxy.mjs'
import { raised, stepped } from '../shapes.mjs'

/** @param tries of the gateway */
const start = (tries) => async (world) => {
  const backend = await world.program('backend.mjs')
  const proxy = await startProxy(await world.folder(), { to: backend.url, location: 'proxy_ignore_client_abort on;' })
  const gateway = await world.program('gateway.mjs', { environment: { BEHIND: proxy.url, TRIES: String(tries) } })
  const stop = async () => {
    await gateway.stop()
    await proxy.stop()
    await backend.stop()
  }
  return { url: gateway.url, probes: [proxy.probe], stop }
}

export const retries = [
  { name: 'retry storm', start: start(3), path: '/', shape: raised(40, 170, '6s', '14s'), illness: 'retry-storm', first: /nginx/ },
  { name: 'healthy gateway', start: start(3), path: '/', shape: stepped(15, 40) },
]
