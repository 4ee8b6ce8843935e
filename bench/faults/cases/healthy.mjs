/** Nothing is wrong, whatever the load does. */
import { held, stepped } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

const roomy = startShop({ group: { quota: 1.5, memory: 512 } })

export const healthy = [
  { name: 'healthy constant', start: startShop(), path: '/', shape: held(40, '45s') },
  { name: 'healthy step', start: startShop(), path: '/', shape: stepped(20, 100) },
  { name: 'healthy slow route below its limit', start: startShop(), path: '/slow', shape: stepped(20, 50) },
  { name: 'healthy work below its limit', start: roomy, path: '/work', shape: stepped(10, 60) },
]
