/** Redis in front of PostgreSQL. */
import { held } from '../shapes.mjs'

const start = async (world) => {
  const postgres = await world.postgres()
  const { startRedis } = await world.tests('support/redis')
  const redis = await startRedis()
  const app = await world.program('cached.mjs', { environment: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } })
  const stop = async () => {
    await app.stop()
    await redis.stop()
  }
  const probes = [
    { kind: 'postgres', url: postgres.url },
    { kind: 'redis', name: 'cache', url: redis.url },
  ]
  return { url: app.url, probes, stop }
}

export const caches = [
  { name: 'cache stampede', start, path: '/report', shape: held(60, '50s'), illness: 'cache-stampede', first: /cache|postgres/ },
  { name: 'healthy cache', start, path: '/product', shape: held(60, '45s') },
]
