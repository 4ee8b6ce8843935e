/** Somebody turns requests away. */
import { startProxy } from '../proxy.mjs'
import { stepped } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

const behindLimit = async (world) => {
  const shop = await startShop()(world)
  const proxy = await startProxy(await world.folder(), {
    to: shop.url,
    http: 'limit_req_zone $binary_remote_addr zone=all:1m rate=50r/s; limit_req_status 429;',
    location: 'limit_req zone=all burst=20 nodelay;',
  })
  const stop = async () => {
    await proxy.stop()
    await shop.stop()
  }
  return { url: proxy.url, probes: [...shop.probes, proxy.probe], stop }
}

export const limits = [
  { name: 'rate limit', start: startShop(), path: '/limited', shape: stepped(30, 90), illness: 'rate-limiting' },
  { name: 'limit_req', start: behindLimit, path: '/', shape: stepped(30, 90), illness: 'rate-limiting' },
]
