/** Nothing is wrong, whatever the load does. */
import { startProxy } from '../proxy.mjs'
import { climbing, held, raised, stepped } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

const roomy = startShop({ group: { quota: 1.5, memory: 512 } })
const small = startShop({ group: { memory: 256 } })

const behindProxy = async (world) => {
  const shop = await startShop()(world)
  const proxy = await startProxy(await world.folder(), { to: shop.url })
  const stop = async () => {
    await proxy.stop()
    await shop.stop()
  }
  return { url: proxy.url, probes: [...shop.probes, proxy.probe, { kind: 'host' }], stop }
}

export const healthy = [
  { name: 'healthy constant', start: startShop(), path: '/', shape: held(40, '45s') },
  { name: 'healthy step', start: startShop(), path: '/', shape: stepped(20, 100) },
  { name: 'healthy slow route below its limit', start: startShop(), path: '/slow', shape: stepped(20, 50) },
  { name: 'healthy work below its limit', start: roomy, path: '/work', shape: stepped(10, 60) },
  { name: 'healthy spike within capacity', start: startShop(), path: '/', shape: raised(20, 120, '8s', '6s') },
  { name: 'healthy behind nginx', start: behindProxy, path: '/', shape: stepped(20, 80) },
  { name: 'healthy cache that fills and settles', start: small, path: '/cached', shape: held(55, '48s') },
  { name: 'healthy at a higher rate', start: startShop(), path: '/', shape: held(250, '40s') },
  { name: 'healthy climb', start: startShop(), path: '/', shape: climbing(10, 120, '50s') },
]
