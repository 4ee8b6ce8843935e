/** Somebody turns requests away. */
import { stepped } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

export const limits = [{ name: 'rate limit', start: startShop(), path: '/limited', shape: stepped(30, 90), illness: 'rate-limiting' }]
