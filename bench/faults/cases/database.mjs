/** Faults between the application and its database. */
import { held, stepped } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

export const database = [
  { name: 'pool of 5', start: startShop(), path: '/slow', shape: stepped(30, 160), illness: 'connection-pool', first: /pool|connections/ },
  { name: 'missing index', start: startShop(), path: '/customer', shape: stepped(10, 200), illness: 'missing-index', first: /select id, total from orders/ },
  { name: 'lock on one row', start: startShop({ pool: 20 }), path: '/stock', shape: stepped(10, 90), illness: 'lock-contention', first: /lock/ },
  { name: 'N+1', start: startShop(), path: '/list', shape: held(15, '36s'), illness: 'n-plus-one' },
]
